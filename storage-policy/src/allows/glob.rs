//! Patterns against texts, with policy variables put in
//! ([IAM, "Policy variables"](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)).

use super::view::Mode;
use crate::Request;
use crate::pattern::{Part, parts_cover, parts_overlap};

/// A pattern that is taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glob(Vec<Part>);

/// Whether `*` and `?` stand for others.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    Pattern,
    Text,
}

impl Style {
    fn part(self) -> fn(char) -> Part {
        match self {
            Self::Pattern => Part::from,
            Self::Text => Part::Char,
        }
    }
}

/// What a text means that may have variables in it.
pub(crate) struct Resolved {
    /// With `*` for a variable that the request does not have.
    pub(crate) glob: Glob,
    /// The first such variable.
    pub(crate) missing: Option<String>,
}

impl Glob {
    /// A pattern without variables.
    pub(crate) fn new(pattern: &str) -> Self {
        Self(Part::all(pattern))
    }

    /// With the values that variables have in the request, which are plain text.
    pub(crate) fn resolve(text: &str, style: Style, request: &Request, mode: Mode) -> Resolved {
        resolve(text, style.part(), |variable| value(variable, request, mode))
    }

    /// Variables are plain text.
    pub(crate) fn plain(text: &str, style: Style) -> Self {
        Self(text.chars().map(style.part()).collect())
    }

    /// A pattern in which a variable stands for any text.
    pub(crate) fn with_any_variable(pattern: &str) -> Self {
        resolve(pattern, Part::from, plain_value).glob
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        self.covers(&Self::plain(text, Style::Text))
    }

    /// Whether it stands for all that the other one stands for.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        parts_cover(&self.0, &other.0)
    }

    /// Whether there is something that both stand for.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        parts_overlap(&self.0, &other.0)
    }

    /// The text itself, if it has no wildcard.
    pub(crate) fn text(&self) -> Option<String> {
        let plain = |part: &Part| if let Part::Char(c) = part { Some(*c) } else { None };
        self.0.iter().map(plain).collect()
    }

    /// Its parts between colons, at most so many.
    pub(crate) fn split(&self, at_most: usize) -> Vec<Self> {
        let parts = self.0.splitn(at_most, |part| *part == Part::Char(':'));
        parts.map(|parts| Self(parts.to_vec())).collect()
    }
}

fn resolve<'a>(
    text: &'a str,
    part: fn(char) -> Part,
    value: impl Fn(&'a str) -> Option<&'a str>,
) -> Resolved {
    let (mut parts, mut missing) = (Vec::with_capacity(text.len()), None);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((variable, after)) = after.split_once('}') else { break };
        parts.extend(before.chars().map(part));
        if let Some(value) = value(variable) {
            parts.extend(value.chars().map(Part::Char));
        } else {
            parts.push(Part::Any);
            missing.get_or_insert_with(|| variable.to_owned());
        }
        rest = after;
    }
    parts.extend(rest.chars().map(part));
    Resolved { glob: Glob(parts), missing }
}

/// `${aws:username}`, or `${aws:username, 'nobody'}`.
fn value<'a>(variable: &'a str, request: &'a Request, mode: Mode) -> Option<&'a str> {
    if let Some(value) = plain_value(variable) {
        return Some(value);
    }
    let (key, default) = match variable.split_once(',') {
        Some((key, default)) => {
            (key, default.trim().strip_prefix('\'').and_then(|text| text.strip_suffix('\'')))
        }
        None => (variable, None),
    };
    match request.values(&key.trim().to_lowercase()) {
        Some([value]) => Some(value),
        // One of many would be a guess.
        Some(_) => None,
        None => default.filter(|_| mode == Mode::Cautious),
    }
}

/// Characters that would mean something else: `${*}`, `${?}`, `${$}`.
fn plain_value(variable: &str) -> Option<&str> {
    matches!(variable, "*" | "?" | "$").then_some(variable)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As one would write it without a thought for time.
    fn naive(pattern: &[char], text: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some(('*', rest)), _) => {
                naive(rest, text) || text.split_first().is_some_and(|(_, text)| naive(pattern, text))
            }
            (Some((p, rest)), Some((t, text))) => (*p == '?' || p == t) && naive(rest, text),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn wildcards_match_as_a_naive_one_does(pattern in "[ab*?]{0,8}", text in "[ab]{0,8}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(Glob::new(&pattern).matches(&text), naive(&chars(&pattern), &chars(&text)));
        }
    }

    #[test]
    fn variables_are_plain_text() {
        let request = Request::anonymous("s3:GetObject", "b/k")
            .with("aws:username", ["a*b"])
            .with("aws:TagKeys", ["x", "y"]);
        let matches = |pattern: &str, text: &str| {
            let Resolved { glob, missing } = Glob::resolve(pattern, Style::Pattern, &request, Mode::Cautious);
            glob.matches(text) && missing.is_none()
        };
        assert!(matches("home/${aws:username}/*", "home/a*b/c"));
        assert!(matches("home/${AWS:UserName}?", "home/a*bc"));
        assert!(!matches("home/${aws:username}/*", "home/axb/c"));
        assert!(matches("${*}${?}${$}", "*?$") && !matches("${*}", "x"));
        assert!(matches("${aws:userid, 'nobody'}", "nobody"));
        assert!(matches("a${b", "a${b"), "it is not closed");
        for missing in ["${aws:userid}", "${aws:TagKeys}", "${aws:userid, nobody}"] {
            assert_eq!(
                Glob::resolve(missing, Style::Pattern, &request, Mode::Cautious).missing.as_deref(),
                Some(&missing[2..missing.len() - 1])
            );
        }
        assert!(!Glob::resolve("a*", Style::Text, &request, Mode::Cautious).glob.matches("ab"));
    }
}
