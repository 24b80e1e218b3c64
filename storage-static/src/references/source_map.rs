//! Comments that name a source map: ECMA-426, section 11.1.2.

use std::ops::Range;

use memchr::memmem;

use super::reference::{Kind, Quoting, Reference};

const NAME: &[u8] = b"sourceMappingURL=";

/// Where the URL is in a comment whose text is `body`, if it names a source map.
pub(super) fn url(source: &[u8], body: Range<usize>) -> Option<Range<usize>> {
    let text = &source[body.clone()];
    let (b'#' | b'@', rest) = text.split_first()? else { return None };
    let rest = rest.trim_ascii_start().strip_prefix(NAME)?;
    let start = body.end - rest.len();
    let url = rest.trim_ascii_end();
    let has_space = |text: &str| text.contains(|c: char| c.is_whitespace() || c == '\u{feff}');
    let is_one_word = !url.is_empty() && !url.utf8_chunks().any(|chunk| has_space(chunk.valid()));
    is_one_word.then_some(start..start + url.len())
}

/// What the end of a script says about a source map without that all of it is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Last {
    /// There is none.
    None,
    /// The last line is a comment that names this one.
    Url(Range<usize>),
    /// There may be one.
    Unclear,
}

/// Looks at the end of a script only.
pub(super) fn in_last_line(source: &[u8]) -> Last {
    let Some(at) = memmem::rfind(source, NAME) else { return Last::None };
    let line_start = memchr::memrchr2(b'\n', b'\r', &source[..at]).map_or(0, |end| end + 1);
    let end = source.trim_ascii_end().len();
    match source[line_start..end.max(line_start)].strip_prefix(b"//") {
        Some(body) => url(source, end - body.len()..end).map_or(Last::Unclear, Last::Url),
        None => Last::Unclear,
    }
}

/// What such a comment comes to.
pub(super) fn reference(span: Range<usize>) -> Reference {
    Reference { kind: Kind::SourceMap, span, quoting: Quoting::Comment, is_escaped: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_names_a_source_map_in_one_way_only() {
        for (body, expected) in [
            ("# sourceMappingURL=a.map ", Some("a.map")),
            ("@ sourceMappingURL=a.map", Some("a.map")),
            ("#sourceMappingURL=a.map\r", Some("a.map")),
            (" # sourceMappingURL=a.map", None),
            ("# sourceMappingURL=a b.map", None),
            ("# sourceMappingURL=a\u{a0}b.map", None),
            ("# sourceMappingURL=a\u{2028}b()", None),
            ("# sourceMappingURL=\u{e9}.map", Some("\u{e9}.map")),
            ("# sourceMappingURL=", None),
            ("# sourceMappingUrl=a.map", None),
            ("# sourceURL=a.js", None),
            ("", None),
        ] {
            let found = url(body.as_bytes(), 0..body.len());
            assert_eq!(found.map(|span| &body[span]), expected, "{body}");
        }
    }
}
