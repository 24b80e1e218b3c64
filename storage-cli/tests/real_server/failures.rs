use std::time::{Duration, Instant, SystemTime};

use storage_core::clock::Clock;
use storage_suite::{Bucket, ErrorKind};

use crate::server::{self, Sandbox};

#[test]
fn wrong_credentials_are_told_from_a_missing_object() {
    let good = Sandbox::new();
    let key = good.put(b"x", "a");
    assert_eq!(good.run(&["stat", "never-there", "--json"]).failure(), (Some(3), "not_found".into()));
    let bucket = good.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    for name in ["MINIO_ACCESS_KEY", "MINIO_SECRET_KEY"] {
        let bad = Sandbox::new()
            .with("MINIO_MEDIA_FILES_BUCKET", &bucket)
            .with("MINIO_PRIVATE_BUCKETS", &bucket)
            .with(name, "definitelywrong");
        let outcome = bad.run(&["cat", &key, "--json"]);
        assert_eq!(outcome.failure(), (Some(4), "unauthenticated".into()), "{name}");
        let shown = format!("{outcome:?}");
        assert!(
            !shown.contains(good.variable("MINIO_SECRET_KEY")) && !shown.contains("Signature="),
            "{shown}"
        );
        // A HEAD's answer says less; it is a refusal all the same, never "not found".
        assert_eq!(bad.run(&["stat", &key, "--json"]).status, Some(4), "{name}");
        assert_eq!(bad.pipe(b"x", &["put", "-", "--name", "a", "--json"]).status, Some(4), "{name}");
    }
}

#[test]
fn a_missing_bucket_is_told_from_a_missing_object() {
    let sandbox = Sandbox::new().with("MINIO_BUCKET_CHECK_ON_SAVE", "false");
    for command in [&["stat", "a", "--json"][..], &["cat", "a", "--json"], &["ls", "--json"]] {
        assert_eq!(sandbox.run(command).failure(), (Some(3), "bucket_missing".into()), "{command:?}");
    }
    // SeaweedFS creates a bucket that is written into, whatever the client thinks of it.
    if server::name() != "seaweedfs" {
        let put = sandbox.pipe(b"x", &["put", "-", "--name", "a", "--json"]);
        assert_eq!(put.failure(), (Some(3), "bucket_missing".into()));
    }
}

#[test]
fn a_dead_server_is_given_up_in_time() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for endpoint in [free.to_string(), "no-such-host.invalid:9000".to_owned()] {
        let sandbox = Sandbox::new().with("MINIO_ENDPOINT", endpoint);
        sandbox.write("a.txt", "x");
        for command in [&["put", "a.txt", "--json"][..], &["cat", "a", "--json"], &["ls", "--json"]] {
            let start = Instant::now();
            assert_eq!(sandbox.run(command).failure(), (Some(5), "unavailable".into()), "{command:?}");
            assert!(start.elapsed() < Duration::from_secs(15), "{command:?} took {:?}", start.elapsed());
        }
    }
}

#[test]
fn a_server_that_never_answers_is_given_up_in_time() {
    // Connections are accepted by the system and never served.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let sandbox = Sandbox::new()
        .with("MINIO_ENDPOINT", silent.local_addr().unwrap().to_string())
        .with("MINIO_HTTP_CLIENT__READ_TIMEOUT", "1s");
    let start = Instant::now();
    assert_eq!(sandbox.run(&["cat", "a", "--json"]).failure(), (Some(5), "timeout".into()));
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}

#[test]
fn a_clock_that_is_off_has_a_name() {
    let sandbox = Sandbox::new();
    let key = sandbox.put(b"x", "a");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Garage minds only a day.
    let hours = if server::name() == "garage" { 25 } else { 1 };
    for off in [Duration::from_secs(hours * 3_600), Duration::from_secs(2 * hours * 3_600)] {
        let clock = Clock::from_fn(move || SystemTime::now() - off);
        let bucket = Bucket::new(std::sync::Arc::new(sandbox.builder().clock(clock).build().unwrap()));
        let error = runtime.block_on(bucket.open(&key)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ClockSkewed, "{error}");
    }
}

#[test]
fn a_body_that_ends_early_leaves_nothing() {
    let sandbox = Sandbox::new();
    let key = sandbox.put(b"x", "a");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let storages = sandbox.storages();
    let media = storages.media();
    for (sent, declared) in [(3, 4), (4, 3), (12 * 1024 * 1024, 13 * 1024 * 1024)] {
        let body =
            storage_suite::Body::from_reader(std::io::Cursor::new(vec![7; sent])).with_length(declared);
        let error = runtime.block_on(media.save("broken.bin", body)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert_eq!(sandbox.run(&["ls", "--recursive"]).ok().lines(), [key]);
}

#[test]
fn a_wrong_region_has_a_name() {
    let good = Sandbox::new();
    let key = good.put(b"x", "a");
    let bucket = good.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    let elsewhere = Sandbox::new()
        .with("MINIO_MEDIA_FILES_BUCKET", &bucket)
        .with("MINIO_PRIVATE_BUCKETS", &bucket)
        .with("MINIO_REGION", "eu-west-3");
    for command in [&["cat", &key, "--json"][..], &["stat", &key, "--json"], &["ls", "--json"]] {
        let outcome = elsewhere.run(command);
        // The others take any region, unless one is set.
        if ["versitygw", "garage"].contains(&server::name().as_str()) {
            assert_eq!(outcome.failure(), (Some(4), "wrong_region".into()), "{command:?}");
            assert!(outcome.stderr.contains("`us-east-1`"), "{outcome:?}");
        } else {
            outcome.ok();
        }
    }
}
