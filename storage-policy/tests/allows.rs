//! What policies say to requests: cases written out, and what has to hold of all of them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use storage_policy::{Effect, Policy, Preset, Request};

fn policy(statements: &str) -> Policy {
    Policy::parse(&format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{statements}]}}")).unwrap()
}

const BOB: &str = "arn:aws:iam::111122223333:user/staff/bob";
const ALLOW: &str = r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#;
const DENY: &str = r#""Effect":"Deny","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#;

fn get() -> Request {
    Request::anonymous("s3:GetObject", "b/k")
}

fn bob() -> Request {
    Request::by(BOB, "s3:GetObject", "b/k")
}

/// Who decides, by place; none for a request that nobody allows.
#[track_caller]
fn decides(statements: &str, request: Request, expected: Option<(Effect, usize)>) {
    let decision = policy(statements).allows(&request);
    let decided = decision.effect.zip(decision.statement.as_ref().map(|statement| statement.index));
    assert_eq!(decided, expected, "{statements}\n{request:?}\n{decision}");
    assert_eq!(decision.doubts, []);
}

#[test]
fn deny_wins_then_allow_then_nobody() {
    let (allow, deny) =
        (format!("{{{ALLOW},\"Principal\":\"*\"}}"), format!("{{{DENY},\"Principal\":\"*\"}}"));
    decides("", get(), None);
    decides(&allow, get(), Some((Effect::Allow, 0)));
    decides(&format!("{deny},{allow}"), get(), Some((Effect::Deny, 0)));
    decides(&format!("{allow},{deny}"), get(), Some((Effect::Deny, 1)));
    decides(&format!("{allow},{allow}"), get(), Some((Effect::Allow, 0)));
}

#[test]
fn principals() {
    let allow = |principal: &str| format!("{{{ALLOW},{principal}}}");
    let yes = Some((Effect::Allow, 0));
    for (principal, anonymous, user) in [
        (r#""Principal":"*""#, true, true),
        (r#""Principal":{"AWS":"*"}"#, true, true),
        (r#""Principal":{"AWS":["arn:aws:iam::111122223333:user/staff/bob"]}"#, false, true),
        (r#""Principal":{"AWS":["arn:aws:iam::111122223333:user/staff/alice"]}"#, false, false),
        (r#""Principal":{"AWS":"arn:aws:iam::111122223333:root"}"#, false, true),
        (r#""Principal":{"AWS":"111122223333"}"#, false, true),
        (r#""Principal":{"AWS":"444455556666"}"#, false, false),
        (r#""Principal":{"CanonicalUser":"arn:aws:iam::111122223333:user/staff/bob"}"#, false, false),
        (r#""Principal":{"AWS":[]}"#, false, false),
        (r#""NotPrincipal":"*""#, false, false),
        (r#""NotPrincipal":{"AWS":"*"}"#, false, false),
        (r#""NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/staff/bob"}"#, true, false),
        // An account that is left out is not all its users.
        (r#""NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"}"#, true, true),
        // As users have them.
        (r#""Sid":"own""#, false, true),
    ] {
        decides(&allow(principal), get(), yes.filter(|_| anonymous));
        decides(&allow(principal), bob(), yes.filter(|_| user));
    }
    let service = Request::by_kind("Service", "logging.s3.amazonaws.com", "s3:GetObject", "b/k");
    decides(&allow(r#""Principal":{"Service":"logging.s3.amazonaws.com"}"#), service.clone(), yes);
    decides(&allow(r#""Principal":{"Service":"other.amazonaws.com"}"#), service, None);
}

#[test]
fn actions_and_resources() {
    let yes = Some((Effect::Allow, 0));
    let case = |action: &str, resource: &str, asked: (&str, &str), expected: bool| {
        let statement = format!(r#"{{"Effect":"Allow","Principal":"*",{action},{resource}}}"#);
        decides(&statement, Request::anonymous(asked.0, asked.1), yes.filter(|_| expected));
    };
    let all = r#""Resource":"*""#;
    for (action, asked, expected) in [
        (r#""Action":"s3:GetObject""#, "S3:getobject", true),
        (r#""Action":"s3:Get*""#, "s3:GetBucketPolicy", true),
        (r#""Action":"s3:Get?bject""#, "s3:GetObject", true),
        (r#""Action":"s3:GetObject""#, "s3:GetObjectVersion", false),
        (r#""Action":["s3:PutObject","*"]"#, "s3:GetObject", true),
        (r#""Action":[]"#, "s3:GetObject", false),
        (r#""NotAction":"s3:Delete*""#, "s3:GetObject", true),
        (r#""NotAction":"s3:Delete*""#, "s3:deleteobject", false),
        (r#""NotAction":[]"#, "s3:GetObject", true),
        (r#""Sid":"no action""#, "s3:GetObject", false),
    ] {
        case(action, all, (asked, "b/k"), expected);
    }
    let any = r#""Action":"*""#;
    for (resource, asked, expected) in [
        (r#""Resource":"arn:aws:s3:::b/*""#, "b/k", true),
        (r#""Resource":"arn:aws:s3:::b/*""#, "arn:aws:s3:::b/a/b c*?", true),
        (r#""Resource":"arn:aws:s3:::b/*""#, "b", false),
        (r#""Resource":"arn:aws:s3:::b/*""#, "B/k", false),
        (r#""Resource":"arn:aws:s3:::b/*.jp?g""#, "b/x.jpeg", true),
        (r#""Resource":"arn:aws:s3:::b/*.jp?g""#, "b/x.jpg", false),
        (r#""Resource":"arn:aws:s3:::*""#, "b/k", true),
        (r#""Resource":"b/*""#, "b/k", true),
        (r#""Resource":"arn:aws:s3:::b/${*}""#, "b/*", true),
        (r#""Resource":"arn:aws:s3:::b/${*}""#, "b/k", false),
        (r#""NotResource":"arn:aws:s3:::b/secret/*""#, "b/k", true),
        (r#""NotResource":"arn:aws:s3:::b/secret/*""#, "b/secret/k", false),
        (r#""Sid":"no resource""#, "b/k", false),
    ] {
        case(any, resource, ("s3:GetObject", asked), expected);
    }
}

#[test]
fn variables() {
    let home = r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/home/${aws:username}/*"}"#;
    let ask = |key: &str| Request::by(BOB, "s3:GetObject", format!("b/home/{key}"));
    decides(home, ask("bob/x"), Some((Effect::Allow, 0)));
    decides(home, ask("alice/x"), None);
    decides(home, ask("alice/x").with("AWS:UserName", ["alice"]), Some((Effect::Allow, 0)));
    decides(home, ask("alice/x").with("aws:username", ["a*"]), None);
    // Whoever has no name is not let in by it, and cannot go around a denial by having none.
    let anonymous = || Request::anonymous("s3:GetObject", "b/home/x/y");
    let decision = policy(home).allows(&anonymous());
    assert_eq!((decision.effect, decision.doubts.len()), (None, 1));
    let denial = home.replace("Allow", "Deny");
    let decision = policy(&denial).allows(&anonymous());
    assert_eq!(decision.effect, Some(Effect::Deny));
    assert_eq!(
        decision.to_string(),
        "denied by Statement[0]; Statement[0] could not be judged: the request has no single value for `${aws:username}`"
    );
    decides(home, Request::anonymous("s3:GetObject", "b/other"), None);
    let defaulted = home.replace("aws:username", "aws:username, 'guest'");
    decides(&defaulted, Request::anonymous("s3:GetObject", "b/home/guest/y"), Some((Effect::Allow, 0)));
    let old = Policy::parse(&format!(r#"{{"Version":"2008-10-17","Statement":{home}}}"#)).unwrap();
    assert!(!old.allows(&ask("bob/x")).is_allowed(), "text in the first version");
    assert!(old.allows(&ask("${aws:username}/x")).is_allowed());
    let when = format!(
        r#"{{{ALLOW},"Principal":"*","Condition":{{"StringLike":{{"s3:prefix":"home/${{aws:username}}/*"}}}}}}"#
    );
    decides(&when, bob().with("s3:prefix", ["home/bob/pics"]), Some((Effect::Allow, 0)));
    decides(&when, bob().with("s3:prefix", ["home/alice/pics"]), None);
}

#[test]
fn decisions_name_the_statement() {
    let named = format!("{{{ALLOW},\"Principal\":\"*\"}},{{{DENY},\"Principal\":\"*\",\"Sid\":\"Closed\"}}");
    assert_eq!(policy(&named).allows(&get()).to_string(), "denied by Statement[1] `Closed`");
    assert_eq!(policy("").allows(&get()).to_string(), "denied, as no statement allows it");
    let odd =
        format!("{{{ALLOW},\"Principal\":\"*\",\"Condition\":{{\"StringIsh\":{{\"aws:Referer\":\"x\"}}}}}}");
    assert_eq!(
        policy(&odd).allows(&get()).to_string(),
        "denied, as no statement allows it; Statement[0] could not be judged: nobody knows the condition operator `StringIsh`"
    );
    assert_eq!(policy(&odd.replace("Allow", "Deny")).allows(&get()).effect, Some(Effect::Deny));
}

/// Each preset, asked for everything that people try, in the bucket and below its prefix and beside it.
#[test]
fn presets() {
    const ASKED: [(&str, &str); 6] = [
        ("s3:GetObject", "photos/open/k"),
        ("s3:GetObject", "photos/shut/k"),
        ("s3:ListBucket", "photos"),
        ("s3:PutObject", "photos/open/k"),
        ("s3:DeleteObject", "photos/open/k"),
        ("s3:PutBucketPolicy", "photos"),
    ];
    for (preset, whole, below) in [
        (Preset::Private, "......", "......"),
        (Preset::PublicRead, "rr....", "r....."),
        (Preset::PublicReadWithListing, "rrl...", "r.l..."),
        (Preset::Download, "rrl...", "r.l..."),
        (Preset::Original, "rrl...", "r.l..."),
        (Preset::Upload, "...wd.", "...wd."),
        (Preset::Public, "rrlwd.", "r.lwd."),
    ] {
        for (prefix, expected) in [("", whole), ("open/", below)] {
            let policy = preset.policy("photos", prefix);
            let asked = ASKED.map(|(action, resource)| {
                let request = Request::anonymous(action, resource).with("s3:prefix", [prefix]);
                policy.allows(&request).is_allowed()
            });
            let expected: Vec<_> = expected.chars().map(|c| c != '.').collect();
            assert_eq!(asked[..], expected, "{preset:?} {prefix}");
        }
    }
}
