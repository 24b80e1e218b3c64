use std::ops::Range;

use memchr::memmem;

use super::imports::{self, Imports};
use super::python::skip_space;
use crate::references::Syntax;

/// One of Django's regular expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    /// `url(…)`
    Url,
    /// `@import "…"`
    CssImport,
    /// A line `/*# sourceMappingURL=… */`
    CssSourceMap,
    /// A line `//# sourceMappingURL=…`
    JsSourceMap,
    /// `import … from "…"`
    ImportFrom,
    /// `export … from "…"`
    ExportFrom,
    /// `import "…"`
    Import,
    /// `import("…")`
    DynamicImport,
}

/// What a pattern matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    /// All of it.
    pub(super) span: Range<usize>,
    pub(super) url: Range<usize>,
    /// What is printed again as it is.
    pub(super) kept: Option<Range<usize>>,
}

impl Pattern {
    /// What is printed before what is kept, between that and the URL, and after the URL.
    pub(super) fn template(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Url => ("url(\"", "", "\")"),
            Self::CssImport => ("@import url(\"", "", "\")"),
            Self::CssSourceMap => ("/*# sourceMappingURL=", "", " */"),
            Self::JsSourceMap => ("//# sourceMappingURL=", "", ""),
            Self::ImportFrom => ("import", " from \"", "\""),
            Self::ExportFrom => ("export", " from \"", "\""),
            Self::Import => ("import\"", "", "\""),
            Self::DynamicImport => ("import(\"", "", "\")"),
        }
    }
}

/// The patterns for a language, in the order in which they are applied.
pub(super) fn of(syntax: Syntax, imports: bool) -> &'static [Pattern] {
    const JS: &[Pattern] = &[
        Pattern::JsSourceMap,
        Pattern::ImportFrom,
        Pattern::ExportFrom,
        Pattern::Import,
        Pattern::DynamicImport,
    ];
    match syntax {
        Syntax::Css => &[Pattern::Url, Pattern::CssImport, Pattern::CssSourceMap],
        Syntax::Js if imports => JS,
        Syntax::Js => &JS[..1],
    }
}

/// All matches, none of which overlap.
pub(super) fn matches(source: &[u8], pattern: Pattern) -> Vec<Match> {
    let mut imports = Imports::new(source);
    let mut css = Css::new(source);
    let mut next = |from: usize| match pattern {
        Pattern::Url => css.url(from),
        Pattern::CssImport => css.import(from),
        Pattern::CssSourceMap => source_map(source, from, b"/*#", b"*/"),
        Pattern::JsSourceMap => source_map(source, from, b"//#", b""),
        Pattern::ImportFrom => imports.next_from(from, imports::IMPORT),
        Pattern::ExportFrom => imports.next_from(from, imports::EXPORT),
        Pattern::Import => imports.next_plain(from),
        Pattern::DynamicImport => imports.next_dynamic(from),
    };
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(found) = next(from) {
        from = found.span.end;
        all.push(found);
    }
    all
}

/// A line that is nothing but a comment that names a source map.
fn source_map(source: &[u8], mut from: usize, open: &[u8], close: &[u8]) -> Option<Match> {
    const NAME: &[u8] = b"sourceMappingURL=";
    loop {
        let at = from + memmem::find(&source[from..], NAME)?;
        let url = at + NAME.len();
        let start = at.saturating_sub(open.len() + 1);
        let is_open = source[start..at]
            .strip_prefix(open)
            .is_some_and(|blank| blank == b" " || blank == b"\t" && !close.is_empty());
        // Looked at once a line, which is then read to its end.
        if is_open && start >= from && (start == 0 || source[start - 1] == b'\n') {
            let line = memchr::memchr(b'\n', &source[url..]).map_or(source.len(), |end| url + end);
            if let Some(text) = source[url..line].strip_suffix(close) {
                return Some(Match { span: start..line, url: url..url + text.len(), kept: None });
            }
        }
        from = url;
    }
}

/// The first place from another on that satisfies something; asked for places that do not fall, each place is looked at once.
#[derive(Debug)]
pub(super) struct Next {
    place: Option<usize>,
    asked: bool,
}

impl Next {
    pub(super) fn new() -> Self {
        Self { place: None, asked: false }
    }

    /// `find` gives the distance from the start of what it is given.
    pub(super) fn from(
        &mut self,
        source: &[u8],
        from: usize,
        find: impl Fn(&[u8]) -> Option<usize>,
    ) -> Option<usize> {
        let is_known = self.asked && self.place.is_none_or(|place| place >= from);
        if !is_known {
            self.asked = true;
            self.place = source.get(from..).and_then(find).map(|distance| from + distance);
        }
        self.place
    }
}

/// The patterns of CSS, with what they have to know of what comes.
struct Css<'a> {
    source: &'a [u8],
    /// Asked from behind a quote, which may be in another line than the quote.
    line: Next,
    bare_line: Next,
    parenthesis: Next,
    single: Next,
    double: Next,
}

impl<'a> Css<'a> {
    fn new(source: &'a [u8]) -> Self {
        let next = Next::new;
        Self { source, line: next(), bare_line: next(), parenthesis: next(), single: next(), double: next() }
    }

    fn url(&mut self, from: usize) -> Option<Match> {
        let mut at = from;
        loop {
            at += memchr::memchr(b'(', &self.source[at..])? + 1;
            let Some(start) = at.checked_sub(4).filter(|start| *start >= from) else { continue };
            if !self.source[start..at - 1].eq_ignore_ascii_case(b"url") {
                continue;
            }
            let quoted = match self.source.get(at) {
                Some(quote @ (b'"' | b'\'')) => self.end_of_url(at + 1, Some(*quote)),
                _ => None,
            };
            if let Some((url, end)) = quoted.or_else(|| self.end_of_url(at, None)) {
                return Some(Match { span: start..end, url, kept: None });
            }
        }
    }

    /// The text up to the quote and the parenthesis, and where that ends; it must not go on in the next line.
    fn end_of_url(&mut self, from: usize, quote: Option<u8>) -> Option<(Range<usize>, usize)> {
        let start = skip_space(self.source, from);
        let (end, length) = match quote {
            Some(b'"') => (self.double.from(self.source, start, |rest| memmem::find(rest, b"\")")), 2),
            Some(_) => (self.single.from(self.source, start, |rest| memmem::find(rest, b"')")), 2),
            None => (self.parenthesis.from(self.source, start, |rest| memchr::memchr(b')', rest)), 1),
        };
        let end = end?;
        let line = if quote.is_some() { &mut self.line } else { &mut self.bare_line };
        let line = line.from(self.source, start, |rest| memchr::memchr(b'\n', rest));
        line.is_none_or(|line| line > end).then_some((start..end, end + length))
    }

    fn import(&mut self, from: usize) -> Option<Match> {
        const RULE: &[u8] = b"@import";
        let mut at = from;
        loop {
            let start = at + memchr::memchr(b'@', &self.source[at..])?;
            at = start + 1;
            let end = start + RULE.len();
            if !self.source.get(start..end).is_some_and(|rule| rule.eq_ignore_ascii_case(RULE)) {
                continue;
            }
            let quote = skip_space(self.source, end);
            let Some(b'"' | b'\'') = self.source.get(quote) else { continue };
            let url = skip_space(self.source, quote + 1);
            let stop = memchr::memchr3(b'"', b'\'', b'\n', &self.source[url..]).map(|end| url + end);
            if let Some(stop) = stop.filter(|stop| self.source[*stop] != b'\n') {
                return Some(Match { span: start..stop + 1, url: url..stop, kept: None });
            }
        }
    }
}
