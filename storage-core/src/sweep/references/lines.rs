use crate::{Error, Result};

/// No store has keys of this length: whatever is longer is no list of keys.
pub(super) const MAX_BYTES: usize = 16 * 1024;

/// What some editors write before text ([Unicode, "Byte order mark"](https://www.unicode.org/faq/utf_bom.html#BOM)).
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Cuts text that comes in pieces into keys.
pub(super) struct Lines {
    separator: u8,
    /// The beginning of a line whose end is yet to come.
    begun: Vec<u8>,
    number: u64,
}

impl Lines {
    pub(super) fn new(separator: u8) -> Self {
        Self { separator, begun: Vec::new(), number: 0 }
    }

    /// Gives each key that ends in this piece.
    pub(super) fn feed(&mut self, mut text: &[u8], mut take: impl FnMut(&str) -> Result<()>) -> Result<()> {
        while let Some(end) = text.iter().position(|byte| *byte == self.separator) {
            if self.begun.is_empty() {
                self.end_line(&text[..end], &mut take)?;
            } else {
                let mut line = std::mem::take(&mut self.begun);
                line.extend_from_slice(&text[..end]);
                self.end_line(&line, &mut take)?;
            }
            text = &text[end + 1..];
        }
        self.begun.extend_from_slice(text);
        match self.begun.len() > MAX_BYTES {
            true => Err(self.no_key("is longer than any key", self.number + 1)),
            false => Ok(()),
        }
    }

    /// The last line may have no end.
    pub(super) fn finish(&mut self, mut take: impl FnMut(&str) -> Result<()>) -> Result<()> {
        let line = std::mem::take(&mut self.begun);
        self.end_line(&line, &mut take)
    }

    fn end_line(&mut self, line: &[u8], take: &mut impl FnMut(&str) -> Result<()>) -> Result<()> {
        self.number += 1;
        let line = match self.number {
            1 => line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line),
            _ => line,
        };
        let line = match self.separator {
            b'\n' => line.strip_suffix(b"\r").unwrap_or(line),
            _ => line,
        };
        if line.is_empty() {
            return Ok(());
        }
        if line.len() > MAX_BYTES {
            return Err(self.no_key("is longer than any key", self.number));
        }
        if line.contains(&0) {
            return Err(self
                .no_key("holds a NUL", self.number)
                .with_hint("save the text as UTF-8, or say that its keys are separated by NUL"));
        }
        // A key that cannot be read must not count as no key: its object would be deleted.
        let key = std::str::from_utf8(line).map_err(|_| self.no_key("is not UTF-8", self.number))?;
        take(key)
    }

    fn no_key(&self, what: &str, number: u64) -> Error {
        let unit = if self.separator == 0 { "entry" } else { "line" };
        Error::invalid_input(format!("{unit} {number} of the references {what}")).with_operation("sweep")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(separator: u8, pieces: &[&[u8]]) -> Result<Vec<String>> {
        let (mut lines, mut keys) = (Lines::new(separator), Vec::new());
        for piece in pieces {
            lines.feed(piece, |key| {
                keys.push(key.to_owned());
                Ok(())
            })?;
        }
        lines.finish(|key| {
            keys.push(key.to_owned());
            Ok(())
        })?;
        Ok(keys)
    }

    #[test]
    fn lines_as_editors_and_programs_write_them() {
        for (text, expected) in [
            (&b""[..], &[][..]),
            (b"\n\n\r\n", &[]),
            (b"a\nb", &["a", "b"]),
            (b"\xef\xbb\xbfa\r\n\r\nb c \r\n", &["a", "b c "]),
            (b"a\rb\n\xc3\xbc\n", &["a\rb", "ü"]),
            (b"a\n\xef\xbb\xbfb", &["a", "\u{feff}b"]),
        ] {
            assert_eq!(keys(b'\n', &[text]).unwrap(), expected, "{text:?}");
        }
        assert_eq!(keys(0, &[b"a\nb\r\0\0c"]).unwrap(), ["a\nb\r", "c"]);
    }

    #[test]
    fn what_is_no_key_is_told_with_its_line() {
        let utf16: Vec<u8> = "a\nb\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let long = vec![b'x'; MAX_BYTES + 1];
        let long_line = [&long[..], b"\n"].concat();
        for (text, expected) in [
            (&b"a\n\xfc.jpg\nb"[..], "line 2 of the references is not UTF-8"),
            (&utf16, "line 1 of the references holds a NUL"),
            (&long, "line 1 of the references is longer than any key"),
            (&long_line, "line 1 of the references is longer than any key"),
        ] {
            assert!(keys(b'\n', &[text]).unwrap_err().to_string().contains(expected), "{expected}");
        }
        assert!(keys(0, &[b"a\0\xff"]).unwrap_err().to_string().contains("entry 2"));
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_text_is_cut(text in "[a\u{fc}\r\n]{0,40}", cuts in (0_usize..60, 0_usize..60)) {
            let text = text.as_bytes();
            let (one, two) = (cuts.0.min(cuts.1).min(text.len()), cuts.0.max(cuts.1).min(text.len()));
            let pieces = [&text[..one], &text[one..two], &text[two..]];
            prop_assert_eq!(keys(b'\n', &pieces).unwrap(), keys(b'\n', &[text]).unwrap());
        }
    }
}
