use std::ops::Range;

/// The parts of a relative URL, as ranges of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// Up to the query and the fragment, without the white space around the whole.
    pub(super) path: Range<usize>,
    /// What of the path comes after its last slash, an escaped one too.
    pub(super) base: Range<usize>,
    /// From the `?` on, without the fragment.
    pub(super) query: Range<usize>,
}

impl Address {
    pub(super) fn of(text: &[u8]) -> Self {
        let is_blank = |byte: &u8| *byte <= b' ';
        let start = text.iter().position(|byte| !is_blank(byte)).unwrap_or(text.len());
        let end = text.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
        let whole = &text[start..end];
        let path = &whole[..memchr::memchr2(b'?', b'#', whole).unwrap_or(whole.len())];
        let fragment = memchr::memchr(b'#', whole).map_or(end, |at| start + at);
        let slash = path.windows(3).rposition(|part| part.eq_ignore_ascii_case(b"%2f")).map(|at| at + 3);
        let base = memchr::memrchr2(b'/', b'\\', path).map(|at| at + 1).max(slash).unwrap_or(0);
        let end = start + path.len();
        Self { path: start..end, base: start + base..end, query: end..fragment }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_path_and_a_base_name_and_a_query() {
        for (text, path, base, query) in [
            ("img/a.png?x/y#z", "img/a.png", "a.png", "?x/y"),
            (" a.png\t", "a.png", "a.png", ""),
            (" a.png?b?c\t", "a.png", "a.png", "?b?c"),
            ("x/y%2Fa.png#/?x", "x/y%2Fa.png", "a.png", ""),
            ("x%2fy/a.png?#iefix", "x%2fy/a.png", "a.png", "?"),
            ("img/", "img/", "", ""),
            ("?q", "", "", "?q"),
            ("", "", "", ""),
            (" ", "", "", ""),
        ] {
            let address = Address::of(text.as_bytes());
            let found = (&text[address.path], &text[address.base], &text[address.query]);
            assert_eq!(found, (path, base, query), "{text}");
        }
    }
}
