//! The output style of Django 6.1: exactly what its patterns match is rewritten, and printed as it prints it.
//!
//! `ManifestStaticFilesStorage` finds references by regular expressions, not by tokens: it misses some, and takes some for references
//! that are none. A deployment that has its names keeps them only if the same bytes come out. Where Django stops with an error, the place
//! is left as it is, and told. Patterns are applied one after the other, each to what the one before it has made.

mod ignored;
mod imports;
mod patterns;
mod python;
mod text;
mod url;

use std::ops::Range;

use self::ignored::Ignored;
use self::patterns::{Match, Pattern};
use self::text::Text;
use self::url::Conversion;
use super::{Found, Reference, Syntax};

/// What Django's storage is set to.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// `STATIC_URL`: begins and ends with a slash.
    pub static_url: &'a str,
    /// `support_js_module_import_aggregation`: whether imports in JavaScript are rewritten; by default they are not.
    pub imports: bool,
}

/// Knows the hashed names of files, as paths from the root.
pub trait Names {
    /// The name of a file by its final content; nothing if it is not collected.
    fn hashed(&mut self, path: &str) -> Option<String>;

    /// The name of a file by its content before anything in it was rewritten; for a folder its path as it is; nothing if it is not there.
    ///
    /// This is what Django takes for a reference with a query, and for one with white space around it.
    fn hashed_unprocessed(&mut self, path: &str) -> Option<String>;
}

/// A file as Django would have rewritten it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewritten {
    /// The file's new bytes.
    pub bytes: Vec<u8>,
    /// What in the given bytes was rewritten; in the order of the patterns.
    pub spans: Vec<Range<usize>>,
    /// What Django takes for a reference to a file that is not there, where it would stop.
    pub missing: Vec<Place>,
    /// What it has given the name of a file before anything in that was rewritten ([`Names::hashed_unprocessed`]).
    pub unprocessed: Vec<Place>,
}

/// What Django takes for a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where it is in the given bytes, with what Django rewrites around it.
    pub span: Range<usize>,
    /// The path from the root that it comes to.
    pub path: String,
}

impl Rewritten {
    /// The references of the same file that Django's patterns miss, or take for something else.
    pub fn missed<'a>(&self, found: &'a Found) -> Vec<&'a Reference> {
        let mut spans = self.spans.clone();
        spans.sort_by_key(|span| span.start);
        let is_rewritten = |reference: &&Reference| {
            let before = spans.partition_point(|span| span.start <= reference.span.start);
            spans[..before].last().is_some_and(|span| reference.span.end <= span.end)
        };
        found.references.iter().filter(|reference| !is_rewritten(reference)).collect()
    }
}

/// Whether Django rewrites a file of this name: `*.css` and `*.js`, in lower case only.
pub fn syntax(path: &str) -> Option<Syntax> {
    match path.as_bytes() {
        [.., b'.', b'c', b's', b's'] => Some(Syntax::Css),
        [.., b'.', b'j', b's'] => Some(Syntax::Js),
        _ => None,
    }
}

/// Rewrites a file, whose path from the root is `file`. Takes any input, in time linear in its length.
pub fn rewrite(source: &[u8], file: &str, settings: Settings<'_>, names: &mut dyn Names) -> Rewritten {
    let Some(syntax) = syntax(file) else {
        return Rewritten { bytes: source.to_vec(), ..Rewritten::default() };
    };
    let mut text = Text::new(source);
    let mut rewritten = Rewritten::default();
    for pattern in patterns::of(syntax, settings.imports) {
        pass(&mut text, *pattern, syntax, file, settings.static_url, names, &mut rewritten);
    }
    rewritten.bytes = text.into_bytes();
    rewritten
}

fn pass(
    text: &mut Text,
    pattern: Pattern,
    syntax: Syntax,
    file: &str,
    static_url: &str,
    names: &mut dyn Names,
    rewritten: &mut Rewritten,
) {
    let bytes = text.bytes();
    let mut ignored = Ignored::new(bytes, syntax);
    let mut edits = Vec::new();
    for found in patterns::matches(bytes, pattern) {
        if ignored.contains(found.span.start) {
            continue;
        }
        let Ok(url) = str::from_utf8(&bytes[found.url.clone()]) else { continue };
        let span = || text.original(found.span.start)..text.original(found.span.end);
        match url::convert(url, file, static_url, names) {
            Conversion::Left => {}
            Conversion::Missing(path) => rewritten.missing.push(Place { span: span(), path }),
            Conversion::Renamed { url, unprocessed } => {
                rewritten.spans.push(span());
                rewritten.unprocessed.extend(unprocessed.map(|path| Place { span: span(), path }));
                edits.push(print(bytes, pattern, &found, &url));
            }
        }
    }
    text.edit(edits);
}

/// What stands there instead of a match.
fn print(bytes: &[u8], pattern: Pattern, found: &Match, url: &str) -> super::Edit {
    let (before, between, after) = pattern.template();
    let kept = found.kept.clone().map_or(&b""[..], |span| &bytes[span]);
    let text = [before.as_bytes(), kept, between.as_bytes(), url.as_bytes(), after.as_bytes()].concat();
    super::Edit { span: found.span.clone(), text }
}

#[cfg(test)]
mod tests;
