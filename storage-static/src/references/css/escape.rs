//! Escapes of CSS: <https://www.w3.org/TR/css-syntax-3/#consume-escaped-code-point>.

/// How many hex digits an escape has at most.
const DIGITS: usize = 6;

/// How long the escape is that begins with the backslash at the start of `rest`.
///
/// A character of several bytes counts with its first one only: the others stand for themselves wherever an escape may be.
pub(super) fn len(rest: &[u8]) -> usize {
    let digits = rest.iter().skip(1).take(DIGITS).take_while(|byte| byte.is_ascii_hexdigit()).count();
    match digits {
        0 => rest.len().min(2),
        _ => 1 + digits + newline_or_space(&rest[1 + digits..]),
    }
}

/// How long the white space is at the start of `rest`, at most one character.
fn newline_or_space(rest: &[u8]) -> usize {
    match rest {
        [b'\r', b'\n', ..] => 2,
        [b' ' | b'\t' | b'\n' | b'\r' | b'\x0c', ..] => 1,
        _ => 0,
    }
}

/// `raw` with its escapes resolved; a backslash before a line's end is a continued line.
pub(crate) fn unescape(raw: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        text.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let length = match rest {
            [_, b'\r', b'\n', ..] => 3,
            [_, b'\n' | b'\r' | b'\x0c', ..] => 2,
            [_, byte, ..] if !byte.is_ascii_hexdigit() => {
                text.push(*byte);
                2
            }
            _ => {
                let length = len(rest);
                let mut utf8 = [0; 4];
                text.extend_from_slice(character(&rest[1..length]).encode_utf8(&mut utf8).as_bytes());
                length
            }
        };
        rest = &rest[length..];
    }
    text.extend_from_slice(rest);
    text
}

/// What hex digits stand for; U+FFFD for nothing, for NUL and for what is no character.
fn character(digits: &[u8]) -> char {
    let hex = digits.iter().filter_map(|digit| char::from(*digit).to_digit(16));
    let code = hex.fold(0, |code: u32, digit| code * 16 + digit);
    char::from_u32(code).filter(|c| *c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_resolved() {
        for (raw, text) in [
            (r"plain", "plain"),
            (r"a\ b", "a b"),
            (r"\(\)\'", "()'"),
            (r"\61 b", "ab"),
            (r"\000061b", "ab"),
            ("\\61\r\nb", "ab"),
            (r"\1F600x", "\u{1f600}x"),
            (r"\0 \d800 \110000 ", "\u{fffd}\u{fffd}\u{fffd}"),
            (r"\é", "é"),
            ("a\\\nb\\\r\nc\\\rd", "abcd"),
            ("end\\", "end\u{fffd}"),
        ] {
            assert_eq!(String::from_utf8(unescape(raw.as_bytes())).unwrap(), text, "{raw}");
        }
    }

    #[test]
    fn an_escape_ends_where_css_says() {
        for (rest, length) in [(r"\61 62", 4), (r"\0000061", 7), (r"\g1", 2), ("\\61\r\n2", 5), (r"\", 1)] {
            assert_eq!(len(rest.as_bytes()), length, "{rest}");
        }
    }
}
