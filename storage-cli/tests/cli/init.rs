//! Buckets made what the settings say, on a server that keeps policies as it is told.

use std::time::Duration;

use http::Method;
use s3_testserver::{Answer, Effect, Fault, TestServer};
use serde_json::{Value, json};

use crate::sandbox::{Outcome, Sandbox};

struct Server {
    inner: TestServer,
    sandbox: Sandbox,
    endpoint: String,
}

impl Server {
    async fn start() -> Self {
        let server = TestServer::start().await;
        let endpoint = server.endpoint().trim_start_matches("http://").to_owned();
        Self { inner: server, sandbox: Sandbox::new(), endpoint }
    }

    /// Its buckets have no policies so far, and take any.
    async fn with_policies() -> Self {
        let it = Self::start().await;
        it.answers(Method::GET, "?policy", Answer::error(404, "NoSuchBucketPolicy"));
        it.answers(Method::PUT, "?policy", Answer::new(204));
        it.answers(Method::DELETE, "?policy", Answer::new(204));
        it
    }

    fn answers(&self, method: Method, target: &str, answer: Answer) {
        drop(self.inner.inject(Fault::new(Effect::Answer(answer)).method(method).target(target).always()));
    }

    fn run(&self, variables: &[(&str, &str)], args: &[&str]) -> Outcome {
        let server = [
            ("STORAGE_BACKEND", "minio"),
            ("MINIO_ENDPOINT", &self.endpoint),
            ("MINIO_USE_HTTPS", "no"),
            ("MINIO_ACCESS_KEY", self.inner.access_key()),
            ("MINIO_SECRET_KEY", self.inner.secret_key()),
            ("MINIO_HTTP_CLIENT__RETRIES", "0"),
            ("STORAGE_ROOT", ""),
            ("STORAGE_DURABILITY", ""),
        ];
        self.inner.requests().reset();
        self.sandbox.run_with(&[&server[..], variables].concat(), args)
    }

    /// What was asked, such as `PUT /photos`, in order.
    fn asked(&self) -> Vec<String> {
        let all = self.inner.requests().all();
        all.iter()
            .map(|request| format!("{} {}", request.method, request.target.trim_end_matches('=')))
            .collect()
    }
}

/// Anybody reads what begins so, which is no preset.
fn foreign(bucket: &str) -> String {
    policy(bucket, "*", "s3:GetObject", "a/*/b")
}

fn policy(bucket: &str, who: &str, action: &str, key: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": [who]}, "Action": [action],
        "Resource": [format!("arn:aws:s3:::{bucket}/{key}")]
    }]})
    .to_string()
}

const BOTH: [(&str, &str); 2] = [("MINIO_PRIVATE_BUCKETS", "aaa,bbb"), ("MINIO_MEDIA_FILES_BUCKET", "aaa")];

#[tokio::test(flavor = "multi_thread")]
async fn only_the_buckets_that_are_named_are_touched() {
    let server = Server::start().await;
    server.answers(Method::GET, "/aaa?policy", Answer::new(200).body(foreign("aaa")));
    server.answers(Method::GET, "/bbb?policy", Answer::new(200).body(foreign("bbb")));
    server.answers(Method::DELETE, "?policy", Answer::new(204));
    let of = |args: &[&str]| {
        let outcome = server.run(&BOTH, &[&["init", "--replace-foreign", "--json"], args].concat()).ok();
        let names: Vec<_> =
            outcome.json().iter().map(|line| line["bucket"].as_str().unwrap().to_owned()).collect();
        (names, server.asked())
    };
    let (names, asked) = of(&["--bucket", "bbb"]);
    assert_eq!(names, ["bbb"]);
    assert_eq!(asked, ["GET /bbb?policy", "DELETE /bbb?policy"]);
    assert_eq!(of(&["--storage", "default"]).0, ["aaa", "bbb"]);
    let (names, asked) = of(&[]);
    assert_eq!((names.len(), asked.len()), (2, 4));
    server.run(&BOTH, &["init", "--bucket", "ccc"]).failed(2);
    assert_eq!(server.asked(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_storage_is_initialised_alone() {
    let server = Server::with_policies().await;
    let variables = [
        ("STORAGES__OLD__MINIO_ENDPOINT", server.endpoint.as_str()),
        ("STORAGES__OLD__MINIO_USE_HTTPS", "no"),
        ("STORAGES__OLD__MINIO_ACCESS_KEY", server.inner.access_key()),
        ("STORAGES__OLD__MINIO_SECRET_KEY", server.inner.secret_key()),
        ("STORAGES__OLD__MINIO_PRIVATE_BUCKETS", "ccc"),
        ("STORAGES__OLD__MINIO_MEDIA_FILES_BUCKET", "ccc"),
    ];
    server.run(&[&BOTH[..], &variables].concat(), &["init", "--storage", "old"]).ok();
    assert_eq!(server.asked(), ["GET /ccc?policy"]);
}

/// Bucket after bucket is slow to come, and yet each is there before any hook is put.
#[tokio::test(flavor = "multi_thread")]
async fn hooks_are_put_when_all_buckets_exist() {
    let server = Server::start().await;
    server.answers(Method::GET, "?policy", Answer::error(404, "NoSuchBucket"));
    server.answers(Method::PUT, "?policy", Answer::new(204));
    let slow =
        Fault::new(Effect::Delay(Duration::from_millis(300))).method(Method::PUT).target("/bbb").always();
    drop(server.inner.inject(slow));
    let hooks = json!([["aaa", foreign("aaa")], ["bbb", foreign("bbb")]]).to_string();
    let variables = [&BOTH[..], &[("MINIO_POLICY_HOOKS", hooks.as_str())]].concat();
    server.run(&variables, &["init"]).ok();
    let asked = server.asked();
    let place = |request: &str| {
        asked.iter().position(|asked| asked == request).unwrap_or_else(|| panic!("{request}: {asked:?}"))
    };
    let created = place("PUT /aaa").max(place("PUT /bbb"));
    let hooked = place("PUT /aaa?policy").min(place("PUT /bbb?policy"));
    assert!(created < hooked, "{asked:?}");
    assert_eq!(asked.len(), 6, "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_hooks_are_all_told_before_anything_is_sent() {
    let server = Server::with_policies().await;
    server.sandbox.write("no.json", "{\"Statement\": [");
    server.sandbox.write("large.json", format!("{{\"Statement\": [], \"a\": \"{}\"}}", "x".repeat(20 << 10)));
    let hooks = json!([
        ["aaa", policy("aaa", "*", "s3:PutObject", "*")],
        ["bbb", policy("aaa", "*", "s3:GetObject", "*")],
        ["aaa", "missing.json"],
        ["bbb", "no.json"],
        ["bbb", "large.json"],
        ["zzz", foreign("zzz")]
    ]);
    let hooks = hooks.to_string();
    let variables = [&BOTH[..], &[("MINIO_POLICY_HOOKS", hooks.as_str())]].concat();
    for args in [&["init"][..], &["init", "--check"]] {
        let outcome = server.run(&variables, args).failed(2);
        for told in [
            "the hook of `aaa`: it lets anybody store in a bucket that the settings call private",
            "the hook of `bbb`: the resource `arn:aws:s3:::aaa/*` is not of this bucket",
            "the hook of `aaa`: the policy file missing.json: ",
            "the hook of `bbb`: a policy is not valid JSON: ",
            "the hook of `bbb`: the policy file large.json: it must be a file of at most 20 KiB",
            "`zzz` is none of the buckets",
            "`aaa` has two hooks",
        ] {
            assert!(outcome.stderr.contains(told), "{told}: {}", outcome.stderr);
        }
        assert_eq!(server.asked(), [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_its_own_hook_opens_is_told_and_is_as_wanted() {
    let server = Server::with_policies().await;
    server.inner.create_bucket("aaa");
    server.inner.create_bucket("bbb");
    let open = foreign("aaa");
    let hooks = json!([["aaa", open], ["bbb", policy("bbb", "arn:aws:iam::1:root", "s3:GetObject", "*")]]);
    let hooks = hooks.to_string();
    let variables = [&BOTH[..], &[("MINIO_POLICY_HOOKS", hooks.as_str())]].concat();
    let told = |outcome: &Outcome| {
        outcome.json().iter().map(|line| line["findings"].as_array().unwrap().clone()).collect::<Vec<_>>()
    };
    let words =
        "open, although the settings call it private: their own policy hook lets anonymous people read";
    let init = server.run(&variables, &["init", "--json"]).ok();
    assert_eq!(told(&init), [vec![Value::from(words)], vec![]]);
    server.inner.clear_faults();
    server.answers(Method::GET, "/aaa?policy", Answer::new(200).body(open));
    let check = server.run(&variables, &["init", "--check", "--json", "--bucket", "aaa"]).ok();
    assert_eq!(told(&check), [vec![Value::from(words)]]);
    assert_eq!(check.json()[0]["changes"], json!([]));
}

/// AWS says so to whoever is not of the bucket's own account: the policy is there, and anybody may be let in by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_may_not_be_seen_is_not_taken_for_none() {
    let server = Server::start().await;
    server.inner.create_bucket("aaa");
    server.answers(Method::GET, "?policy", Answer::error(405, "MethodNotAllowed"));
    let only = ["--bucket", "aaa"];
    for args in [&["init"][..], &["init", "--check"]] {
        let outcome = server.run(&BOTH, &[args, &only, &["--json"]].concat()).failed(4);
        let line = &outcome.json()[0];
        assert_eq!(line["ok"], json!(false));
        assert!(line["error"].as_str().unwrap().contains("permission denied"), "{line}");
        assert_eq!(server.asked(), ["GET /aaa?policy"]);
    }
    server.inner.clear_faults();
    let outcome = server.run(&BOTH, &[&["init", "--check"][..], &only].concat()).ok();
    assert!(outcome.text().contains("as it should be"), "501: there are no policies, {outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_says_only_what_is_not_as_it_should_be() {
    let server = Server::start().await;
    server.answers(Method::GET, "/aaa?policy", Answer::error(404, "NoSuchBucketPolicy"));
    server.answers(Method::GET, "/bbb?policy", Answer::new(200).body(foreign("bbb")));
    let outcome = server.run(&BOTH, &["init", "--quiet"]).failed(1);
    assert_eq!(outcome.text(), "");
    assert!(outcome.stderr.starts_with("default/bbb: NOT PRIVATE"), "{outcome:?}");
    assert_eq!(outcome.stderr.lines().count(), 1, "{outcome:?}");
    assert_eq!(server.run(&BOTH, &["init", "--quiet", "--bucket", "aaa"]).ok().text(), "");
    assert_eq!(server.run(&BOTH, &["init", "--quiet", "--json"]).failed(1).json().len(), 2);
}

/// They say that versions are off, as if they could be on.
#[tokio::test(flavor = "multi_thread")]
async fn versions_that_are_refused_fail_now_and_at_each_check() {
    let server = Server::with_policies().await;
    let off = "<VersioningConfiguration/>";
    server.answers(Method::GET, "?versioning", Answer::new(200).body(off));
    server.answers(Method::PUT, "?versioning", Answer::error(501, "NotImplemented"));
    let variables =
        [&BOTH[..1], &[("MINIO_MEDIA_FILES_BUCKET", "aaa"), ("MINIO_VERSIONING", "true")]].concat();
    for _ in 0..2 {
        let init = server.run(&variables, &["init"]).failed(1);
        assert!(init.text().contains("NOT VERSIONED"), "{init:?}");
        server.run(&variables, &["init", "--check"]).failed(1);
    }
    // Who says that it has none is believed, and no failure.
    server.inner.clear_faults();
    server.answers(Method::GET, "?policy", Answer::error(404, "NoSuchBucketPolicy"));
    for args in [&["init"][..], &["init", "--check"]] {
        assert!(server.run(&variables, args).ok().text().contains("keeps no versions"));
    }
    let without = [&BOTH[..], &[("MINIO_VERSIONING", "false")]].concat();
    assert!(server.run(&without, &["init", "--check"]).ok().text().contains("as it should be"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lifecycle_rule_of_others_that_is_called_as_ours_is_kept() {
    let server = Server::with_policies().await;
    server.inner.create_bucket("aaa");
    let rules = "<LifecycleConfiguration><Rule><ID>direct-uploads</ID><Status>Enabled</Status><Filter><Tag><Key>k</Key></Tag></Filter>\
                 <Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>";
    server.answers(Method::GET, "?lifecycle", Answer::new(200).body(rules));
    server.answers(Method::PUT, "?lifecycle", Answer::new(200));
    let variables = [&BOTH[..], &[("MINIO_UPLOADS_EXPIRE_AFTER", "1d")]].concat();
    let init = |more: &[&str]| server.run(&variables, &[&["init", "--bucket", "aaa"], more].concat());
    assert!(init(&[]).ok().text().contains("somebody else wrote is called `direct-uploads`"));
    assert_eq!(server.asked().len(), 2, "nothing is written");
    init(&["--check"]).failed(1);
    init(&["--replace-foreign"]).ok();
    assert_eq!(server.asked().last().map(String::as_str), Some("PUT /aaa?lifecycle"));
}

/// Some servers take `action` for `Action`, and let people in by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_nobody_understands_is_shown_and_may_let_anybody_in() {
    let server = Server::start().await;
    let odd = policy("aaa", "arn:aws:iam::1:root", "s3:GetObject", "*").replace("Action", "action");
    server.answers(Method::GET, "?policy", Answer::new(200).body(odd.clone()));
    let show = server.run(&BOTH, &["policy", "show", "--quiet"]).ok();
    assert_eq!(show.text().trim_end(), odd);
    let show = server.run(&BOTH, &["policy", "show"]).failed(0);
    assert!(
        show.stderr.starts_with("notice: not a policy, line 1 ") && show.stderr.contains("`Action`"),
        "{show:?}"
    );
    assert_eq!(server.run(&BOTH, &["policy", "show", "--json"]).ok().json()[0]["policy"], Value::from(odd));
    for command in [&["policy", "explain"][..], &["policy", "diff", "private"], &["policy", "audit"]] {
        let outcome = server.run(&BOTH, command).failed(1);
        assert!(
            outcome.stderr.contains("`Action`") && outcome.stderr.contains("storage policy show"),
            "{outcome:?}"
        );
    }
    let init = server.run(&BOTH, &["init", "--bucket", "aaa"]).failed(1);
    assert!(init.text().contains("NOT PRIVATE"), "{init:?}");
    assert_eq!(server.asked(), ["GET /aaa?policy"], "it is kept");
}
