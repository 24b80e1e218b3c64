use std::ops::Range;

/// The parts of a relative URL, as ranges of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// Up to the query and the fragment, without the white space around the whole.
    pub(super) path: Range<usize>,
    /// What of the path comes after its last slash, an escaped one too.
    pub(super) base: Range<usize>,
}

impl Address {
    pub(super) fn of(text: &[u8]) -> Self {
        let is_blank = |byte: &u8| *byte <= b' ';
        let start = text.iter().position(|byte| !is_blank(byte)).unwrap_or(text.len());
        let end = text.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
        let path = &text[start..end];
        let path = &path[..memchr::memchr2(b'?', b'#', path).unwrap_or(path.len())];
        let slash = path.windows(3).rposition(|part| part.eq_ignore_ascii_case(b"%2f")).map(|at| at + 3);
        let base = memchr::memrchr2(b'/', b'\\', path).map(|at| at + 1).max(slash).unwrap_or(0);
        let end = start + path.len();
        Self { path: start..end, base: start + base..end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_path_and_a_base_name() {
        for (text, path, base) in [
            ("img/a.png?x/y#z", "img/a.png", "a.png"),
            (" a.png\t", "a.png", "a.png"),
            ("x/y%2Fa.png#/", "x/y%2Fa.png", "a.png"),
            ("x%2fy/a.png", "x%2fy/a.png", "a.png"),
            ("img/", "img/", ""),
            ("?q", "", ""),
            ("", "", ""),
            (" ", "", ""),
        ] {
            let address = Address::of(text.as_bytes());
            assert_eq!((&text[address.path], &text[address.base]), (path, base), "{text}");
        }
    }
}
