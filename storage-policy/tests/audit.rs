//! What policies are warned of, and what they are not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use storage_policy::{AuditOptions, Policy, Preset, WarningKind};

fn kinds(policy: &Policy, options: &AuditOptions) -> Vec<&'static str> {
    let warnings = policy.audit(options);
    for warning in &warnings {
        let text = warning.to_string();
        assert!(text.len() > 40 && text.contains(": "), "{text}");
        assert_eq!(text.starts_with("Statement["), warning.statement.is_some(), "{text}");
    }
    warnings.iter().map(|warning| warning.kind.as_str()).collect()
}

fn own() -> AuditOptions {
    AuditOptions::new().bucket("photos")
}

/// Of each preset nothing but what it is for; and with all that is meant said, of reading nothing.
#[test]
fn presets() {
    let (list, write, delete) = ("anonymous-list", "anonymous-write", "anonymous-delete");
    for (preset, expected) in [
        (Preset::Private, &[][..]),
        (Preset::PublicRead, &["unconditional"]),
        (Preset::PublicReadWithListing, &[list, "unconditional"]),
        (Preset::Download, &[list, "unconditional"]),
        (Preset::Original, &[list, "unconditional"]),
        (Preset::Upload, &[list, list, write, delete]),
        (Preset::Public, &[list, list, "unconditional", list, write, delete]),
    ] {
        for prefix in ["", "open/"] {
            let policy = preset.policy("photos", prefix);
            assert_eq!(kinds(&policy, &own()), expected, "{preset:?} {prefix}");
            let meant: Vec<_> = expected.iter().copied().filter(|kind| *kind != "unconditional").collect();
            assert_eq!(kinds(&policy, &own().public()), meant, "{preset:?} {prefix}");
            let plain =
                kinds(&policy, &own().public().secure()).iter().filter(|kind| **kind == "plain-http").count();
            assert_eq!(plain, policy.statement.as_slice().len(), "{preset:?} {prefix}");
        }
    }
}

const READ: &str =
    r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*""#;
const BOB: &str = r#""Principal":{"AWS":"arn:aws:iam::111122223333:user/bob"}"#;

fn policy(statements: &str) -> Policy {
    Policy::parse(&format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{statements}]}}")).unwrap()
}

#[track_caller]
fn warns(statements: &str, options: &AuditOptions, expected: &[&str]) {
    assert_eq!(kinds(&policy(statements), options), expected, "{statements}");
}

#[test]
fn what_strangers_may() {
    let read = |more: &str| format!("{{{READ}{more}}}");
    warns(&read(""), &own(), &["unconditional"]);
    warns(&read(""), &own().public(), &[]);
    warns(&read(r#","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#), &own(), &[]);
    let write = read("").replace("GetObject", "PutObject");
    warns(&write, &own().public(), &["anonymous-write"]);
    warns(
        &write.replace("\"Effect\"", r#""Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}},"Effect""#),
        &own(),
        &["anonymous-write"],
    );
    // Nobody without credentials is of an organisation.
    warns(
        &write.replace("\"Effect\"", r#""Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}},"Effect""#),
        &own(),
        &[],
    );
    warns(&write.replace("\"Principal\":\"*\"", BOB), &own(), &[]);
    warns(&read("").replace("GetObject", "PutObjectAcl"), &own(), &["anonymous-other"]);
    let all = read("").replace("GetObject", "*");
    let four = ["anonymous-list", "anonymous-write", "anonymous-delete", "anonymous-other"];
    warns(&all, &own(), &[&four[..], &["every-action"]].concat());
    warns(&all.replace("\"Principal\":\"*\"", BOB), &own(), &["every-action"]);
    // What is denied to all is not warned of.
    let deny = read("").replace("Allow", "Deny").replace("s3:GetObject", "s3:Put*");
    warns(&format!("{{{READ}}},{deny}"), &own().public(), &[]);
    let both = write.replace("\"s3:PutObject\"", "[\"s3:PutObject\",\"s3:GetObject\"]");
    warns(&format!("{both},{deny}"), &own().public(), &[]);
}

#[test]
fn plain_http() {
    let deny = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::photos","arn:aws:s3:::photos/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#;
    let options = own().public().secure();
    warns(&format!("{{{READ}}}"), &options, &["plain-http"]);
    warns(&format!("{{{READ}}},{deny}"), &options, &[]);
    warns(&format!("{{{READ}}},{}", deny.replace("\"false\"", "\"true\"")), &options, &["plain-http"]);
    warns(&format!("{{{READ}}},{}", deny.replace("s3:*", "s3:Put*")), &options, &["plain-http"]);
    warns(&format!(r#"{{{READ},"Condition":{{"Bool":{{"aws:SecureTransport":true}}}}}}"#), &options, &[]);
    // Where it may be absent, nothing is refused.
    warns(
        &format!(r#"{{{READ},"Condition":{{"NumericGreaterThan":{{"s3:TlsVersion":"1.1"}}}}}}"#),
        &options,
        &["plain-http"],
    );
}

#[test]
fn negations_and_names() {
    let bob = || format!("{{{}}}", READ.replace("\"Principal\":\"*\"", BOB));
    warns(&bob(), &own(), &[]);
    warns(
        &bob().replace("\"Principal\"", "\"NotPrincipal\""),
        &own(),
        &["unconditional", "allow-not-principal"],
    );
    warns(&bob().replace("\"Action\"", "\"NotAction\""), &own(), &["allow-not-action"]);
    warns(&bob().replace("\"Resource\"", "\"NotResource\""), &own(), &["allow-not-resource"]);
    for name in ["\"Principal\"", "\"Action\"", "\"Resource\""] {
        let negated = name.replacen('"', "\"Not", 1);
        warns(&bob().replace("Allow", "Deny").replace(name, &negated), &own(), &[]);
    }
    warns(&bob().replace("GetObject", "GetObjct"), &own(), &["unknown-action"]);
    warns(&bob().replace("GetObject", "GetAccessPoint"), &own(), &[]);
    warns(&bob().replace("s3:GetObject", "sts:AssumeRole"), &own(), &[]);
    warns(&bob().replace("photos/*", "photos"), &own(), &["wrong-resource"]);
    warns(&bob().replace("GetObject", "ListBucket"), &own(), &["wrong-resource"]);
    warns(&bob().replace("photos/*", "pho*"), &own(), &["foreign-resource"]);
    warns(&bob().replace("photos/*", "papers/*"), &AuditOptions::new(), &[]);
    warns(&bob().replace("\"Effect\"", "\"Conditon\":{},\"Effect\""), &own(), &["unknown-element"]);
    for (condition, expected) in [
        (r#"{"StringIs":{"aws:Referer":"x"}}"#, &["unknown-condition"][..]),
        (r#"{"StringEquals":{"aws:Refferer":"x"}}"#, &["unknown-condition"]),
        (r#"{"StringIs":{"aws:Refferer":"x"}}"#, &["unknown-condition", "unknown-condition"]),
        (r#"{"ForAllValues:StringLikeIfExists":{"s3:RequestObjectTag/x":"x"}}"#, &[]),
    ] {
        let with = |effect: &str| {
            bob()
                .replace("\"Effect\"", &format!("\"Condition\":{condition},\"Effect\""))
                .replace("Allow", effect)
        };
        warns(&with("Allow"), &own(), expected);
        warns(&with("Deny"), &own(), expected);
    }
    let old = Policy::parse(&format!("{{\"Statement\":{},\"Future\":1}}", bob())).unwrap();
    assert_eq!(kinds(&old, &own()), ["old-version", "unknown-element"]);
}

#[test]
fn what_never_applies() {
    let bob = || format!("{{{}}}", READ.replace("\"Principal\":\"*\"", BOB));
    let never = ["never-applies"];
    warns(&bob().replace("\"s3:GetObject\"", "[]"), &own(), &never);
    warns(&bob().replace("\"arn:aws:s3:::photos/*\"", "[]"), &own(), &never);
    warns(&bob().replace("\"Resource\"", "\"Sid\""), &own(), &never);
    warns(&bob().replace("\"arn:aws:iam::111122223333:user/bob\"", "[]"), &own(), &never);
    warns(&bob().replace(BOB, "\"NotPrincipal\":\"*\"").replace("Allow", "Deny"), &own(), &never);
    let when =
        |condition: &str| bob().replace("\"Effect\"", &format!("\"Condition\":{condition},\"Effect\""));
    warns(&when(r#"{"StringEquals":{"aws:Referer":[]}}"#), &own(), &never);
    warns(&when(r#"{"StringNotEquals":{"aws:Referer":[]}}"#), &own(), &[]);
    warns(&when(r#"{"StringEquals":{"aws:Referer":"x"},"Null":{"aws:referer":"true"}}"#), &own(), &never);
    warns(
        &when(r#"{"StringEqualsIfExists":{"aws:Referer":"x"},"Null":{"aws:referer":"true"}}"#),
        &own(),
        &[],
    );
    warns(&when(r#"{"StringEquals":{"aws:Referer":"x"},"Null":{"aws:referer":"false"}}"#), &own(), &[]);
    let deny = |resource: &str| {
        format!(
            r#"{{"Effect":"Deny","Principal":"*","Action":"s3:Get*","Resource":"arn:aws:s3:::photos/{resource}"}}"#
        )
    };
    warns(&format!("{},{}", bob(), deny("*")), &own(), &never);
    warns(&format!("{},{}", bob(), deny("a*")), &own(), &[]);
    let warning = &policy(&format!("{},{}", bob(), deny("*"))).audit(&own())[0];
    assert_eq!((warning.kind, warning.statement.as_ref().unwrap().index), (WarningKind::NeverApplies, 0));
}
