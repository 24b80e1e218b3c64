use std::ops::Range;

use super::escape;

/// A token of CSS, as much of it as says where references are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// `/* … */`: what stands between. Unclosed at the end of the file if `is_closed` is false.
    Comment { body: Range<usize>, is_closed: bool },
    /// White space.
    Space,
    /// `name(`; but `url(` is followed by a quote: else it is a [`Token::Url`].
    Function(Name),
    /// `@name`
    AtKeyword(Name),
    /// `"…"` or `'…'`: what stands between.
    Text { span: Range<usize>, is_escaped: bool },
    /// `url(…)` without quotes: what stands between, without the white space around it.
    Url { span: Range<usize>, is_escaped: bool },
    /// A string that a line's end cuts off, or a `url(` with something in it that may not be there.
    Bad,
    /// `(`, `[` or `{`
    Open(u8),
    /// `)`, `]` or `}`
    Close(u8),
    /// `;`
    Semicolon,
    /// Anything else.
    Other,
}

/// The name in a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    span: Range<usize>,
    is_escaped: bool,
}

impl Name {
    /// Whether it is `expected` (in lower case), written in whatever case.
    pub(super) fn is(&self, source: &[u8], expected: &str) -> bool {
        let raw = &source[self.span.clone()];
        match self.is_escaped {
            false => raw.eq_ignore_ascii_case(expected.as_bytes()),
            true => escape::unescape(raw).eq_ignore_ascii_case(expected.as_bytes()),
        }
    }
}

/// Cuts CSS into tokens by the rules of CSS Syntax Level 3, section 4: never fails, and looks at no byte more than a few times.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    source: &'a [u8],
    /// Where the next token begins.
    pub(super) at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(source: &'a [u8]) -> Self {
        // The byte order mark is the decoder's, not the tokenizer's.
        let at = if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Self { source, at }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.source.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'a [u8] {
        &self.source[self.at..]
    }

    fn comment(&mut self) -> Token {
        let start = self.at + 2;
        let mut from = start;
        while let Some(star) = memchr::memchr(b'*', &self.source[from..]) {
            from += star + 1;
            if self.source.get(from) == Some(&b'/') {
                self.at = from + 1;
                return Token::Comment { body: start..from - 1, is_closed: true };
            }
        }
        self.at = self.source.len();
        Token::Comment { body: start..self.at, is_closed: false }
    }

    fn space(&mut self) {
        while self.peek(0).is_some_and(is_space) {
            self.at += 1;
        }
    }

    fn text(&mut self, quote: u8) -> Token {
        self.at += 1;
        let start = self.at;
        let mut is_escaped = false;
        while let Some(byte) = self.peek(0) {
            match byte {
                // At the end of the file it stands for nothing.
                b'\\' if self.peek(1).is_none() => {
                    self.at += 1;
                    return Token::Text { span: start..self.at - 1, is_escaped };
                }
                b'\\' => {
                    is_escaped = true;
                    let crlf = self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n');
                    self.at += if crlf { 3 } else { escape::len(self.rest()) };
                }
                b'\n' | b'\r' | b'\x0c' => return Token::Bad,
                _ if byte == quote => {
                    self.at += 1;
                    return Token::Text { span: start..self.at - 1, is_escaped };
                }
                _ => self.at += 1,
            }
        }
        Token::Text { span: start..self.at, is_escaped }
    }

    /// Consumes a name; it may be empty.
    fn name(&mut self) -> Name {
        let start = self.at;
        let mut is_escaped = false;
        loop {
            match self.peek(0) {
                Some(byte) if is_name(byte) => self.at += 1,
                Some(b'\\') if self.is_escape(0) => {
                    is_escaped = true;
                    self.at += escape::len(self.rest());
                }
                _ => return Name { span: start..self.at, is_escaped },
            }
        }
    }

    /// A name, a function or an unquoted URL.
    fn name_like(&mut self) -> Token {
        let name = self.name();
        if self.peek(0) != Some(b'(') {
            return Token::Other;
        }
        self.at += 1;
        if !name.is(self.source, "url") {
            return Token::Function(name);
        }
        let spaces = self.rest().iter().take_while(|byte| is_space(**byte)).count();
        if let Some(b'"' | b'\'') = self.peek(spaces) {
            return Token::Function(name);
        }
        self.at += spaces;
        self.url()
    }

    fn url(&mut self) -> Token {
        let start = self.at;
        let mut is_escaped = false;
        while let Some(byte) = self.peek(0) {
            match byte {
                b')' => {
                    self.at += 1;
                    return Token::Url { span: start..self.at - 1, is_escaped };
                }
                b'\\' if self.is_escape(0) => {
                    is_escaped = true;
                    self.at += escape::len(self.rest());
                }
                _ if is_space(byte) => {
                    let end = self.at;
                    self.space();
                    return match self.peek(0) {
                        None => Token::Url { span: start..end, is_escaped },
                        Some(b')') => {
                            self.at += 1;
                            Token::Url { span: start..end, is_escaped }
                        }
                        Some(_) => self.bad_url(),
                    };
                }
                b'"' | b'\'' | b'(' | b'\\' | 1..=8 | 0x0b | 0x0e..=0x1f | 0x7f => return self.bad_url(),
                _ => self.at += 1,
            }
        }
        Token::Url { span: start..self.at, is_escaped }
    }

    fn bad_url(&mut self) -> Token {
        while let Some(byte) = self.peek(0) {
            match byte {
                b')' => {
                    self.at += 1;
                    break;
                }
                b'\\' if self.is_escape(0) => self.at += escape::len(self.rest()),
                _ => self.at += 1,
            }
        }
        Token::Bad
    }

    /// A number, with its unit if it has one.
    fn number(&mut self) {
        self.at += usize::from(matches!(self.peek(0), Some(b'+' | b'-')));
        self.digits();
        if self.peek(0) == Some(b'.') && self.is_digit(1) {
            self.at += 1;
            self.digits();
        }
        if let Some(b'e' | b'E') = self.peek(0) {
            let sign = usize::from(matches!(self.peek(1), Some(b'+' | b'-')));
            if self.is_digit(1 + sign) {
                self.at += 1 + sign;
                self.digits();
            }
        }
        if self.starts_name(0) {
            self.name();
        }
    }

    fn digits(&mut self) {
        while self.is_digit(0) {
            self.at += 1;
        }
    }

    fn is_digit(&self, ahead: usize) -> bool {
        self.peek(ahead).is_some_and(|byte| byte.is_ascii_digit())
    }

    fn starts_number(&self) -> bool {
        let sign = usize::from(matches!(self.peek(0), Some(b'+' | b'-')));
        self.is_digit(sign) || self.peek(sign) == Some(b'.') && self.is_digit(sign + 1)
    }

    fn starts_name(&self, ahead: usize) -> bool {
        match self.peek(ahead) {
            Some(b'-') => {
                let next = self.peek(ahead + 1);
                next.is_some_and(|byte| byte == b'-' || is_name_start(byte)) || self.is_escape(ahead + 1)
            }
            Some(b'\\') => self.is_escape(ahead),
            Some(byte) => is_name_start(byte),
            None => false,
        }
    }

    fn is_escape(&self, ahead: usize) -> bool {
        self.peek(ahead) == Some(b'\\') && !matches!(self.peek(ahead + 1), Some(b'\n' | b'\r' | b'\x0c'))
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let byte = self.peek(0)?;
        let token = match byte {
            _ if is_space(byte) => {
                self.space();
                return Some(Token::Space);
            }
            b'/' if self.peek(1) == Some(b'*') => return Some(self.comment()),
            b'"' | b'\'' => return Some(self.text(byte)),
            b'(' | b'[' | b'{' => Token::Open(byte),
            b')' | b']' | b'}' => Token::Close(byte),
            b';' => Token::Semicolon,
            b'@' if self.starts_name(1) => {
                self.at += 1;
                return Some(Token::AtKeyword(self.name()));
            }
            b'#' => {
                self.at += 1;
                self.name();
                return Some(Token::Other);
            }
            b'0'..=b'9' | b'+' | b'-' | b'.' if self.starts_number() => {
                self.number();
                return Some(Token::Other);
            }
            b'<' if self.rest().starts_with(b"<!--") => {
                self.at += 4;
                return Some(Token::Other);
            }
            _ if self.starts_name(0) => return Some(self.name_like()),
            _ => Token::Other,
        };
        self.at += 1;
        Some(token)
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

/// NUL is read as U+FFFD, and what is not ASCII is part of a name.
fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | 0 | 0x80..)
}

fn is_name(byte: u8) -> bool {
    is_name_start(byte) || byte.is_ascii_digit() || byte == b'-'
}
