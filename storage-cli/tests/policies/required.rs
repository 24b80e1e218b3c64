//! What `storage policy required` prints is enough, and not more than enough: tried by sessions that have nothing else.

use storage_suite::policy::{Policy, Use};

use crate::case::{Case, cases, ignored};
use crate::http;
use crate::server::{Outcome, Sandbox, name};
use crate::sts;

pub(crate) fn cases() -> Vec<Case> {
    cases!("required":
        for_reading,
        for_reading_below_a_prefix,
        for_writing,
        for_tags,
        for_initialising_and_checking,
        for_health,
        for_sweeping,
        health_calls_others_forbidden,
    )
}

/// With credentials that may do what these ways of use need. MinIO alone gives such.
fn with_uses(owner: &Sandbox, uses: &[Use], prefix: &str) -> Sandbox {
    let bucket = owner.variable("MINIO_MEDIA_FILES_BUCKET");
    let session = sts::assume(owner, &Policy::required(uses, bucket, prefix));
    let gives_sessions = matches!(name().as_str(), "minio" | "minio-cluster");
    assert_eq!(session.is_some(), gives_sessions, "what is known of {} is not true any more", name());
    let Some(session) = session else {
        ignored("this server gives no credentials that are limited by a policy (STS AssumeRole)")
    };
    let sandbox = owner.again().with("MINIO_BUCKET_CHECK_ON_SAVE", "false");
    let sandbox =
        sandbox.with("MINIO_ACCESS_KEY", session.access_key).with("MINIO_SECRET_KEY", session.secret_key);
    sandbox.with("MINIO_SESSION_TOKEN", session.token).with("MINIO_MULTIPART_THRESHOLD", "5MiB")
}

#[track_caller]
fn is_denied(outcome: &Outcome) {
    assert_eq!(outcome.status, Some(4), "{outcome:?}");
}

fn owner() -> Sandbox {
    let owner = Sandbox::new();
    owner.run(&["init"]).ok();
    owner
}

/// Larger than what goes in one piece.
fn large() -> Vec<u8> {
    vec![b'x'; 12 << 20]
}

fn for_reading() {
    let owner = owner();
    let key = owner.put(b"content", "open/a.txt");
    let reader = with_uses(&owner, &[Use::Read], "");
    assert_eq!(reader.run(&["cat", &key]).ok().stdout, b"content");
    reader.run(&["stat", &key]).ok();
    assert_eq!(reader.run(&["ls", "--recursive"]).ok().lines(), std::slice::from_ref(&key));
    assert_eq!(reader.run(&["cat", "open/missing.txt"]).status, Some(3), "missing, and not denied");
    let url = reader.run(&["url", &key]).ok().lines().remove(0);
    assert_eq!(http::get(&url).status, 200);
    is_denied(&reader.pipe(b"x", &["put", "-", "--name", "b.txt"]));
    is_denied(&reader.run(&["rm", &key]));
    is_denied(&reader.run(&["policy", "show"]));
}

fn for_reading_below_a_prefix() {
    let owner = owner();
    let (inside, outside) = (owner.put(b"in", "open/a.txt"), owner.put(b"out", "shut/b.txt"));
    let reader = with_uses(&owner, &[Use::Read], "open/");
    assert_eq!(reader.run(&["cat", &inside]).ok().stdout, b"in");
    assert_eq!(reader.run(&["ls", "open/", "--recursive"]).ok().lines(), [inside]);
    is_denied(&reader.run(&["cat", &outside]));
    is_denied(&reader.run(&["ls", "shut/"]));
    is_denied(&reader.run(&["ls", "--recursive"]));
}

fn for_writing() {
    let owner = owner();
    for prefix in ["", "own/"] {
        let writer = with_uses(&owner, &[Use::Write], prefix);
        let named = |file: &str| format!("own/{}{file}", if prefix.is_empty() { "whole/" } else { "" });
        let key = writer.put(b"content", &named("a.txt"));
        let saved =
            writer.pipe(b"other", &["put", "-", "--name", &named("a.txt"), "--json"]).ok().json().remove(0);
        let again = saved["key"].as_str().unwrap().to_owned();
        assert_ne!(again, key, "a taken name is seen");
        writer.pipe(b"new", &["put", "-", "--name", &key, "--collision", "replace"]).ok();
        assert_eq!(writer.run(&["cat", &key]).ok().stdout, b"new");
        writer.write("large", large());
        writer.run(&["put", "large", "--name", &named("large")]).ok();
        writer.run(&["put", "large", "--name", &named("large"), "--collision", "replace"]).ok();
        assert_eq!(writer.run(&["uploads"]).status, Some(4), "it need not list them");
        writer.run(&["cp", &key, &named("c.txt")]).ok();
        writer.run(&["mv", &named("c.txt"), &named("d.txt")]).ok();
        let signed = writer.run(&["presign-put", &named("up.txt"), "--json"]).ok().json().remove(0);
        let headers: Vec<_> = signed["headers"].as_object().into_iter().flatten().collect();
        let headers: Vec<_> = headers
            .into_iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
            .collect();
        let answer = http::send("PUT", signed["url"].as_str().unwrap(), &headers, b"direct");
        assert_eq!(answer.status, 200, "{answer:?}");
        writer.run(&["rm", &key, &again, &named("d.txt"), &named("up.txt")]).ok();
        writer.run(&["rm", "--recursive", "own"]).ok();
        is_denied(&writer.run(&["policy", "show"]));
        if !prefix.is_empty() {
            is_denied(&writer.pipe(b"x", &["put", "-", "--name", "other/b.txt"]));
        }
    }
}

fn for_tags() {
    let owner = owner();
    let writer = with_uses(&owner, &[Use::Write, Use::Tags], "own/");
    writer.pipe(b"x", &["put", "-", "--name", "own/a.txt", "--tag", "a=b"]).ok();
    writer.run(&["cp", "own/a.txt", "own/b.txt"]).ok();
    let url = owner.run(&["url", "own/b.txt", "--query", "tagging="]).ok().lines().remove(0);
    let tags = String::from_utf8(http::get(&url).body).unwrap();
    assert!(tags.contains("<Key>a</Key><Value>b</Value>"), "{tags}");
}

fn for_initialising_and_checking() {
    let owner = Sandbox::new().with("MINIO_UPLOADS_EXPIRE_AFTER", "1d").with("MINIO_VERSIONING", "true");
    let bucket = owner.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    let public = |sandbox: Sandbox| {
        sandbox.with("MINIO_PUBLIC_BUCKETS", bucket.clone()).with("MINIO_PRIVATE_BUCKETS", "")
    };
    let checker = with_uses(&owner, &[Use::Check], "");
    assert_eq!(checker.run(&["init", "--check"]).status, Some(1));
    is_denied(&checker.run(&["init", "--quiet"]));
    let operator = public(with_uses(&owner, &[Use::Initialize], ""));
    operator.run(&["init"]).ok();
    public(checker.again()).run(&["init", "--check"]).ok();
    operator.run(&["init", "--check"]).ok();
    let private =
        operator.again().with("MINIO_PRIVATE_BUCKETS", bucket.clone()).with("MINIO_PUBLIC_BUCKETS", "");
    private.run(&["init"]).ok();
    checker.run(&["init", "--check"]).ok();
    is_denied(&operator.pipe(b"x", &["put", "-", "--name", "b.txt"]));
}

fn for_health() {
    let owner = owner();
    let monitor = with_uses(&owner, &[Use::Health], "");
    monitor.run(&["health"]).ok();
    owner.put(b"content", "a.txt");
    is_denied(&monitor.run(&["cat", "a.txt"]));
    // What it is for is needed: without, nobody knows whether the bucket is there.
    let nothing = with_uses(&owner, &[Use::Tags], "");
    assert_eq!(nothing.run(&["health"]).status, Some(1));
}

fn for_sweeping() {
    let owner = owner();
    let key = owner.put(b"orphan", "a.txt");
    let sweeper = with_uses(&owner, &[Use::Orphans], "");
    assert_eq!(sweeper.run(&["ls", "--recursive"]).ok().lines(), std::slice::from_ref(&key));
    // MinIO names those of one whole key only: that it says so, and denies nothing, is what is needed.
    assert!(sweeper.run(&["uploads"]).stderr.contains("unsupported"));
    is_denied(&with_uses(&owner, &[Use::Prune], "").run(&["uploads"]));
    is_denied(&sweeper.run(&["cat", &key]));
    sweeper.run(&["rm", &key]).ok();
    is_denied(&sweeper.pipe(b"x", &["put", "-", "--name", "b.txt"]));
}

/// The server is up, and the bucket is there, and they may not use it.
fn health_calls_others_forbidden() {
    let (owner, stranger) = (owner(), owner());
    let session = with_uses(&stranger, &[Use::Read, Use::Health], "");
    session.run(&["health"]).ok();
    let bucket = owner.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    let session =
        session.with("MINIO_PRIVATE_BUCKETS", bucket.clone()).with("MINIO_MEDIA_FILES_BUCKET", bucket);
    let outcome = session.run(&["health", "--json"]);
    assert_eq!(outcome.status, Some(1), "{outcome:?}");
    assert_eq!(outcome.json()[0]["state"], "forbidden", "{outcome:?}");
    assert!(outcome.json()[0]["advice"].as_str().unwrap().contains("policy"), "{outcome:?}");
    session.run(&["health", "--live"]).ok();
}
