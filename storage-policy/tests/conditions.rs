//! Every condition operator, by cases written out.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use storage_policy::{Decision, Policy, Request};

/// What the statement's condition is for a request with these values.
fn decision(effect: &str, operator: &str, key: &str, wanted: &str, actual: Option<&[&str]>) -> Decision {
    let deny = effect == "Deny";
    let allow = r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#;
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{}{{"Effect":"{effect}","Principal":"*","Action":"*","Resource":"*","Condition":{{"{operator}":{{"{key}":{wanted}}}}}}}]}}"#,
        if deny { format!("{allow},") } else { String::new() }
    );
    let request = Request::anonymous("s3:GetObject", "b/k");
    let request = match actual {
        Some(actual) => request.with(key.to_uppercase(), actual.iter().copied()),
        None => request,
    };
    Policy::parse(&text).unwrap().allows(&request)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Is {
    Met,
    Not,
    Doubtful,
}
use Is::{Doubtful, Met, Not};

#[track_caller]
fn case(operator: &str, key: &str, wanted: &str, actual: Option<&[&str]>, expected: Is) {
    let (allow, deny) =
        (decision("Allow", operator, key, wanted, actual), decision("Deny", operator, key, wanted, actual));
    let is = match (allow.is_allowed(), deny.is_allowed(), allow.doubts.len(), deny.doubts.len()) {
        (true, false, 0, 0) => Met,
        (false, true, 0, 0) => Not,
        (false, false, 1, 1) => Doubtful,
        odd => unreachable!("{odd:?}"),
    };
    assert_eq!(is, expected, "{operator} {key} {wanted} {actual:?}: {allow} / {deny}");
}

/// A positive operator, and its negation wherever it has one.
#[track_caller]
fn both(operator: &str, negation: &str, key: &str, wanted: &str, actual: &str, expected: Is) {
    case(operator, key, wanted, Some(&[actual]), expected);
    let negated = match expected {
        Met => Not,
        Not => Met,
        Doubtful => Doubtful,
    };
    if !negation.is_empty() {
        case(negation, key, wanted, Some(&[actual]), negated);
        case(&format!("{negation}IfExists"), key, wanted, Some(&[actual]), negated);
        case(negation, key, wanted, None, Met);
    }
    case(&format!("{operator}IfExists"), key, wanted, Some(&[actual]), expected);
    case(&format!("{operator}IfExists"), key, wanted, None, Met);
    case(&format!("ForAnyValue:{operator}"), key, wanted, Some(&[actual]), expected);
    case(&format!("ForAllValues:{operator}"), key, wanted, Some(&[actual]), expected);
    case(operator, key, wanted, None, Not);
    case(&operator.to_uppercase(), key, wanted, Some(&[actual]), expected);
}

#[test]
fn texts() {
    let (key, no) = ("aws:Referer", "StringNotEquals");
    both("StringEquals", no, key, r#""a""#, "a", Met);
    both("StringEquals", no, key, r#""a""#, "A", Not);
    both("StringEquals", no, key, r#"["b","a"]"#, "a", Met);
    both("StringEquals", no, key, r#""a*""#, "ab", Not);
    both("StringEquals", no, key, r#""${*}""#, "*", Met);
    both("StringEquals", no, key, r#""${aws:userid}""#, "x", Doubtful);
    let (yes, no) = ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase");
    both(yes, no, key, r#""Übung""#, "üBUNG", Met);
    both(yes, no, key, r#""a""#, "b", Not);
    both(
        "StringLike",
        "StringNotLike",
        key,
        r#"["x","https://*.example.org/?"]"#,
        "https://a.example.org/b",
        Met,
    );
    both("StringLike", "StringNotLike", key, r#""A*""#, "ab", Not);
    both("StringLike", "StringNotLike", key, r#""${aws:userid}-a*""#, "b", Not);
}

#[test]
fn numbers() {
    let key = "s3:max-keys";
    for (operator, less, same, more) in [
        ("NumericEquals", Not, Met, Not),
        ("NumericLessThan", Met, Not, Not),
        ("NumericLessThanEquals", Met, Met, Not),
        ("NumericGreaterThan", Not, Not, Met),
        ("NumericGreaterThanEquals", Not, Met, Met),
    ] {
        let negation = if operator == "NumericEquals" { "NumericNotEquals" } else { "" };
        both(operator, negation, key, "10", "9", less);
        both(operator, negation, key, r#""10""#, "10.0", same);
        both(operator, negation, key, r#"["10"]"#, "10.5", more);
        both(operator, negation, key, "10", "ten", Doubtful);
        both(operator, negation, key, r#""ten""#, "10", Doubtful);
    }
}

#[test]
fn dates() {
    let (key, noon) = ("aws:CurrentTime", r#""2026-11-24T12:00:00Z""#);
    for (operator, before, same, after) in [
        ("DateEquals", Not, Met, Not),
        ("DateLessThan", Met, Not, Not),
        ("DateLessThanEquals", Met, Met, Not),
        ("DateGreaterThan", Not, Not, Met),
        ("DateGreaterThanEquals", Not, Met, Met),
    ] {
        let negation = if operator == "DateEquals" { "DateNotEquals" } else { "" };
        both(operator, negation, key, noon, "2026-11-24", before);
        both(operator, negation, key, noon, "2026-11-24T13:00:00+01:00", same);
        both(operator, negation, key, noon, "2026-11-24T12:00:00.001Z", after);
        both(operator, negation, "aws:EpochTime", "1795521600", "1795521600", same);
        both(operator, negation, key, noon, "soon", Doubtful);
    }
}

#[test]
fn truth_values_and_bytes() {
    both("Bool", "", "aws:SecureTransport", "true", "true", Met);
    both("Bool", "", "aws:SecureTransport", r#""false""#, "TRUE", Not);
    both("Bool", "", "aws:SecureTransport", r#""yes""#, "true", Doubtful);
    both("BinaryEquals", "", "aws:Referer", r#""QmluYXJ5""#, "QmluYXJ5", Met);
    both("BinaryEquals", "", "aws:Referer", r#""QQ==""#, "QQ", Met);
    both("BinaryEquals", "", "aws:Referer", r#""qmluyxj5""#, "QmluYXJ5", Not);
    both("BinaryEquals", "", "aws:Referer", r#""?""#, "QQ==", Doubtful);
}

#[test]
fn addresses() {
    let (yes, no, key) = ("IpAddress", "NotIpAddress", "aws:SourceIp");
    both(yes, no, key, r#""192.0.2.0/24""#, "192.0.2.9", Met);
    both(yes, no, key, r#"["192.0.2.0/24","2001:db8::/32"]"#, "2001:db8::1", Met);
    both(yes, no, key, r#"["192.0.2.0/24","2001:db8::/32"]"#, "198.51.100.1", Not);
    both(yes, no, key, r#""192.0.2.7""#, "192.0.2.7", Met);
    both(yes, no, key, r#""192.0.2.0/33""#, "192.0.2.7", Doubtful);
    both(yes, no, key, r#""192.0.2.0/24""#, "localhost", Doubtful);
}

#[test]
fn arns() {
    for (yes, no) in [("ArnEquals", "ArnNotEquals"), ("ArnLike", "ArnNotLike")] {
        let key = "aws:SourceArn";
        both(
            yes,
            no,
            key,
            r#""arn:aws:sns:*:111122223333:t*""#,
            "arn:aws:sns:eu-west-1:111122223333:topic",
            Met,
        );
        both(yes, no, key, r#""arn:aws:sns:*:t*""#, "arn:aws:sns:eu-west-1:111122223333:topic", Doubtful);
        both(yes, no, key, r#""arn:aws:*:*:topic:x""#, "arn:aws:sns:eu-west-1:111122223333:topic", Not);
        both(yes, no, key, r#""arn:aws:sns:::t:*""#, "arn:aws:sns:::t:a:b", Met);
        both(yes, no, key, r#""arn:aws:sns:::t""#, "topic", Doubtful);
    }
}

#[test]
fn whether_a_key_is_there() {
    let key = "aws:userid";
    for (wanted, present, absent) in [
        ("true", Not, Met),
        ("\"false\"", Met, Not),
        (r#"["true","false"]"#, Met, Met),
        ("\"x\"", Doubtful, Doubtful),
        ("[]", Not, Not),
    ] {
        case("Null", key, wanted, Some(&["me"]), present);
        case("Null", key, wanted, None, absent);
        case("Null", key, wanted, Some(&[]), absent);
    }
}

#[test]
fn many_values() {
    let (key, ab) = ("aws:TagKeys", r#"["a","b"]"#);
    for (operator, none, inside, partly, outside) in [
        ("ForAllValues:StringEquals", Met, Met, Not, Not),
        ("ForAnyValue:StringEquals", Not, Met, Met, Not),
        ("ForAllValues:StringNotEquals", Met, Not, Not, Met),
        ("ForAnyValue:StringNotEquals", Not, Not, Met, Met),
        ("ForAnyValue:StringEqualsIfExists", Met, Met, Met, Not),
        ("ForAllValues:StringEqualsIfExists", Met, Met, Not, Not),
        // One key with many values, and nothing said of how: one that matches is enough to match.
        ("StringEquals", Not, Met, Met, Not),
        ("StringNotEquals", Met, Not, Not, Met),
    ] {
        case(operator, key, ab, None, none);
        case(operator, key, ab, Some(&[]), none);
        case(operator, key, ab, Some(&["b", "a"]), inside);
        case(operator, key, ab, Some(&["a", "c"]), partly);
        case(operator, key, ab, Some(&["c", "d"]), outside);
    }
    case("StringEquals", key, "[]", Some(&["a"]), Not);
    case("StringNotEquals", key, "[]", Some(&["a"]), Met);
}

#[test]
fn what_nobody_knows() {
    for operator in [
        "StringIs",
        "",
        "ForSomeValues:StringEquals",
        "NullIfExists",
        "ForAnyValue:Null",
        "NumericLike",
        "IfExists",
    ] {
        case(operator, "aws:Referer", "\"x\"", Some(&["x"]), Doubtful);
    }
    case("StringEquals", "aws:Refferer", "\"x\"", None, Doubtful);
    case("Null", "aws:Refferer", "\"true\"", None, Doubtful);
    case("StringEquals", "aws:Refferer", "\"x\"", Some(&["x"]), Met);
    case("StringEquals", "s3:ExistingObjectTag/Team", "\"x\"", None, Not);
}

/// All of them must hold, and one that does not is enough to know, whatever is in doubt.
#[test]
fn several() {
    let text = |condition: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{condition}}}}}"#
        )
    };
    let ask = |condition: &str| {
        let request = Request::anonymous("s3:GetObject", "b/k")
            .with("aws:SourceIp", ["192.0.2.1"])
            .with("aws:Referer", ["x"]);
        Policy::parse(&text(condition)).unwrap().allows(&request)
    };
    assert!(
        ask(r#"{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"},"StringEquals":{"aws:Referer":"x"}}"#)
            .is_allowed()
    );
    assert!(
        !ask(r#"{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"},"StringEquals":{"aws:Referer":"y"}}"#)
            .is_allowed()
    );
    assert!(!ask(r#"{"StringEquals":{"aws:Referer":"x","aws:userid":"u"}}"#).is_allowed());
    let doubtful = ask(r#"{"Odd":{"aws:Referer":"x"},"StringEquals":{"aws:Referer":"y"}}"#);
    assert_eq!(doubtful.doubts, []);
    assert!(ask("{}").is_allowed());
}
