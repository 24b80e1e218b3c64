/// A digest of so many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digest<const N: usize>(pub(super) [u8; N]);

/// From hexadecimal digits, as `sha256sum` and `md5sum` print them.
pub(super) fn parse<const N: usize>(text: &str) -> Result<Digest<N>, String> {
    let rule = || format!("it is written as {} hexadecimal digits", 2 * N);
    if text.len() != 2 * N || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(rule());
    }
    let mut digest = [0; N];
    for (byte, at) in digest.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| rule())?;
    }
    Ok(Digest(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_the_right_number() {
        assert_eq!(parse("00fFa1"), Ok(Digest([0, 255, 0xa1])));
        for bad in ["", "00ff", "00ffa", "00ffa1b2", "00ffg1", "+0ffa1", "üüü"] {
            assert!(parse::<3>(bad).is_err(), "{bad}");
        }
    }
}
