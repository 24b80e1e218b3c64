//! Comments that name a source map: ECMA-426, section 11.1.2.

use std::ops::Range;

use super::reference::{Kind, Quoting, Reference};

const NAME: &[u8] = b"sourceMappingURL=";

/// Where the URL is in a comment whose text is `body`, if it names a source map.
pub(super) fn url(source: &[u8], body: Range<usize>) -> Option<Range<usize>> {
    let text = &source[body.clone()];
    let (b'#' | b'@', rest) = text.split_first()? else { return None };
    let rest = rest.trim_ascii_start().strip_prefix(NAME)?;
    let start = body.end - rest.len();
    let url = rest.trim_ascii_end();
    let is_one_word = !url.is_empty() && !url.iter().any(u8::is_ascii_whitespace);
    is_one_word.then_some(start..start + url.len())
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
