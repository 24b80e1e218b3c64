use serde_json::json;

use crate::sandbox::{MEDIA, Sandbox};

#[test]
fn a_file_is_stored_and_its_key_and_url_printed() {
    let sandbox = Sandbox::new();
    sandbox.write("cat.jpg", "content");
    let line = sandbox.run(&["put", "cat.jpg"]).ok().lines().remove(0);
    assert!(line.starts_with(&format!("cat.jpg -> cat.jpg /files/{MEDIA}/cat.jpg?")), "{line}");
    assert_eq!(std::fs::read(sandbox.path(&format!("store/{MEDIA}/cat.jpg"))).unwrap(), b"content");
}

#[test]
fn the_json_of_a_stored_file() {
    let sandbox = Sandbox::new();
    sandbox.write("cat.txt", "content");
    let mut stored = sandbox.run(&["put", "--json", "cat.txt"]).ok().json().remove(0);
    let url = stored["url"].take();
    assert!(url.as_str().unwrap().starts_with("/files/"), "{url}");
    assert_eq!(
        stored,
        json!({
            "key": "cat.txt", "size": 7, "etag": "9a0364b9e99bb480dd25e1f0284c8555", "last_modified": null,
            "content_type": "text/plain", "url": null, "source": "cat.txt"
        })
    );
}

#[test]
fn a_folder_keeps_its_paths_and_its_odd_names() {
    let sandbox = Sandbox::new();
    let names = ["a.txt", "b c/ü #1%20+&='\"?.txt", "b c/deep/er/x", "-dash", ".hidden", "日本/語"];
    for name in names {
        sandbox.write(&format!("photos/{name}"), name);
    }
    sandbox.run(&["put", "photos", "--to", "2026/"]).ok();
    let mut expected: Vec<_> = names.iter().map(|name| format!("2026/photos/{name}")).collect();
    expected.sort();
    assert_eq!(sandbox.keys(), expected);
    sandbox.run(&["get", "--recursive", "2026/photos", "--output", "out"]).ok();
    for name in names {
        assert_eq!(sandbox.read(&format!("out/photos/{name}")), name.as_bytes());
    }
}

#[test]
fn the_current_folder_has_no_name() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a/b", "");
    let mut command = sandbox.command(&["put", "."]);
    let output =
        command.current_dir(sandbox.path("in")).env("STORAGE_ROOT", sandbox.path("store")).output().unwrap();
    assert!(output.status.success());
    assert_eq!(sandbox.keys(), ["a/b"]);
}

#[test]
#[cfg(unix)]
fn links_are_not_followed_and_never_left_out_silently() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a", "");
    std::os::unix::fs::symlink("a", sandbox.path("in/link")).unwrap();
    std::os::unix::fs::symlink(".", sandbox.path("in/loop")).unwrap();
    for mode in [&["put", "in"][..], &["put", "in", "--quiet"]] {
        let outcome = sandbox.run(mode).failed(0);
        assert_eq!(outcome.stderr, "skipped: in/link: a symbolic link\nskipped: in/loop: a symbolic link\n");
    }
    let json = sandbox.run(&["put", "in", "--json"]).failed(0);
    assert!(json.stderr.contains(r#"{"skipped":{"path":"in/link","reason":"a symbolic link"}}"#), "{json:?}");
    sandbox.run(&["put", "in/link"]).ok();
    assert_eq!(sandbox.keys().last().unwrap(), "link");
}

#[test]
fn a_taken_name_is_changed_replaced_or_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("a.tar.gz", "1");
    let put = |collision: &str| sandbox.run(&["put", "a.tar.gz", "--json", "--collision", collision]);
    assert_eq!(put("reject").ok().json()[0]["key"], "a.tar.gz");
    let renamed = put("rename").ok().json().remove(0)["key"].as_str().unwrap().to_owned();
    assert!(renamed.starts_with("a_") && renamed.ends_with(".tar.gz") && renamed.len() == 16, "{renamed}");
    assert_eq!(put("replace").ok().json()[0]["key"], "a.tar.gz");
    let error = put("reject").failed(6).errors().remove(0);
    assert_eq!((error["kind"].as_str(), error["key"].as_str()), (Some("already_exists"), Some("a.tar.gz")));
    assert_eq!(sandbox.keys().len(), 2);
}

#[test]
fn the_standard_input_is_stored_under_a_name() {
    let sandbox = Sandbox::new();
    let big = vec![7; 3_000_000];
    sandbox.pipe(&big, &["put", "-", "--name", "big"]).ok();
    assert_eq!(sandbox.run(&["cat", "big"]).ok().stdout, big);
    sandbox.write("file", "redirected");
    let mut command = sandbox.command(&["put", "-", "--name", "redirected"]);
    assert!(command.stdin(std::fs::File::open(sandbox.path("file")).unwrap()).status().unwrap().success());
    assert_eq!(sandbox.run(&["cat", "redirected"]).ok().stdout, b"redirected");
    sandbox.pipe(b"", &["put", "-", "--name", "empty"]).ok();
    sandbox.pipe(b"x", &["put", "-"]).failed(2);
    sandbox.pipe(b"x", &["put", "-", "-", "--name", "x"]).failed(2);
}

#[test]
fn headers_and_metadata_are_stored() {
    let sandbox = Sandbox::new();
    sandbox.write("page.html", "<p>");
    let options = [
        "--cache-control",
        "no-cache",
        "--metadata",
        "Author=Jürgen",
        "--content-type",
        "text/html; charset=utf-8",
    ];
    sandbox.run(&[&["put", "page.html", "--inline"], &options[..]].concat()).ok();
    let stat = sandbox.run(&["stat", "page.html", "--json"]).ok().json().remove(0);
    assert_eq!(stat["content_type"], "text/html; charset=utf-8");
    assert_eq!(stat["cache_control"], "no-cache");
    assert_eq!(stat["content_disposition"], json!(null));
    assert_eq!(stat["metadata"], json!({"author": "Jürgen"}));
    sandbox.run(&["put", "page.html", "--name", "other.html"]).ok();
    let stat = sandbox.run(&["stat", "other.html", "--json"]).ok().json().remove(0);
    assert!(stat["content_disposition"].as_str().unwrap().starts_with("attachment"), "{stat}");
}

#[test]
fn what_fails_does_not_keep_the_rest_from_being_stored() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "");
    sandbox.write("b", "");
    let outcome = sandbox.run(&["put", "a", "missing", "b", "--json"]).failed(1);
    assert_eq!(outcome.json().len(), 2);
    let errors = outcome.errors();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0]["kind"], "file");
    assert!(errors[0]["message"].as_str().unwrap().starts_with("missing: "), "{errors:?}");
    assert_eq!(sandbox.keys(), ["a", "b"]);
}

#[test]
fn bad_names_are_refused() {
    let sandbox = Sandbox::new();
    for name in ["../x", "/etc/passwd", "a/../../b", "C:\\x", "a\u{1b}[2Jb", "a\nb", ""] {
        let outcome = sandbox.pipe(b"x", &["put", "-", "--name", name]).failed(2);
        assert!(outcome.stderr.starts_with("error: "), "{outcome:?}");
        assert!(!outcome.stderr.contains('\u{1b}'), "{outcome:?}");
    }
    assert!(sandbox.keys().is_empty());
}

#[test]
#[cfg(unix)]
fn a_name_that_is_no_utf8_is_a_failure_of_its_own() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    sandbox.write("in/good", "");
    std::fs::write(sandbox.path("in").join(std::ffi::OsStr::from_bytes(b"bad\xff")), "").unwrap();
    let outcome = sandbox.run(&["put", "in"]).failed(1);
    assert!(outcome.stderr.contains("not valid UTF-8"), "{outcome:?}");
    assert_eq!(sandbox.keys(), ["in/good"]);
}
