//! Policies: what is read prints and reads back the same, means what it means, and every request gets an answer that fits the others.

use crate::{Policy, Request};

/// Documents as people and servers write them, with what is odd in policies.
pub const SEEDS: &[&[u8]] = &[
    br#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::b/*"]}]}"#,
    br#"{"Version":"2012-10-17","Id":"x","Statement":{"Sid":"s","Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"},"NotAction":"s3:Put*","NotResource":"arn:aws:s3:::b/${aws:username}/*","Condition":{"Bool":{"aws:SecureTransport":false}}}}"#,
    br#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":["a*","?"]},"IpAddress":{"aws:SourceIp":["10.0.0.0/8","2001:db8::/32"]},"DateLessThan":{"aws:CurrentTime":"2026-11-24T10:30:05.25+01:00"}}}]}"#,
    br#"{"Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Future":[1,null],"Condition":{"NumericLessThanEquals":{"s3:max-keys":10},"Null":{"aws:userid":"true"},"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:b"},"BinaryEquals":{"k":"AA=="}}}],"Future":{}}"#,
    br#"{"Statement":[{"Effect":"Allow","Principal":{"Service":["s"],"aws":"*"},"action":"s3:GetObject","Resource":"b","Condition":{"StringLike":{"s3:prefix":[1.5,-2]},"stringlike":{"S3:prefix":"a"}}}]}"#,
];

/// Takes the input for a document.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(policy) = Policy::parse(&text) else { return };
    for printed in [policy.to_pretty_json(), policy.to_json().unwrap_or_else(|_| policy.to_pretty_json())] {
        assert_eq!(Policy::parse(&printed).unwrap(), policy);
    }
    let difference = policy.difference(&policy);
    assert!(difference.only_here.is_empty() && difference.only_there.is_empty());
    assert!(policy.means_the_same_as(&policy));
    assert!(policy.explain().iter().all(|sentence| !sentence.is_empty()));
    let normalized = policy.clone().normalized();
    assert!(normalized.means_the_same_as(&policy));
    assert_eq!(normalized.anonymous_access("b"), policy.anonymous_access("b"));

    let access = policy.anonymous_access("b");
    // Who lets somebody in says something, and is no policy that says nothing.
    assert!(access.is_none() || !policy.grants().is_empty());
    assert!(access.is_none() || !policy.means_the_same_as(&Policy::new([])));
    policy
        .audit(&crate::AuditOptions::new().bucket("b").secure())
        .iter()
        .for_each(|warning| drop(warning.to_string()));
    for (action, resource, may) in [
        ("s3:GetObject", "b/a", access.read),
        ("s3:ListBucket", "b", access.list),
        ("s3:PutObject", "b/a", access.write),
        ("s3:DeleteObject", "b/a", access.delete),
        ("s3:PutBucketPolicy", "b", access.other),
    ] {
        let context = |request: Request| {
            let request =
                request.with("aws:SourceIp", ["10.0.0.1"]).with("aws:CurrentTime", ["2026-11-24T10:30Z"]);
            request
                .with("aws:TagKeys", ["a", "b"])
                .with("s3:max-keys", ["10"])
                .with("aws:SecureTransport", ["false"])
        };
        let decision = policy.allows(&context(Request::anonymous(action, resource)));
        assert!(may || !decision.is_allowed(), "{action}: {decision}");
        let user = "arn:aws:iam::111122223333:user/app";
        assert!(!policy.allows(&context(Request::by(user, action, resource))).to_string().is_empty());
    }
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("policies", run, SEEDS);
}
