//! Over generated documents: what is printed reads back, and what is compared is consistent.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use storage_policy::{Effect, Policy, Request};

fn list(values: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![
        values.prop_map(|value| format!("{value:?}")),
        prop::collection::vec(values, 0..3).prop_map(|values| format!("{values:?}")),
    ]
}

fn statement() -> impl Strategy<Value = String> {
    let principal = prop_oneof![
        Just("\"*\"".to_owned()),
        list("[*]|arn:aws:iam::[12]:root").prop_map(|names| format!("{{\"AWS\":{names}}}")),
    ];
    let condition = prop_oneof![
        Just(String::new()),
        (list("[ab]"), prop_oneof![Just("s3:prefix"), Just("aws:Referer")])
            .prop_map(|(values, key)| format!(",\"Condition\":{{\"StringLike\":{{\"{key}\":{values}}}}}")),
    ];
    let (not, effect) = ("(Not)?", "Allow|Deny");
    (effect, not, principal, not, list("s3:(Get|Put|[*])(Object)?"), not, list("arn:aws:s3:::b/[ab*]{0,2}"), condition)
        .prop_map(|(effect, not_who, who, not_what, what, not_where, at, when)| {
            format!(
                "{{\"Effect\":\"{effect}\",\"{not_who}Principal\":{who},\"{not_what}Action\":{what},\"{not_where}Resource\":{at}{when}}}"
            )
        })
}

fn policy() -> impl Strategy<Value = Policy> {
    prop::collection::vec(statement(), 0..4).prop_map(|statements| {
        let text = format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{}]}}", statements.join(","));
        Policy::parse(&text).unwrap()
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(policy in policy()) {
        prop_assert_eq!(&Policy::parse(&policy.to_json().unwrap()).unwrap(), &policy);
        prop_assert_eq!(&Policy::parse(&policy.to_pretty_json()).unwrap(), &policy);
    }

    #[test]
    fn what_is_normalized_means_the_same(policy in policy()) {
        let normalized = policy.clone().normalized();
        prop_assert!(normalized.means_the_same_as(&policy));
        prop_assert_eq!(normalized.anonymous_access("b"), policy.anonymous_access("b"));
        let printed = normalized.to_json().unwrap();
        prop_assert!(!printed.contains("\"Principal\":\"") && !printed.contains("\"Action\":\"") && !printed.contains("\"Resource\":\""));
        prop_assert_eq!(normalized.clone().normalized(), normalized);
    }

    #[test]
    fn the_order_of_statements_means_nothing(policy in policy()) {
        let mut statements = policy.statement.as_slice().to_vec();
        statements.reverse();
        let reversed = Policy::new(statements);
        prop_assert!(policy.means_the_same_as(&reversed) && reversed.means_the_same_as(&policy));
        prop_assert_eq!(policy.anonymous_access("b"), reversed.anonymous_access("b"));
    }

    #[test]
    fn what_means_the_same_lets_the_same_people_in(one in policy(), other in policy()) {
        prop_assert_eq!(one.means_the_same_as(&other), other.means_the_same_as(&one));
        if one.means_the_same_as(&other) {
            prop_assert_eq!(one.anonymous_access("b"), other.anonymous_access("b"));
        }
        let access = one.anonymous_access("b");
        prop_assert!(access.is_none() || !one.means_the_same_as(&Policy::new([])));
        let difference = one.difference(&other);
        prop_assert_eq!(difference.only_here.is_empty() && difference.only_there.is_empty(), one.means_the_same_as(&other));
    }

    /// Of all that one can ask for with short names.
    #[test]
    fn what_anonymous_people_may_follows_from_what_is_allowed(policy in policy()) {
        let access = policy.anonymous_access("b");
        let referers = [None, Some("a"), Some("b"), Some("c")];
        for (action, may) in [
            ("s3:GetObject", access.read),
            ("s3:ListBucket", access.list),
            ("s3:PutObject", access.write),
            ("s3:DeleteObject", access.delete),
            ("s3:Get", access.other),
            ("s3:PutBucketPolicy", access.other),
        ] {
            for resource in ["b", "b/", "b/a", "b/b", "b/ab", "b/*", "b/a*"] {
                for (referer, prefix) in referers.into_iter().flat_map(|one| referers.map(|other| (one, other))) {
                    let request = Request::anonymous(action, resource).with("aws:Referer", referer).with("s3:prefix", prefix);
                    let decision = policy.allows(&request);
                    prop_assert!(may || !decision.is_allowed(), "{:?}: {}", request, decision);
                }
            }
        }
    }

    /// And the other way round, where there are no conditions: what is said to be possible is possible somewhere. Of what several statements
    /// deny only together, more is said to be possible than is, so that there is one that denies.
    #[test]
    fn what_anonymous_people_may_is_allowed_somewhere(policy in policy()) {
        let mut denied = 0;
        let mut statements = policy.statement.as_slice().to_vec();
        statements.retain(|statement| {
            denied += usize::from(statement.effect == Effect::Deny);
            statement.effect == Effect::Allow || denied == 1
        });
        for statement in &mut statements {
            statement.condition = None;
        }
        let policy = Policy::new(statements);
        let access = policy.anonymous_access("b");
        let keys = ["b", "b/", "b/a", "b/b", "b/c", "b/aa", "b/cc", "b/ac", "b/ca", "b/ba", "b/ab", "b/bb", "b/bc", "b/cb", "b/cac", "b/cbc"];
        for (actions, may) in [
            (&["s3:GetObject", "s3:GetObjectVersion"][..], access.read),
            (&["s3:PutObject", "s3:AbortMultipartUpload", "s3:PutObjectFanOut"], access.write),
            (&["s3:DeleteObject", "s3:DeleteObjectVersion"], access.delete),
        ] {
            let is_allowed = |action: &&str| keys.iter().any(|key| policy.allows(&Request::anonymous(action, *key)).is_allowed());
            prop_assert_eq!(actions.iter().any(is_allowed), may, "{:?}", actions);
        }
    }

    /// Large numbers, and such with a fraction, too.
    #[test]
    fn what_is_not_known_reads_back(number in any::<f64>().prop_filter("JSON has no others", |number| number.is_finite())) {
        let text = format!("{{\"Statement\":[],\"Future\":[{number:e},{number}]}}");
        let policy = Policy::parse(&text).unwrap();
        prop_assert_eq!(&Policy::parse(&policy.to_pretty_json()).unwrap(), &policy);
        prop_assert_eq!(policy.unknown["Future"][0].as_f64(), Some(number));
    }

    #[test]
    fn no_text_panics(text in "[\\[\\]{}:,\"a-zA-Z0-9* ]{0,60}") {
        let _ = Policy::parse(&text);
    }
}
