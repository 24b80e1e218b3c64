//! What there is: buckets, and uploads in parts that nobody has finished.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::server::{Sandbox, name};

#[test]
fn buckets_are_listed_and_those_of_the_settings_are_told_apart() {
    let sandbox = Sandbox::new();
    sandbox.run(&["init"]).ok();
    let bucket = sandbox.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    let missing = format!("{bucket}-missing");
    let sandbox = sandbox.with("MINIO_PRIVATE_BUCKETS", format!("{bucket},{missing}"));
    let lines = sandbox.run(&["buckets", "--json"]).ok().json();
    let of = |name: &str| {
        let line =
            lines.iter().find(|line| line["bucket"] == name).unwrap_or_else(|| panic!("{name}: {lines:?}"));
        (line["configured"] == true, line["exists"] == true)
    };
    assert_eq!((of(&bucket), of(&missing)), ((true, true), (true, false)));
    let text = sandbox.run(&["buckets"]).ok().lines();
    assert!(text.contains(&format!("{bucket}  (in the settings)")), "{text:?}");
    assert!(text.contains(&format!("{missing}  (in the settings, missing)")), "{text:?}");
}

/// A put that was killed in the middle leaves one. MinIO tells of those of one whole key only.
#[test]
fn unfinished_uploads_are_listed_and_aborted_by_their_age() {
    let sandbox =
        Sandbox::new().with("MINIO_MULTIPART_THRESHOLD", "5MiB").with("MINIO_MULTIPART_PART_SIZE", "5MiB");
    sandbox.run(&["init"]).ok();
    let mut put = sandbox.command(&["put", "-", "--name", "big.bin"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = put.stdin.take().unwrap();
    input.write_all(&vec![7; 11 << 20]).unwrap();
    let prefix =
        if matches!(name().as_str(), "minio" | "minio-cluster" | "in-process") { "big.bin" } else { "" };
    let list = |args: &[&str]| {
        let outcome = sandbox.run(&[&["uploads", "--json", "--prefix", prefix], args].concat());
        let is_none = outcome.status == Some(1) && outcome.stderr.contains("unsupported");
        assert!(outcome.status == Some(0) || (is_none && !prefix.is_empty()), "{outcome:?}");
        outcome.json()
    };
    let begin = Instant::now();
    while list(&[]).is_empty() {
        assert!(begin.elapsed() < Duration::from_secs(30), "no upload is begun");
    }
    put.kill().unwrap();
    put.wait().unwrap();
    drop(input);
    let aborted = |lines: &[Value]| lines.iter().map(|line| line["aborted"] == true).collect::<Vec<_>>();
    let listed = list(&[]);
    assert_eq!(aborted(&listed), [false]);
    assert!(listed[0]["started"].is_string(), "{listed:?}");
    assert_eq!(aborted(&list(&["--abort"])), [false], "it is not a day old");
    assert_eq!(aborted(&list(&["--older-than", "0s"])), [false], "a list changes nothing");
    assert_eq!(aborted(&list(&["--abort", "--older-than", "0s"])), [true]);
    assert_eq!(list(&[]), Vec::<Value>::new());
}
