use memchr::memmem;

use crate::references::Syntax;

/// The comments, strings and escapes as Django's regular expressions see them: what begins within one is left alone.
///
/// In JavaScript they know no regular expressions and no substitutions in templates, and in CSS no unquoted URLs.
#[derive(Debug)]
pub(super) struct Ignored<'a> {
    source: &'a [u8],
    syntax: Syntax,
    /// Where the last block that was found begins and ends.
    block: (usize, usize),
    /// From here on no comment is closed.
    no_comment_from: usize,
}

impl<'a> Ignored<'a> {
    pub(super) fn new(source: &'a [u8], syntax: Syntax) -> Self {
        Self { source, syntax, block: (0, 0), no_comment_from: usize::MAX }
    }

    /// Whether a place is within a block, but not at its start. To be asked for places that do not fall.
    pub(super) fn contains(&mut self, place: usize) -> bool {
        while self.block.1 <= place {
            match self.next_block(self.block.1) {
                Some(block) => self.block = block,
                None => self.block = (usize::MAX, usize::MAX),
            }
        }
        self.block.0 < place
    }

    fn next_block(&mut self, mut at: usize) -> Option<(usize, usize)> {
        loop {
            at += self
                .source
                .get(at..)?
                .iter()
                .position(|byte| matches!(byte, b'/' | b'\\' | b'\'' | b'"' | b'`'))?;
            let end = match self.source[at] {
                b'\\' => self.source.get(at + 1).map(|_| at + 2),
                b'/' => self.comment(at),
                b'`' if self.syntax == Syntax::Js => self.quoted(at, *b"`\\\\"),
                b'`' => None,
                quote => self.quoted(at, [quote, b'\\', b'\n']),
            };
            match end {
                Some(end) => return Some((at, end)),
                None => at += 1,
            }
        }
    }

    fn comment(&mut self, at: usize) -> Option<usize> {
        let rest = &self.source[at..];
        match rest.get(1)? {
            b'*' if at < self.no_comment_from => {
                let end = memmem::find(&rest[2..], b"*/").map(|end| at + end + 4);
                if end.is_none() {
                    self.no_comment_from = at;
                }
                end
            }
            b'/' if self.syntax == Syntax::Js => {
                Some(memchr::memchr(b'\n', rest).map_or(self.source.len(), |end| at + end))
            }
            _ => None,
        }
    }

    /// Where a text ends that begins at `at`: behind the first of `stops` that is not escaped by a backslash; nothing if a line's end comes first.
    fn quoted(&self, at: usize, stops: [u8; 3]) -> Option<usize> {
        let [quote, escape, other] = stops;
        let mut from = at + 1;
        loop {
            from += memchr::memchr3(quote, escape, other, &self.source[from..])?;
            match self.source[from] {
                byte if byte == quote => return Some(from + 1),
                b'\\' => from = (from + 2).min(self.source.len()),
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The blocks of a text, in brackets.
    fn shown(source: &str, syntax: Syntax) -> String {
        let mut ignored = Ignored::new(source.as_bytes(), syntax);
        let mut shown = String::new();
        let mut at = 0;
        while let Some((start, end)) = ignored.next_block(at) {
            shown = format!("{shown}{}[{}]", &source[at..start], &source[start..end]);
            at = end;
        }
        shown + &source[at..]
    }

    #[test]
    fn blocks_of_css_are_comments_strings_and_escapes() {
        for (source, expected) in [
            ("a/* ' */b'c\"'d", "a[/* ' */]b['c\"']d"),
            ("a'b\nc'd'", "a'b\nc['d']"),
            ("'a\\\nb'", "['a\\\nb']"),
            ("a\\'b'c", "a[\\']b'c"),
            ("/*/ a /* b", "/*/ a /* b"),
            ("`a` // b", "`a` // b"),
            ("a\\", "a\\"),
        ] {
            assert_eq!(shown(source, Syntax::Css), expected);
        }
    }

    #[test]
    fn blocks_of_javascript_are_lines_and_templates_too() {
        for (source, expected) in [
            ("a // b' \nc", "a [// b' ]\nc"),
            ("`a\n${'`'}`", "[`a\n${'`]'}`"),
            ("/'/; 'a'", "/['/; ']a'"),
            ("`a", "`a"),
            ("/a/b", "/a/b"),
        ] {
            assert_eq!(shown(source, Syntax::Js), expected);
        }
    }

    #[test]
    fn a_block_begins_behind_its_first_character() {
        let mut ignored = Ignored::new(b"a'b'c'", Syntax::Css);
        let places: Vec<_> = (0..6).map(|place| ignored.contains(place)).collect();
        assert_eq!(places, [false, false, true, true, false, false]);
    }
}
