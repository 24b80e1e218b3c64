use std::cmp::Ordering;

use super::{arn, date, ip, number};
use crate::allows::glob::{Glob, Resolved, Style};
use crate::allows::truth::Truth;
use crate::allows::view::{self, View};

/// How a value of the request is compared with one of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Text,
    TextInAnyCase,
    Like,
    Number(Comparison),
    Date(Comparison),
    Bool,
    Binary,
    Ip,
    Arn,
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    fn takes(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

impl Test {
    pub(super) fn holds(self, actual: &str, wanted: &str, view: &View<'_>) -> Truth {
        match self {
            Self::Like => resolved(wanted, Style::Pattern, view, |glob| glob.matches(actual).into()),
            Self::Arn => resolved(wanted, Style::Pattern, view, |glob| arn::matches(glob, actual)),
            _ => resolved(wanted, Style::Text, view, |glob| {
                // Only a variable that is missing is a wildcard here, and it may have any value.
                glob.text().map_or(Truth::Yes, |wanted| self.compare(actual, &wanted))
            }),
        }
    }

    fn compare(self, actual: &str, wanted: &str) -> Truth {
        match self {
            Self::Text | Self::Like | Self::Arn | Self::Null => (actual == wanted).into(),
            Self::TextInAnyCase => (actual.to_lowercase() == wanted.to_lowercase()).into(),
            Self::Number(comparison) => both(actual, wanted, "number", number::parse, |a, b| {
                number::compare(a, b).is_some_and(|ordering| comparison.takes(ordering))
            }),
            Self::Date(comparison) => {
                both(actual, wanted, "date", date::parse, |a, b| comparison.takes(a.cmp(&b)))
            }
            Self::Bool => both(actual, wanted, "truth value", truth_value, |a, b| a == b),
            Self::Binary => both(actual, wanted, "Base64", base64, |a, b| a == b),
            Self::Ip => match (ip::address(actual), ip::Network::parse(wanted)) {
                (Some(address), Some(network)) => network.has(address).into(),
                (None, _) => Truth::doubtful(format!("`{actual}` is no IP address")),
                (_, None) => Truth::doubtful(format!("`{wanted}` is no range of IP addresses")),
            },
        }
    }
}

fn both<'a, T>(
    actual: &'a str,
    wanted: &'a str,
    what: &str,
    parse: impl Fn(&'a str) -> Option<T>,
    compare: impl Fn(T, T) -> bool,
) -> Truth {
    match (parse(actual), parse(wanted)) {
        (Some(actual), Some(wanted)) => compare(actual, wanted).into(),
        (None, _) => Truth::doubtful(format!("`{actual}` is no {what}")),
        (_, None) => Truth::doubtful(format!("`{wanted}` is no {what}")),
    }
}

fn truth_value(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Without the padding: the same bytes have the same text then.
fn base64(text: &str) -> Option<&str> {
    let bytes = text.trim_end_matches('=');
    let is_one = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/');
    (bytes.bytes().all(is_one) && bytes.len() % 4 != 1).then_some(bytes)
}

/// What holds of a text with its variables put in; where one is missing, nobody knows it unless it holds for no value.
fn resolved(wanted: &str, style: Style, view: &View<'_>, test: impl Fn(&Glob) -> Truth) -> Truth {
    let Resolved { glob, missing } = view.read(wanted, style);
    match (test(&glob), missing) {
        (Truth::No, _) => Truth::No,
        (_, Some(variable)) => view::missing(&variable),
        (truth, None) => truth,
    }
}
