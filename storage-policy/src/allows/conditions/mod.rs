//! Conditions
//! ([IAM, "Condition operators"](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html), and
//! [on keys with many values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)).

mod arn;
mod date;
mod ip;
mod number;
mod operator;
mod test;

pub(crate) use operator::{Operator, Quantifier};
pub(crate) use test::Test;

use super::truth::Truth;
use super::view::View;
use crate::condition_keys;
use crate::statement::Conditions;

/// Whether all of them hold.
pub(super) fn hold(conditions: Option<&Conditions>, view: &View<'_>) -> Truth {
    let conditions = conditions.into_iter().flatten();
    Truth::all(conditions.flat_map(|(operator, keys)| {
        keys.iter().map(move |(key, wanted)| holds(operator, &key.to_lowercase(), wanted.as_slice(), view))
    }))
}

fn holds(operator: &str, key: &str, wanted: &[String], view: &View<'_>) -> Truth {
    let Some(operator) = Operator::parse(operator) else {
        return Truth::doubtful(format!("nobody knows the condition operator `{operator}`"));
    };
    let actual = view.request.values(key);
    if actual.is_none() {
        if !condition_keys::is_known(key) {
            return Truth::doubtful(format!("nobody knows the condition key `{key}`"));
        }
        if view.may_have(key) {
            return Truth::doubtful(format!("the request may have the condition key `{key}`, or not"));
        }
    }
    match (operator.test, actual) {
        (Test::Null, actual) => is_absent(actual, wanted),
        (_, None) => match operator.quantifier {
            _ if operator.if_exists => Truth::Yes,
            Quantifier::AllValues => Truth::Yes,
            Quantifier::AnyValue => Truth::No,
            Quantifier::Single => operator.is_negated.into(),
        },
        (test, Some(actual)) => {
            let each = actual.iter().map(|actual| {
                let matches = wanted.iter().map(|wanted| test.holds(actual, wanted, view));
                Truth::any(matches).if_not(operator.is_negated)
            });
            match (operator.quantifier, operator.is_negated) {
                (Quantifier::AllValues, _) | (Quantifier::Single, true) => Truth::all(each),
                (Quantifier::AnyValue, _) | (Quantifier::Single, false) => Truth::any(each),
            }
        }
    }
}

/// `"true"`: the key must be absent.
fn is_absent(actual: Option<&[String]>, wanted: &[String]) -> Truth {
    Truth::any(wanted.iter().map(|wanted| match wanted.to_lowercase().as_str() {
        "true" => actual.is_none().into(),
        "false" => actual.is_some().into(),
        _ => Truth::doubtful(format!("`Null` is `true` or `false`, not `{wanted}`")),
    }))
}
