//! Texts with `*` for any characters and `?` for any one.

/// A character of a pattern, or what stands for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// `*`
    Any,
    /// `?`
    One,
    Char(char),
}

impl From<char> for Part {
    fn from(c: char) -> Self {
        match c {
            '*' => Self::Any,
            '?' => Self::One,
            c => Self::Char(c),
        }
    }
}

impl Part {
    pub(crate) fn all(pattern: &str) -> Vec<Self> {
        pattern.chars().map(Self::from).collect()
    }
}

/// Whether every text that `narrow` stands for is one that `wide` stands for. A plain text stands for itself.
pub(crate) fn covers(wide: &str, narrow: &str) -> bool {
    // What most pairs differ in is before the first wildcard.
    let plain = wide.find(['*', '?']).unwrap_or(wide.len());
    match narrow.as_bytes().strip_prefix(&wide.as_bytes()[..plain]) {
        None => false,
        Some(rest) if plain == wide.len() => rest.is_empty(),
        Some(_) if &wide[plain..] == "*" => true,
        Some(_) => parts_cover(&Part::all(&wide[plain..]), &Part::all(&narrow[plain..])),
    }
}

/// Whether there is a text that both stand for.
pub(crate) fn overlap(one: &str, other: &str) -> bool {
    parts_overlap(&Part::all(one), &Part::all(other))
}

pub(crate) fn parts_cover(wide: &[Part], narrow: &[Part]) -> bool {
    // The usual walk with one place to go back to. A `*` of the narrow one may be any text, so that only a `*` takes it.
    let (mut at, mut of) = (0, 0);
    let mut back = None;
    while of < narrow.len() {
        match wide.get(at) {
            Some(Part::Any) => {
                back = Some((at, of));
                at += 1;
            }
            Some(Part::One) if narrow[of] != Part::Any => (at, of) = (at + 1, of + 1),
            Some(same @ Part::Char(_)) if *same == narrow[of] => (at, of) = (at + 1, of + 1),
            _ => match back {
                Some((star, start)) => {
                    back = Some((star, start + 1));
                    (at, of) = (star + 1, start + 1);
                }
                None => return false,
            },
        }
    }
    wide[at..].iter().all(|rest| *rest == Part::Any)
}

pub(crate) fn parts_overlap(one: &[Part], other: &[Part]) -> bool {
    // reachable[j]: the texts of one[..i] and other[..j] can be the same.
    let mut reachable = vec![false; other.len() + 1];
    reachable[0] = true;
    for j in 0..other.len() {
        reachable[j + 1] = reachable[j] && other[j] == Part::Any;
    }
    for a in one {
        let mut next = vec![false; other.len() + 1];
        next[0] = reachable[0] && *a == Part::Any;
        for (j, b) in other.iter().enumerate() {
            next[j + 1] = match (a, b) {
                (Part::Any, _) | (_, Part::Any) => reachable[j + 1] || next[j] || reachable[j],
                (Part::One, _) | (_, Part::One) => reachable[j],
                (a, b) => reachable[j] && a == b,
            };
        }
        reachable = next;
    }
    reachable.last().is_some_and(|end| *end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wide_and_narrow() {
        for (wide, narrow) in [
            ("*", ""),
            ("*", "a*b?"),
            ("a*", "ab*"),
            ("a?c", "abc"),
            ("a?c", "a?c"),
            ("*b*", "abc*"),
            ("**", "*"),
        ] {
            assert!(covers(wide, narrow), "{wide} {narrow}");
        }
        for (wide, narrow) in
            [("", "a"), ("a*", "*"), ("a?c", "a*c"), ("abc", "a?c"), ("ab*", "a*"), ("?", ""), ("a", "ab")]
        {
            assert!(!covers(wide, narrow), "{wide} {narrow}");
        }
        assert!(
            overlap("a*", "*b")
                && overlap("a?", "?b")
                && overlap("*", "")
                && !overlap("a*", "b*")
                && !overlap("a", "ab")
        );
    }

    proptest! {
        #[test]
        fn what_covers_matches_all(wide in "[ab*?]{0,6}", narrow in "[ab*?]{0,6}", text in "[ab]{0,6}") {
            if covers(&wide, &narrow) && covers(&narrow, &text) {
                prop_assert!(covers(&wide, &text));
            }
            if covers(&wide, &text) && covers(&narrow, &text) {
                prop_assert!(overlap(&wide, &narrow));
            }
        }
    }
}
