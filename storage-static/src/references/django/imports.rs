//! Django's patterns for imports. They begin anywhere, in a longer word too, and go over anything but a semicolon to find their `from`.

use std::ops::Range;

use super::patterns::{Match, Next};
use super::python::{skip_space, space, space_before, word_end};

pub(super) const IMPORT: [u8; 6] = *b"import";
pub(super) const EXPORT: [u8; 6] = *b"export";
const FROM: &[u8] = b"from";

/// A URL in quotes.
struct Quoted {
    url: Range<usize>,
    /// Where its second quote ends.
    end: usize,
}

/// What is imported or exported, and from where.
struct Clause {
    kept: Range<usize>,
    from: Quoted,
}

/// The patterns of JavaScript, with what they have to know of what comes.
pub(super) struct Imports<'a> {
    source: &'a [u8],
    line: Next,
    semicolon: Next,
    from: Next,
    closing: Next,
}

impl<'a> Imports<'a> {
    pub(super) fn new(source: &'a [u8]) -> Self {
        let next = Next::new;
        Self { source, line: next(), semicolon: next(), from: next(), closing: next() }
    }

    /// Where a word ends next, in whatever case.
    fn word(&self, mut from: usize, word: [u8; 6]) -> Option<usize> {
        loop {
            // The second letter is rarer than the first.
            let rest = self.source.get(from + 1..)?;
            let at = from + memchr::memchr2(word[1], word[1].to_ascii_uppercase(), rest)?;
            if starts_with(&self.source[at..], &word) {
                return Some(at + word.len());
            }
            from = at + 1;
        }
    }

    /// `import … from "…"` and `export … from "…"`
    pub(super) fn next_from(&mut self, mut from: usize, word: [u8; 6]) -> Option<Match> {
        loop {
            let end = self.word(from, word)?;
            from = end;
            let found = match self.source.get(end) {
                Some(b'{') => self.anything(end, 1),
                Some(b'*') if word == IMPORT => self.namespace(end),
                Some(_) => match space(&self.source[end..]) {
                    0 => None,
                    length => self.anything(end, length),
                },
                None => None,
            };
            if let Some(Clause { kept, from: Quoted { url, end: stop } }) = found {
                return Some(Match { span: end - word.len()..stop, url, kept: Some(kept) });
            }
        }
    }

    /// What comes up to the next `from`, if no semicolon does; the first character, so long, is part of it.
    fn anything(&mut self, start: usize, first: usize) -> Option<Clause> {
        let source = self.source;
        let least = start + first;
        let from = self.from.from(source, least, next_tail)?;
        let semicolon = self.semicolon.from(source, least, |rest| memchr::memchr(b';', rest));
        if semicolon.is_some_and(|semicolon| semicolon < from) {
            return None;
        }
        Some(Clause { kept: start..space_before(source, least, from), from: tail(source, from)? })
    }

    /// `* as name`
    fn namespace(&self, start: usize) -> Option<Clause> {
        let source = self.source;
        let word = skip_space(source, start + 1);
        if !starts_with(&source[word..], b"as") {
            return None;
        }
        let name = skip_space(source, word + 2);
        let end = word_end(source, name);
        if end == name {
            return None;
        }
        if let Some(from) = tail(source, skip_space(source, end)) {
            return Some(Clause { kept: start..end, from });
        }
        // The name gives letters back.
        let short = end.checked_sub(FROM.len()).filter(|short| *short > name)?;
        Some(Clause { kept: start..short, from: tail(source, short)? })
    }

    /// `import "…"`
    pub(super) fn next_plain(&mut self, mut from: usize) -> Option<Match> {
        loop {
            let end = self.word(from, IMPORT)?;
            from = end;
            if let Some(Quoted { url, end: stop }) = quoted(self.source, skip_space(self.source, end)) {
                return Some(Match { span: end - IMPORT.len()..stop, url, kept: None });
            }
        }
    }

    /// `import("…")`
    pub(super) fn next_dynamic(&mut self, mut from: usize) -> Option<Match> {
        loop {
            let end = self.word(from, IMPORT)?;
            from = end;
            let [b'(', b'"' | b'\'', b'.' | b'/', ..] = self.source[end..] else { continue };
            let url = end + 2;
            let closing = self.closing.from(self.source, url + 1, next_closing);
            let line = self.line.from(self.source, url, |rest| memchr::memchr(b'\n', rest));
            if let Some(closing) = closing.filter(|closing| line.is_none_or(|line| line > *closing)) {
                return Some(Match { span: end - IMPORT.len()..closing + 2, url: url..closing, kept: None });
            }
        }
    }
}

fn starts_with(rest: &[u8], word: &[u8]) -> bool {
    rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// A quote that a parenthesis follows.
fn next_closing(rest: &[u8]) -> Option<usize> {
    memchr::memchr2_iter(b'"', b'\'', rest).find(|quote| rest.get(quote + 1) == Some(&b')'))
}

/// The next `from "…"`.
fn next_tail(rest: &[u8]) -> Option<usize> {
    memchr::memchr2_iter(b'f', b'F', rest).find(|at| tail(rest, *at).is_some())
}

/// `from "…"`: the URL, and where it ends.
fn tail(source: &[u8], at: usize) -> Option<Quoted> {
    starts_with(source.get(at..)?, FROM).then(|| quoted(source, skip_space(source, at + FROM.len())))?
}

/// `"…"`, which may end with the other quote, but not in another line: what begins with a dot or a slash, and where it ends.
fn quoted(source: &[u8], at: usize) -> Option<Quoted> {
    let [b'"' | b'\'', b'.' | b'/', rest @ ..] = source.get(at..)? else { return None };
    let length = memchr::memchr3(b'"', b'\'', b'\n', rest)?;
    let end = at + 2 + length;
    (rest[length] != b'\n').then_some(Quoted { url: at + 1..end, end: end + 1 })
}
