use std::fmt;
use std::str::FromStr;

/// A pattern for paths with `/` between their parts, as Python's `fnmatch` has them.
///
/// `*` is any number of characters, `/` among them; `?` is one; `[a-z]` is one of those, `[!a-z]` one of the others; `**/` at the start or
/// after a `/` is any number of folders, none among them. Everything else is itself: `[` too where no `]` follows. `a` is not `A`. No
/// pattern is wrong.
///
/// ```
/// use storage_static::Glob;
///
/// let maps = Glob::new("*.map");
/// assert!(maps.matches("js/app.js.map") && !maps.matches("map"));
/// assert!(Glob::new(".well-known/*").matches(".well-known/security.txt"));
/// assert!(Glob::new("**/*.html").matches("index.html"));
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Glob {
    pattern: String,
    parts: Vec<Part>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Literal(char),
    One,
    Of(Class),
    Any,
    /// `**/`
    Folders,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Class {
    ranges: Vec<(char, char)>,
    is_negated: bool,
}

impl Glob {
    /// Takes any pattern.
    pub fn new(pattern: impl Into<String>) -> Self {
        let pattern = pattern.into();
        let parts = parts(&pattern);
        Self { pattern, parts }
    }

    /// The pattern as it was given.
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// Whether the whole path is of this pattern. Takes time in proportion to the lengths of both, multiplied, and no more.
    pub fn matches(&self, path: &str) -> bool {
        let mut parts = &self.parts[..];
        let mut path = path;
        while let [Part::Literal(character), others @ ..] = parts {
            let Some(rest) = path.strip_prefix(*character) else { return false };
            (parts, path) = (others, rest);
        }
        match parts {
            [] => path.is_empty(),
            [Part::Any, literals @ ..] => ends_with(literals, path).unwrap_or_else(|| walk(parts, path)),
            _ => walk(parts, path),
        }
    }
}

/// Goes through the path, and notes all places in the pattern that it may be at.
fn walk(parts: &[Part], path: &str) -> bool {
    let mut reached = vec![false; parts.len() + 1];
    enter(parts, &mut reached, 0, true);
    for character in path.chars() {
        let at_name = character == '/';
        let mut next = vec![false; reached.len()];
        for (place, part) in parts.iter().enumerate().filter(|(place, _)| reached[*place]) {
            match part {
                Part::Any | Part::Folders => enter(parts, &mut next, place, at_name),
                Part::Literal(_) | Part::One | Part::Of(_) if part.is(character) => {
                    enter(parts, &mut next, place + 1, at_name);
                }
                Part::Literal(_) | Part::One | Part::Of(_) => {}
            }
        }
        reached = next;
    }
    reached[parts.len()]
}

/// Notes a place in the pattern, and those that follow without a character. `at_name`: whether a name of the path begins here.
fn enter(parts: &[Part], reached: &mut [bool], first: usize, at_name: bool) {
    for (place, is_reached) in reached.iter_mut().enumerate().skip(first) {
        *is_reached = true;
        match parts.get(place) {
            Some(Part::Any) => {}
            Some(Part::Folders) if at_name => {}
            _ => return,
        }
    }
}

/// Whether the path ends in these literals; nothing if they are not all literals.
fn ends_with(literals: &[Part], path: &str) -> Option<bool> {
    let mut characters = path.chars().rev();
    let mut ends = true;
    for part in literals.iter().rev() {
        match part {
            Part::Literal(character) => ends = ends && characters.next() == Some(*character),
            _ => return None,
        }
    }
    Some(ends)
}

impl Part {
    fn is(&self, character: char) -> bool {
        match self {
            Self::Literal(own) => *own == character,
            Self::One => true,
            Self::Of(class) => {
                let is_in = class.ranges.iter().any(|(low, high)| (*low..=*high).contains(&character));
                is_in != class.is_negated
            }
            Self::Any | Self::Folders => false,
        }
    }
}

fn parts(pattern: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    let mut at_name = true;
    while let Some(first) = rest.chars().next() {
        let (part, after) = match first {
            '*' if at_name && rest.starts_with("**/") => (Part::Folders, &rest[3..]),
            '*' => (Part::Any, rest.trim_start_matches('*')),
            '?' => (Part::One, &rest[1..]),
            '[' => match class(&rest[1..]) {
                Some((class, after)) => (Part::Of(class), after),
                None => (Part::Literal('['), &rest[1..]),
            },
            literal => (Part::Literal(literal), &rest[literal.len_utf8()..]),
        };
        at_name = matches!(part, Part::Literal('/') | Part::Folders);
        parts.push(part);
        rest = after;
    }
    parts
}

/// What comes after a `[`, up to its `]`; a `]` that is the first is one of the characters.
fn class(text: &str) -> Option<(Class, &str)> {
    let (is_negated, text) = match text.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let first = text.chars().next()?.len_utf8();
    let end = first + text.get(first..)?.find(']')?;
    let characters: Vec<char> = text[..end].chars().collect();
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(low) = characters.get(at) {
        let (high, length) = match characters.get(at + 1..at + 3) {
            Some(['-', high]) => (high, 3),
            _ => (low, 1),
        };
        ranges.push((*low, *high));
        at += length;
    }
    Some((Class { ranges, is_negated }, &text[end + 1..]))
}

impl FromStr for Glob {
    type Err = std::convert::Infallible;

    fn from_str(pattern: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(pattern))
    }
}

impl From<&str> for Glob {
    fn from(pattern: &str) -> Self {
        Self::new(pattern)
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pattern)
    }
}

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Glob({:?})", self.pattern)
    }
}

impl serde::Serialize for Glob {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.pattern)
    }
}

impl<'de> serde::Deserialize<'de> for Glob {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_as_fnmatch_does() {
        // Each line was asked of Python's fnmatch.fnmatchcase.
        for (pattern, path, matches) in [
            ("*", "", true),
            ("*", "a/b", true),
            (".*", ".git", true),
            (".*", "a.git", false),
            ("*~", "a~", true),
            ("CVS", "CVS", true),
            ("CVS", "cvs", false),
            ("a*/c", "a/b/c", true),
            ("a?c", "a/c", true),
            ("a?c", "ac", false),
            ("[ab]*", "bc", true),
            ("[!ab]*", "bc", false),
            ("[!ab]*", "cd", true),
            ("[a-c]x", "bx", true),
            ("[a-]x", "-x", true),
            ("[]]x", "]x", true),
            ("[x", "[x", true),
            ("[", "[", true),
            ("[!", "[!", true),
            ("[!]", "[!]", true),
            ("é?", "éü", true),
            ("*.min.*", "a.min.js", true),
            ("a**b", "axyb", true),
            ("", "", true),
            ("", "a", false),
            ("[z-a]", "m", false),
        ] {
            assert_eq!(Glob::new(pattern).matches(path), matches, "{pattern} on {path}");
        }
    }

    #[test]
    fn two_stars_and_a_slash_are_any_folders() {
        for (path, matches) in
            [("x.html", true), ("a/x.html", true), ("a/b/x.html", true), ("a/b/x.htm", false)]
        {
            assert_eq!(Glob::new("**/*.html").matches(path), matches, "{path}");
            assert_eq!(Glob::new("d/**/x.html").matches(&format!("d/{path}")), matches, "{path}");
        }
        assert!(!Glob::new("**/b").matches("ab"));
    }

    #[test]
    fn no_pattern_takes_long() {
        let glob = Glob::new("*a".repeat(100) + "b");
        assert!(!glob.matches(&"a".repeat(2_000)));
    }
}
