use super::test::{Comparison, Test};

/// An operator taken apart: `ForAnyValue:StringNotLikeIfExists`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) quantifier: Quantifier,
    pub(crate) test: Test,
    /// It holds where the test does not, for none of the values.
    pub(crate) is_negated: bool,
    /// It holds where the request does not have the key.
    pub(crate) if_exists: bool,
}

/// Which of many values that a request has for one key are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Single,
    AllValues,
    AnyValue,
}

impl Operator {
    /// However it is written, upper or lower case; none if nobody knows it.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (quantifier, name) = match name.split_once(':') {
            Some(("forallvalues", name)) => (Quantifier::AllValues, name),
            Some(("foranyvalue", name)) => (Quantifier::AnyValue, name),
            Some(_) => return None,
            None => (Quantifier::Single, name.as_str()),
        };
        let (name, if_exists) = name.strip_suffix("ifexists").map_or((name, false), |name| (name, true));
        let (test, is_negated) = test(name)?;
        // Whether a key exists is asked of nothing else.
        let is_odd = test == Test::Null && (if_exists || quantifier != Quantifier::Single);
        (!is_odd).then_some(Self { quantifier, test, is_negated, if_exists })
    }
}

fn test(name: &str) -> Option<(Test, bool)> {
    if let Some(comparison) = name.strip_prefix("numeric") {
        return comparison_of(comparison).map(|(comparison, not)| (Test::Number(comparison), not));
    }
    if let Some(comparison) = name.strip_prefix("date") {
        return comparison_of(comparison).map(|(comparison, not)| (Test::Date(comparison), not));
    }
    Some(match name {
        "stringequals" => (Test::Text, false),
        "stringnotequals" => (Test::Text, true),
        "stringequalsignorecase" => (Test::TextInAnyCase, false),
        "stringnotequalsignorecase" => (Test::TextInAnyCase, true),
        "stringlike" => (Test::Like, false),
        "stringnotlike" => (Test::Like, true),
        "bool" => (Test::Bool, false),
        "binaryequals" => (Test::Binary, false),
        "ipaddress" => (Test::Ip, false),
        "notipaddress" => (Test::Ip, true),
        "arnequals" | "arnlike" => (Test::Arn, false),
        "arnnotequals" | "arnnotlike" => (Test::Arn, true),
        "null" => (Test::Null, false),
        _ => return None,
    })
}

fn comparison_of(name: &str) -> Option<(Comparison, bool)> {
    Some(match name {
        "equals" => (Comparison::Equal, false),
        "notequals" => (Comparison::Equal, true),
        "lessthan" => (Comparison::Less, false),
        "lessthanequals" => (Comparison::LessOrEqual, false),
        "greaterthan" => (Comparison::Greater, false),
        "greaterthanequals" => (Comparison::GreaterOrEqual, false),
        _ => return None,
    })
}
