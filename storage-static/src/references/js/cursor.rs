use std::ops::Range;

/// A place in JavaScript, and the parts of it that have no structure of their own: white space, comments, words, strings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) source: &'a [u8],
    pub(super) at: usize,
}

/// A string, or a template without `${…}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Literal {
    /// What stands between its quotes.
    pub(super) span: Range<usize>,
    pub(super) is_escaped: bool,
    pub(super) is_template: bool,
}

/// Where a part of a template ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TemplateEnd {
    Backtick,
    /// `${`
    Substitution,
    EndOfFile,
}

impl<'a> Cursor<'a> {
    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.source.get(self.at + ahead).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.source[self.at..]
    }

    /// Consumes `expected`, if it comes next.
    pub(super) fn eat(&mut self, expected: u8) -> bool {
        let comes = self.peek(0) == Some(expected);
        self.at += usize::from(comes);
        comes
    }

    /// Skips white space and comments.
    pub(super) fn blanks(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\t'..=b'\r' | b' ' => self.at += 1,
                0x80.. => match wide_space(self.rest()) {
                    0 => return,
                    length => self.at += length,
                },
                b'/' => match self.peek(1) {
                    Some(b'/') => self.at = self.line_comment().end,
                    Some(b'*') => _ = self.block_comment(),
                    _ => return,
                },
                _ => return,
            }
        }
    }

    /// Whether nothing but white space and comments comes before the line's end.
    pub(super) fn is_line_over(mut self) -> bool {
        let start = self.at;
        self.blanks();
        let blanks = Cursor { source: &self.source[..self.at], at: start };
        blanks.line_end(start) < self.at
    }

    /// What comes after `//` in the line.
    pub(super) fn line_comment(&mut self) -> Range<usize> {
        let start = self.at + 2;
        self.at = self.line_end(start);
        start..self.at
    }

    /// What stands in `/* … */`, and whether that is closed.
    pub(super) fn block_comment(&mut self) -> (Range<usize>, bool) {
        let start = self.at + 2;
        let mut from = start;
        while let Some(star) = memchr::memchr(b'*', &self.source[from..]) {
            from += star + 1;
            if self.source.get(from) == Some(&b'/') {
                self.at = from + 1;
                return (start..from - 1, true);
            }
        }
        self.at = self.source.len();
        (start..self.at, false)
    }

    /// Where the line ends in which `from` is: at LF, CR, U+2028, U+2029 or the end of the file.
    pub(super) fn line_end(&self, mut from: usize) -> usize {
        while let Some(found) = memchr::memchr3(b'\n', b'\r', 0xe2, &self.source[from..]) {
            from += found;
            if starts_with_line_end(&self.source[from..]) {
                return from;
            }
            from += 1;
        }
        self.source.len()
    }

    /// Consumes an identifier or a keyword; it may be empty. Escapes are part of it.
    pub(super) fn word(&mut self) -> &'a [u8] {
        let start = self.at;
        while let Some(byte) = self.peek(0) {
            match byte {
                _ if is_word(byte) => self.at += 1,
                0x80.. if wide_space(self.rest()) == 0 => self.at += 1,
                b'\\' if self.rest().starts_with(b"\\u{") => {
                    self.at += 3;
                    self.at += self.rest().iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
                    self.eat(b'}');
                }
                b'\\' => self.at += 1,
                _ => break,
            }
        }
        &self.source[start..self.at]
    }

    /// Consumes the string that begins here. Nothing if its line or the file ends in it: the cursor is there then.
    pub(super) fn string(&mut self) -> Option<Literal> {
        let quote = self.peek(0)?;
        self.at += 1;
        let start = self.at;
        let mut is_escaped = false;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' => {
                    is_escaped = true;
                    let is_crlf = self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n');
                    self.at = self.source.len().min(self.at + 2 + usize::from(is_crlf));
                }
                b'\n' | b'\r' => return None,
                _ if byte == quote => {
                    self.at += 1;
                    return Some(Literal { span: start..self.at - 1, is_escaped, is_template: false });
                }
                _ => self.at += 1,
            }
        }
        None
    }

    /// Consumes a part of a template, from behind its backtick or the brace that closes a substitution.
    pub(super) fn template_part(&mut self) -> TemplateEnd {
        while let Some(found) = memchr::memchr3(b'`', b'\\', b'$', self.rest()) {
            self.at += found;
            match self.rest() {
                [b'`', ..] => {
                    self.at += 1;
                    return TemplateEnd::Backtick;
                }
                [b'$', b'{', ..] => {
                    self.at += 2;
                    return TemplateEnd::Substitution;
                }
                [b'\\', _, ..] => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at = self.source.len();
        TemplateEnd::EndOfFile
    }

    /// Consumes a string, or a template without substitutions, if one comes next.
    pub(super) fn literal(&mut self) -> Option<Literal> {
        match self.peek(0)? {
            b'"' | b'\'' => self.string(),
            b'`' => {
                self.at += 1;
                let start = self.at;
                if self.template_part() != TemplateEnd::Backtick {
                    return None;
                }
                let span = start..self.at - 1;
                let is_escaped = memchr::memchr2(b'\\', b'\r', &self.source[span.clone()]).is_some();
                Some(Literal { span, is_escaped, is_template: true })
            }
            _ => None,
        }
    }

    /// Consumes a regular expression with its flags; false if its line ends in it, and then nothing is consumed.
    pub(super) fn regex(&mut self) -> bool {
        let mut end = self.at + 1;
        let mut is_class = false;
        while let Some(byte) = self.source.get(end) {
            match byte {
                b'\\' if !matches!(self.source.get(end + 1), Some(b'\n' | b'\r')) => end += 1,
                b'[' => is_class = true,
                b']' => is_class = false,
                b'/' if !is_class => {
                    self.at = end + 1;
                    self.word();
                    return true;
                }
                b'\n' | b'\r' => return false,
                0xe2 if starts_with_line_end(&self.source[end..]) => return false,
                _ => {}
            }
            end += 1;
        }
        false
    }
}

/// Whether a byte is always part of a word.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')
}

fn starts_with_line_end(rest: &[u8]) -> bool {
    matches!(rest, [b'\n' | b'\r', ..] | [0xe2, 0x80, 0xa8 | 0xa9, ..])
}

/// How long the white space or line's end outside of ASCII is at the start of `rest`: ECMA-262, sections 12.2 and 12.3.
pub(super) fn wide_space(rest: &[u8]) -> usize {
    match rest {
        [0xc2, 0xa0, ..] => 2,
        [0xe1, 0x9a, 0x80, ..]
        | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..]
        | [0xe2, 0x81, 0x9f, ..]
        | [0xe3, 0x80, 0x80, ..]
        | [0xef, 0xbb, 0xbf, ..] => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(source: &str) -> Cursor<'_> {
        Cursor { source: source.as_bytes(), at: 0 }
    }

    #[test]
    fn a_regular_expression_ends_at_its_slash() {
        for (source, end) in [
            ("/a/ b", Some(3)),
            ("/[/]/gi.x", Some(7)),
            (r"/\//;", Some(4)),
            (r"/[\]/]/", Some(7)),
            ("/a\n/", None),
            ("/a\\\n/", None),
            ("/a\u{2028}/", None),
            ("/\u{e2}\u{2030}/", Some(7)),
            ("/a", None),
        ] {
            let mut cursor = cursor(source);
            let found = cursor.regex().then_some(cursor.at);
            assert_eq!(found, end, "{source}");
        }
    }

    #[test]
    fn blanks_are_white_space_and_comments() {
        for (source, rest) in [
            (" \t\r\n\u{a0}\u{feff}\u{2029}x", "x"),
            ("/* * / **/// y\u{2028}x", "x"),
            ("// a\rx", "x"),
            ("/* x", ""),
            ("/x", "/x"),
            ("\u{e9}x", "\u{e9}x"),
        ] {
            let mut cursor = cursor(source);
            cursor.blanks();
            assert_eq!(cursor.rest(), rest.as_bytes(), "{source}");
        }
    }

    #[test]
    fn words_end_where_identifiers_do() {
        for (source, word) in [
            ("a$_1 b", "a$_1"),
            ("\u{e9}t\u{e9}\u{a0}b", "\u{e9}t\u{e9}"),
            (r"\u0061b\u{63}d.e", r"\u0061b\u{63}d"),
            (".a", ""),
        ] {
            assert_eq!(cursor(source).word(), word.as_bytes(), "{source}");
        }
    }
}
