use crate::{Error, ErrorKind, Result};

/// `N` random bytes of the operating system.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::new(ErrorKind::Other, "the operating system gave no random bytes").with_source(error)
    })?;
    Ok(bytes)
}

/// 128 random bits as 32 hexadecimal digits.
pub(crate) fn hex() -> Result<String> {
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes()?)))
}

/// `length` random lower-case letters and digits, up to 24: names that differ also where case is folded.
pub(crate) fn word(length: usize) -> Result<String> {
    Ok(word_of(u128::from_ne_bytes(bytes()?), length))
}

/// `length` lower-case letters and digits, up to 24, that stand for a number.
pub(crate) fn word_of(mut bits: u128, length: usize) -> String {
    const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut word = String::with_capacity(length);
    for _ in 0..length {
        word.push(char::from(ALPHABET[usize::try_from(bits % 36).unwrap_or_default()]));
        bits /= 36;
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_a_word_is_random() {
        let words: Vec<String> = (0..64).map(|_| word(24).unwrap()).collect();
        for place in 0..24 {
            let first = words[0].as_bytes()[place];
            assert!(
                words.iter().any(|word| word.as_bytes()[place] != first),
                "the letter at {place} never changes"
            );
        }
    }
}
