use storage_suite::storage_core::url::{UploadOptions, UrlMethod};
use storage_suite::storage_core::{PutOptions, Storage};
use storage_suite::{LocalStorage, UrlOptions};

use crate::sandbox::{MEDIA, Sandbox};

#[test]
fn a_private_buckets_urls_are_signed_and_verified() {
    let sandbox = Sandbox::new();
    let url = sandbox.run(&["url", "a b/ü.txt"]).ok().lines().remove(0);
    assert!(url.starts_with(&format!("/files/{MEDIA}/a%20b/%C3%BC.txt?")), "{url}");
    let good = sandbox.run(&["verify-url", &url]).ok();
    assert!(good.text().starts_with("good: GET a b/ü.txt until "), "{good:?}");
    sandbox.run(&["verify-url", &format!("https://example.org{url}")]).ok();
    for (bad, method) in
        [(url.replace("txt?", "txt2?"), "GET"), (url.clone(), "HEAD"), ("/elsewhere".into(), "GET")]
    {
        let error =
            sandbox.run(&["verify-url", &bad, "--method", method, "--json"]).failed(4).errors().remove(0);
        assert_eq!(error["kind"], "permission_denied", "{bad}");
    }
}

#[test]
fn options_are_part_of_the_url() {
    let sandbox = Sandbox::new();
    let options = [
        "--expires",
        "1h",
        "--download-as",
        "Übersicht.txt",
        "--method",
        "head",
        "--response",
        "cache-control=no-store",
    ];
    let json = sandbox.run(&[&["url", "a", "--json"], &options[..]].concat()).ok().json().remove(0);
    assert_eq!(
        (json["key"].as_str(), json["method"].as_str(), json["expires_in"].as_u64()),
        (Some("a"), Some("HEAD"), Some(3_600))
    );
    let grant = sandbox
        .run(&["verify-url", json["url"].as_str().unwrap(), "--method", "HEAD", "--json"])
        .ok()
        .json()
        .remove(0);
    assert_eq!(grant["method"], "HEAD");
    assert_eq!(grant["response"]["response-cache-control"], "no-store");
    assert!(
        grant["response"]["response-content-disposition"].as_str().unwrap().contains("%C3%9Cbersicht.txt"),
        "{grant}"
    );
    for bad in [
        ["--expires", "8d"],
        ["--expires", "0s"],
        ["--expires", "x"],
        ["--response", "location=x"],
        ["--response", "x"],
    ] {
        sandbox.run(&[&["url", "a"], &bad[..]].concat()).failed(2);
    }
}

#[test]
fn a_url_can_stay_the_same_also_if_it_lives_as_long_as_one_can() {
    let sandbox = Sandbox::new();
    let url = || sandbox.run(&["url", "a", "--stable", "6d", "--json"]).ok().json().remove(0);
    let is_stable = (0..2).any(|_| {
        let first = url();
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        assert_eq!((&first["stable_for"], &first["expires_in"]), (&518_400.into(), &serde_json::Value::Null));
        first == url()
    });
    // A window may end in between, but not twice in a row.
    assert!(is_stable);
    let json = url();
    sandbox.run(&["verify-url", json["url"].as_str().unwrap()]).ok();
}

#[test]
fn what_a_query_says_is_signed() {
    let sandbox = Sandbox::new();
    let args = ["url", "a", "--query", "x=1 2", "--method", "delete"];
    let url = sandbox.run(&args).ok().lines().remove(0);
    assert!(url.contains("x=1%202"), "{url}");
    sandbox.run(&["verify-url", &url, "--method", "DELETE"]).ok();
    sandbox.run(&["verify-url", &url.replace("x=1%202", "x=1%203"), "--method", "DELETE"]).failed(4);
}

#[test]
fn a_url_ends() {
    let sandbox = Sandbox::new();
    let url = sandbox.run(&["url", "a", "--expires", "1s"]).ok().lines().remove(0);
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    let error = sandbox.run(&["verify-url", &url, "--json"]).failed(4).errors().remove(0);
    assert_eq!(error["code"], "expired");
}

#[test]
fn a_public_buckets_urls_are_plain() {
    let sandbox = Sandbox::new();
    let variables = [("MINIO_PUBLIC_BUCKETS", "www"), ("STORAGE_BASE_URL", "https://files.example.org/f")];
    let url = |args: &[&str]| sandbox.run_with(&variables, args).ok().lines().remove(0);
    assert_eq!(url(&["url", "a", "--bucket", "www"]), "https://files.example.org/f/www/a");
    assert!(url(&["url", "a", "--bucket", "www", "--expires", "1h"]).contains('?'));
    let signed = url(&["url", "a"]);
    assert!(signed.starts_with(&format!("https://files.example.org/f/{MEDIA}/a?")), "{signed}");
    sandbox.run_with(&variables, &["verify-url", &signed]).ok();
}

/// The folder as an application opens it: the key that signs is the same.
fn folder(sandbox: &Sandbox) -> LocalStorage {
    LocalStorage::builder(sandbox.path("store").join(MEDIA)).build().unwrap()
}

#[test]
fn a_url_to_upload_to_is_good_with_its_headers() {
    let sandbox = Sandbox::new();
    let storage = folder(&sandbox);
    let put = PutOptions::new().content_type("image/png").metadata("author", "me");
    let options = UploadOptions::new().content_length(9).put(put);
    let upload = storage.upload_signer().unwrap().upload_url(&"a.png".parse().unwrap(), &options).unwrap();
    let mut headers: Vec<String> =
        upload.headers.iter().map(|(name, value)| format!("--header={name}:{value}")).collect();
    headers.push("--header=Content-Length: 9".to_owned());
    let args = |headers: &[String]| {
        let common = ["verify-url", upload.url.as_str(), "--method", "PUT", "--json"];
        common.map(str::to_owned).into_iter().chain(headers.iter().cloned()).collect::<Vec<_>>()
    };
    let run = |args: &[String]| sandbox.run(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let grant = run(&args(&headers)).ok().json().remove(0);
    assert_eq!((grant["key"].as_str(), grant["method"].as_str()), (Some("a.png"), Some("PUT")));
    let terms = &grant["upload"];
    assert_eq!((terms["min_length"].as_u64(), terms["max_length"].as_u64()), (Some(9), Some(9)));
    assert_eq!((&terms["content_type"], &terms["metadata"]["author"]), (&"image/png".into(), &"me".into()));
    for at in 0..headers.len() {
        let mut less = headers.clone();
        less.remove(at);
        let error = run(&args(&less)).failed(4).errors().remove(0);
        assert_eq!(error["code"], "header_mismatch", "without {}", headers[at]);
    }
    run(&args(&["--header=no header".to_owned()])).failed(2);
}

#[test]
fn a_url_to_delete_with_is_called_so() {
    let sandbox = Sandbox::new();
    let options = UrlOptions::new().method(UrlMethod::Delete);
    let url = folder(&sandbox).url_signer().unwrap().signed_url(&"a".parse().unwrap(), &options).unwrap();
    let good = sandbox.run(&["verify-url", url.as_str(), "--method", "DELETE"]).ok();
    assert!(good.text().starts_with("good: DELETE a until "), "{good:?}");
    sandbox.run(&["verify-url", url.as_str()]).failed(4);
}
