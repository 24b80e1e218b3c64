#[cfg(unix)]
use std::process::Command;

use serde_json::{Value, json};

use crate::http::send;
use crate::server::{Outcome, Sandbox, is_named};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and what else a picture has";

/// A bucket that is there, as uploads create none.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.put(b"x", "first");
    sandbox
}

fn presigned(sandbox: &Sandbox, args: &[&str]) -> Value {
    sandbox.run(&[&["presign-put", "--json"], args].concat()).ok().json().remove(0)
}

fn put(upload: &Value, headers: &[(String, String)], body: &[u8]) -> u16 {
    send("PUT", upload["url"].as_str().unwrap(), headers, body).status
}

fn headers(upload: &Value) -> Vec<(String, String)> {
    let headers = upload["headers"].as_object().unwrap();
    headers.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

fn accept(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    sandbox.run(&[&["accept", "--json"], args].concat())
}

#[test]
fn what_is_uploaded_by_a_presigned_put_is_accepted_or_rejected() {
    let sandbox = sandbox();
    let length = PNG.len().to_string();
    let options =
        ["--content-type", "text/html", "--length", &length, "--metadata", "author=me", "--expires", "10m"];
    let upload = presigned(&sandbox, &options);
    let key = upload["key"].as_str().unwrap();
    let good = headers(&upload);
    assert_eq!(put(&upload, &good, &PNG[1..]), 403);
    let mut other = good.clone();
    other.iter_mut().find(|(name, _)| name == "content-type").unwrap().1 = "image/png".to_owned();
    assert_eq!(put(&upload, &other, PNG), 403);
    assert_eq!(sandbox.run(&["stat", key, "--json"]).status, Some(3));
    assert_eq!(put(&upload, &good, PNG), 200);
    let stat = sandbox.run(&["stat", key, "--json"]).ok().json().remove(0);
    assert_eq!((&stat["content_type"], &stat["metadata"]), (&json!("text/html"), &json!({"author": "me"})));

    let options = [key, "cats/tom.png", "--type", "image/*", "--max-length", "1KiB"];
    let kept = accept(&sandbox, &options).ok().json().remove(0);
    let saved = kept["key"].as_str().unwrap();
    assert!(is_named(saved, "cats/tom.png"), "{kept}");
    assert_eq!((&kept["accepted"], &kept["content_type"]), (&json!(true), &json!("image/png")));
    let stat = sandbox.run(&["stat", saved, "--json"]).ok().json().remove(0);
    assert_eq!((&stat["content_type"], stat["metadata"].get("author")), (&json!("image/png"), None));
    assert_eq!(sandbox.run(&["cat", saved]).ok().stdout, PNG);
    assert_eq!(accept(&sandbox, &options).ok().json()[0]["key"], kept["key"]);

    let upload = presigned(&sandbox, &["--expires", "10m"]);
    let key = upload["key"].as_str().unwrap();
    assert_eq!(put(&upload, &headers(&upload), PNG), 200);
    for _ in 0..2 {
        let rejected = accept(&sandbox, &[key, "dog.png", "--max-length", "2"]);
        assert_eq!((rejected.status, rejected.stderr.as_str()), (Some(7), ""), "{rejected:?}");
        let reason = &rejected.json()[0]["rejection"];
        assert_eq!((&reason["reason"], &reason["max"]), (&json!("too_long"), &json!(2)));
    }
    assert_eq!(sandbox.run(&["stat", key, "--json"]).status, Some(3));
    assert_eq!(accept(&sandbox, &["never-uploaded"]).failure(), (Some(3), "not_found".into()));
}

/// What a shell makes of the line as it is printed.
#[cfg(unix)]
#[test]
fn the_line_for_curl_uploads() {
    let sandbox = sandbox();
    let args =
        ["presign-put", "a b.png", "--content-type", "image/png", "--metadata", "note=it's $HOME \"x\""];
    let line = sandbox.run(&args).ok().lines().pop().unwrap();
    let script = format!("curl() {{ printf '%s\\n' \"$@\"; }}; {line}");
    let words = Command::new("sh").args(["-c", &script]).output().unwrap().stdout;
    let words: Vec<_> = std::str::from_utf8(&words).unwrap().lines().collect();
    assert_eq!(words[..3], ["--fail", "--upload-file", "FILE"]);
    let headers = words[3..].chunks_exact(2).map(|option| {
        assert_eq!(option[0], "--header", "{words:?}");
        let (name, value) = option[1].split_once(": ").unwrap();
        (name.to_owned(), value.to_owned())
    });
    let headers: Vec<_> = headers.collect();
    assert_eq!(send("PUT", words.last().unwrap(), &headers, PNG).status, 200);
    let stat = sandbox.run(&["stat", "a b.png", "--json"]).ok().json().remove(0);
    assert_eq!((&stat["content_type"], &stat["size"]), (&json!("image/png"), &json!(PNG.len())));
    assert_eq!(stat["metadata"]["note"], "it's $HOME \"x\"");
}

#[test]
fn a_form_says_where_to_and_under_what_conditions() {
    let sandbox = sandbox();
    let args = [
        "post-policy",
        "--json",
        "in/a.png",
        "--content-type",
        "image/png",
        "--max-length",
        "99",
        "--field",
        "acl=private",
    ];
    let form = sandbox.run(&args).ok().json().remove(0);
    let url = form["url"].as_str().unwrap();
    assert!(url.starts_with(&format!("http://{}/", sandbox.variable("MINIO_ENDPOINT"))), "{url}");
    let fields: Vec<(String, String)> = serde_json::from_value(form["fields"].clone()).unwrap();
    let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
    for name in ["key", "Content-Type", "acl", "policy", "x-amz-signature", "x-amz-credential"] {
        assert!(names.iter().any(|known| known.eq_ignore_ascii_case(name)), "{name} in {names:?}");
    }
}

#[test]
fn a_url_deletes() {
    let sandbox = Sandbox::new();
    let key = sandbox.put(b"x", "a.txt");
    let url = sandbox.run(&["url", &key, "--method", "delete", "--expires", "5m"]).ok().lines().remove(0);
    assert_eq!(send("GET", &url, &[], b"").status, 403);
    assert_eq!(send("DELETE", &url, &[], b"").status, 204);
    assert_eq!(sandbox.run(&["stat", &key, "--json"]).status, Some(3));
}

#[test]
fn a_stable_url_works_and_is_the_same_for_every_process() {
    let sandbox = Sandbox::new();
    let key = sandbox.put(b"x", "a.txt");
    let url = || sandbox.run(&["url", &key, "--stable", "1h"]).ok().lines().remove(0);
    let first = url();
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    // A window may end in between, but not twice in a row.
    assert!(first == url() || url() == url(), "{first}");
    assert_eq!(send("GET", &first, &[], b"").body, b"x");
}
