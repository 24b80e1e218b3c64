//! Escapes in strings and templates of JavaScript: ECMA-262, section 12.9.4.

use crate::encoded::hex;

/// `raw` with its escapes resolved. What has no meaning stays; half of a surrogate pair is U+FFFD.
pub(crate) fn unescape(raw: &[u8]) -> Vec<u8> {
    let mut text = Text { bytes: Vec::with_capacity(raw.len()), high: None };
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        text.push(&rest[..at]);
        rest = escape(&rest[at + 1..], &mut text);
    }
    text.push(rest);
    text.settle();
    text.bytes
}

/// What is written, and the first half of a surrogate pair whose second may come.
struct Text {
    bytes: Vec<u8>,
    high: Option<u32>,
}

/// Resolves the escape whose backslash comes before `rest`; what comes after it.
fn escape<'a>(rest: &'a [u8], text: &mut Text) -> &'a [u8] {
    let Some((byte, after)) = rest.split_first() else {
        text.push(b"\\");
        return rest;
    };
    let single = match byte {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'v' => 11,
        b'f' => 12,
        b'x' | b'u' => {
            if let Some((code, length)) = coded(rest) {
                text.push_code(code);
                return &rest[length..];
            }
            *byte
        }
        b'0'..=b'7' => {
            let (code, length) = octal(rest);
            text.push_code(code);
            return &rest[length..];
        }
        b'\r' => return after.strip_prefix(b"\n").unwrap_or(after),
        b'\n' => return after,
        0xe2 if matches!(after, [0x80, 0xa8 | 0xa9, ..]) => return &after[2..],
        _ => *byte,
    };
    text.push(&[single]);
    after
}

/// The code in `xHH`, `uHHHH` or `u{H…}`, and how long that is.
fn coded(rest: &[u8]) -> Option<(u32, usize)> {
    let (digits, length) = match rest {
        [b'x', ..] => (rest.get(1..3)?, 3),
        [_, b'{', braced @ ..] => {
            let end = memchr::memchr(b'}', braced)?;
            (&braced[..end], end + 3)
        }
        _ => (rest.get(1..5)?, 5),
    };
    let mut code = 0_u32;
    for digit in digits {
        code = (code * 16 + u32::from(hex(*digit)?)).min(0x0011_0000);
    }
    (!digits.is_empty()).then_some((code, length))
}

/// An octal escape of sloppy scripts (Annex B.1.2): at most 0o377.
fn octal(rest: &[u8]) -> (u32, usize) {
    let limit = if rest[0] <= b'3' { 3 } else { 2 };
    let digits = rest.iter().take(limit).take_while(|digit| matches!(digit, b'0'..=b'7'));
    digits.fold((0, 0), |(code, length), digit| (code * 8 + u32::from(digit - b'0'), length + 1))
}

impl Text {
    fn push(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.settle();
            self.bytes.extend_from_slice(bytes);
        }
    }

    fn push_code(&mut self, code: u32) {
        match (self.high.take(), code) {
            (Some(high), 0xdc00..=0xdfff) => {
                self.push_char(0x1_0000 + ((high - 0xd800) << 10) + (code - 0xdc00));
            }
            (waiting, _) => {
                self.high = waiting;
                self.settle();
                match code {
                    0xd800..=0xdbff => self.high = Some(code),
                    _ => self.push_char(code),
                }
            }
        }
    }

    /// The second half of a surrogate pair does not come any more.
    fn settle(&mut self) {
        if let Some(high) = self.high.take() {
            self.push_char(high);
        }
    }

    fn push_char(&mut self, code: u32) {
        let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        self.bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_resolved() {
        for (raw, text) in [
            ("plain", "plain"),
            (r"a\/b\'\`\$\\", r"a/b'`$\"),
            (r"\n\t\r\b\v\f", "\n\t\r\u{8}\u{b}\u{c}"),
            (r"\x2e\u002f\u{61}\u{1f600}", "./a\u{1f600}"),
            (r"\ud83d\ude00", "\u{1f600}"),
            (r"\ud83dx\ude00\ud83d", "\u{fffd}x\u{fffd}\u{fffd}"),
            (r"\ud83d\ud83d\ude00", "\u{fffd}\u{1f600}"),
            (r"\0\61\377\400", "\u{0}1\u{ff} 0"),
            ("a\\\nb\\\r\nc\\\rd\\\u{2028}e", "abcde"),
            (r"\u{110000}\u{ffffffffff}", "\u{fffd}\u{fffd}"),
            (r"\xg1\u12", "xg1u12"),
            (r"\é", "é"),
            ("end\\", "end\\"),
        ] {
            assert_eq!(String::from_utf8(unescape(raw.as_bytes())).unwrap(), text, "{raw}");
        }
    }
}
