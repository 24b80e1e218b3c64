use std::io::Read;
use std::time::Instant;

use serde_json::json;

use crate::sandbox::{MEDIA, Sandbox};

#[test]
fn the_json_of_an_error() {
    let sandbox = Sandbox::new();
    let error = sandbox.run(&["stat", "missing", "--json"]).failed(3).errors().remove(0);
    assert_eq!(
        error,
        json!({
            "kind": "not_found", "message": format!("stat `missing` in {MEDIA}: object not found"), "key": "missing",
            "operation": "stat", "store": MEDIA, "code": null, "http_status": null, "request_id": null,
            "hint": "`storage ls --recursive` shows what there is"
        })
    );
}

#[test]
fn people_get_a_hint() {
    let outcome = Sandbox::new().run(&["cat", "missing"]).failed(3);
    let expected = format!(
        "error: get `missing` in {MEDIA}: object not found\nhint: `storage ls --recursive` shows what there is\n"
    );
    assert_eq!(outcome.stderr, expected);
}

#[test]
fn bad_arguments_are_told_in_the_mode_asked_for() {
    let sandbox = Sandbox::new();
    let plain = sandbox.run(&["lss"]).failed(2);
    assert!(plain.stderr.contains("ls"), "{plain:?}");
    let json = sandbox.run(&["lss", "--json"]).failed(2).errors().remove(0);
    assert_eq!(json["kind"], "usage");
    assert!(json["message"].as_str().unwrap().contains("lss"), "{json}");
    assert!(sandbox.run(&["--help"]).ok().text().contains("Exit status:"));
    assert!(sandbox.run(&["--version"]).ok().text().starts_with("storage "));
}

#[test]
fn a_dead_server_is_unavailable_in_bounded_time() {
    let sandbox = Sandbox::new();
    let server = [
        ("STORAGE_BACKEND", "minio"),
        ("MINIO_ENDPOINT", "127.0.0.1:1"),
        ("MINIO_USE_HTTPS", "no"),
        ("MINIO_ACCESS_KEY", "a"),
        ("MINIO_SECRET_KEY", "s"),
        ("MINIO_PRIVATE_BUCKETS", "photos"),
        ("MINIO_MEDIA_FILES_BUCKET", "photos"),
    ];
    let begin = Instant::now();
    let error = sandbox.run_with(&server, &["cat", "x", "--json", "--quiet"]).failed(5).errors().remove(0);
    assert!(begin.elapsed().as_secs() <= 15, "{:?}", begin.elapsed());
    assert_eq!((error["kind"].as_str(), error["store"].as_str()), (Some("unavailable"), Some("photos")));
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let sandbox = Sandbox::new();
    sandbox.put("big", vec![1; 4_000_000]);
    let mut child = sandbox.command(&["cat", "big"]).spawn().unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn work_goes_on_although_nobody_reads_of_it() {
    let sandbox = Sandbox::new();
    for name in 0..50 {
        sandbox.write(&format!("in/{name}"), "");
    }
    let mut child = sandbox.command(&["put", "in", "--jobs", "1"]).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(sandbox.keys().len(), 50);
}

#[test]
fn completions_for_every_shell() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = sandbox.run(&["completions", shell]).ok();
        assert!(script.text().contains("verify-url"), "{shell}");
    }
    sandbox.run(&["completions", "tcsh"]).failed(2);
}

#[test]
fn the_memory_store_forgets() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "x");
    let memory = [("STORAGE_BACKEND", "memory")];
    assert_eq!(sandbox.run_with(&memory, &["put", "a", "--quiet"]).status, Some(0));
    sandbox.run_with(&memory, &["stat", "a", "--quiet"]).failed(3);
    assert!(!sandbox.path("store").exists());
}
