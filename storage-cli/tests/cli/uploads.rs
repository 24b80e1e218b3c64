use serde_json::{Value, json};

use crate::sandbox::{MEDIA, Outcome, Sandbox};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and what else a picture has";

const SHA: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// The checks of a PUT with these headers.
fn verify(sandbox: &Sandbox, upload: &Value, headers: &[String]) -> Outcome {
    let headers: Vec<_> = headers.iter().map(|header| format!("--header={header}")).collect();
    let mut args = vec!["verify-url", upload["url"].as_str().unwrap(), "--method", "PUT", "--json"];
    args.extend(headers.iter().map(String::as_str));
    sandbox.run(&args)
}

#[test]
fn a_presigned_put_says_all_that_has_to_be_sent() {
    let sandbox = Sandbox::new();
    let args = [
        &["presign-put", "a b.png", "--expires", "10m", "--content-type", "image/png", "--length", "3"][..],
        &["--sha256", SHA, "--metadata", "Author=Jürgen", "--cache-control", "no-store", "--tag", "a=b"],
        &["--download-as", "Übersicht.png", "--content-language", "de", "--if-absent", "--json"],
    ]
    .concat();
    let upload = sandbox.run(&args).ok().json().remove(0);
    assert_eq!(
        (&upload["key"], &upload["method"], &upload["content_length"], &upload["expires_in"]),
        (&json!("a b.png"), &json!("PUT"), &json!(3), &json!(600))
    );
    let headers = upload["headers"].as_object().unwrap();
    let mut headers: Vec<_> =
        headers.iter().map(|(name, value)| format!("{name}:{}", value.as_str().unwrap())).collect();
    headers.push("content-length:3".to_owned());
    let terms = verify(&sandbox, &upload, &headers).ok().json().remove(0)["upload"].take();
    assert_eq!((&terms["min_length"], &terms["max_length"]), (&json!(3), &json!(3)));
    assert_eq!(
        (&terms["content_type"], &terms["metadata"]),
        (&json!("image/png"), &json!({"author": "Jürgen"}))
    );
    assert_eq!((&terms["mode"], &terms["checksum"]), (&json!("create"), &json!("sha256")));
    assert_eq!((&terms["tags"], &terms["cache_control"]), (&json!({"a": "b"}), &json!("no-store")));
    assert!(terms["content_disposition"].as_str().unwrap().contains("%C3%9Cbersicht.png"), "{terms}");
    for at in 0..headers.len() {
        let mut less = headers.clone();
        less.remove(at);
        verify(&sandbox, &upload, &less).failed(4);
    }
}

#[test]
fn people_get_a_line_for_curl_where_the_url_is_whole() {
    let sandbox = Sandbox::new();
    let args = ["presign-put", "a", "--metadata", "note=it's", "--length", "1KiB"];
    let path = sandbox.run(&args).failed(0);
    assert!(path.stderr.contains("STORAGE_BASE_URL") && !path.text().contains("curl"), "{path:?}");
    let whole = sandbox.run_with(&[("STORAGE_BASE_URL", "https://example.org/f")], &args).ok();
    let lines = whole.lines();
    let url = lines[0].strip_prefix("PUT ").unwrap();
    assert!(url.starts_with(&format!("https://example.org/f/{MEDIA}/a?")), "{lines:?}");
    assert!(lines[1..3].contains(&"content-length: 1024".to_owned()), "{lines:?}");
    assert_eq!(
        lines.last().unwrap(),
        &format!("curl --fail --upload-file FILE --header 'x-amz-meta-note: it'\\''s' '{url}'")
    );
}

#[test]
fn a_key_that_nobody_can_guess_is_made_for_whoever_names_none() {
    let sandbox = Sandbox::new();
    let key = |command: &str| {
        let key = sandbox.run(&[command, "--json"]).ok().json().remove(0)["key"].as_str().unwrap().to_owned();
        assert!(key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
        key
    };
    for command in ["presign-put", "post-policy"] {
        assert_ne!(key(command), key(command));
    }
}

#[test]
fn a_form_is_json_or_html() {
    let sandbox = Sandbox::new();
    let args = [
        &["post-policy", "a.png", "--expires", "10m", "--max-length", "5MiB", "--content-type", "image/png"]
            [..],
        &["--success", "201", "--metadata", "author=me"],
    ]
    .concat();
    let form = sandbox.run(&[&args[..], &["--json"]].concat()).ok().json().remove(0);
    assert_eq!(
        (&form["key"], &form["below"], &form["method"]),
        (&json!("a.png"), &Value::Null, &json!("POST"))
    );
    assert_eq!((&form["expires_in"], form.get("html")), (&json!(600), None));
    let fields = form["fields"].as_array().unwrap();
    for field in [
        ["key", "a.png"],
        ["Content-Type", "image/png"],
        ["success_action_status", "201"],
        ["x-amz-meta-author", "me"],
    ] {
        assert!(fields.contains(&json!(field)), "{field:?}: {fields:?}");
    }
    let unknown = sandbox.run(&[&args[..], &["--field", "acl=private", "--json"]].concat()).failed(1);
    assert_eq!(unknown.errors()[0]["kind"], "unsupported");
    let pretty: Value = serde_json::from_str(sandbox.run(&args).ok().text()).unwrap();
    assert_eq!(pretty["fields"][0], form["fields"][0]);
    let html = sandbox.run(&[&args[..], &["--html"]].concat()).ok();
    assert!(html.text().starts_with("<form ") && html.text().ends_with("</form>\n"), "{html:?}");
    assert!(html.text().contains("name=\"key\" value=\"a.png\""), "{html:?}");
    let both = sandbox.run(&[&args[..], &["--html", "--json"]].concat()).ok().json().remove(0);
    assert!(both["html"].as_str().unwrap().starts_with("<form "), "{both}");
}

#[test]
fn a_form_may_take_any_key_below_a_folder_and_any_type_of_a_kind() {
    let sandbox = Sandbox::new();
    let args = ["post-policy", "--below", "in box/", "--content-type", "image/*", "--json"];
    let form = sandbox.run(&args).ok().json().remove(0);
    assert_eq!((&form["key"], &form["below"]), (&Value::Null, &json!("in box")));
    assert!(form["fields"].as_array().unwrap().contains(&json!(["key", "in box/${filename}"])), "{form}");
    // The script adds the type of the file.
    assert!(!form["fields"].to_string().contains("Content-Type"), "{form}");
    let html = sandbox.run(&["post-policy", "a", "--content-type", "image/*", "--html"]).failed(2);
    assert!(html.stdout.is_empty() && html.stderr.contains("--type"), "{html:?}");
}

#[test]
fn an_upload_is_kept_under_its_name_and_the_type_of_its_content() {
    let sandbox = Sandbox::new();
    let variables = [("MINIO_PRIVATE_BUCKETS", "uploads"), ("MINIO_PUBLIC_BUCKETS", "www")];
    let run = |args: &[&str]| sandbox.run_with(&variables, args);
    sandbox.write("7c1f", PNG);
    run(&["put", "7c1f", "--bucket", "uploads", "--content-type", "text/html"]).ok();
    let args =
        ["accept", "7c1f", "cats/tom.png", "--from", "uploads", "--bucket", "www", "--type", "image/*"];
    let more = ["--max-length", "1KiB", "--cache-control", "no-cache", "--json"];
    let first = run(&[&args[..], &more[..]].concat()).ok().json().remove(0);
    assert_eq!((&first["upload"], &first["accepted"]), (&json!("7c1f"), &json!(true)));
    assert_eq!((&first["key"], &first["size"]), (&json!("cats/tom.png"), &json!(PNG.len())));
    assert_eq!(
        (&first["content_type"], &first["url"]),
        (&json!("image/png"), &json!("/files/www/cats/tom.png"))
    );
    let again = run(&[&args[..], &more[..]].concat()).ok().json().remove(0);
    assert_eq!((&again["key"], &again["accepted"]), (&first["key"], &first["accepted"]));
    let stat = run(&["stat", "cats/tom.png", "--bucket", "www", "--json"]).ok().json().remove(0);
    assert_eq!((&stat["content_type"], &stat["cache_control"]), (&json!("image/png"), &json!("no-cache")));
    run(&["stat", "7c1f", "--bucket", "uploads"]).failed(3);
    assert_eq!(run(&args).ok().text(), "7c1f -> cats/tom.png /files/www/cats/tom.png\n");
}

#[test]
fn a_rejected_upload_is_deleted_and_has_a_status_of_its_own() {
    let sandbox = Sandbox::new();
    let cases: [(&[&str], Value); 4] = [
        (&["--max-length", "2"], json!({"reason": "too_long", "size": 3, "max": 2})),
        (&["--min-length", "4"], json!({"reason": "too_short", "size": 3, "min": 4})),
        (&["--type", "image/png"], json!({"reason": "content_type", "found": "text/plain"})),
        (&["--sha256", &"0".repeat(64)], json!({"reason": "digest"})),
    ];
    for (index, (options, expected)) in cases.iter().enumerate() {
        let key = format!("in/{index}.txt");
        sandbox.put(&key, "abc");
        let args = [&["accept", &key, "kept.txt"], *options].concat();
        // The second call has nothing to look at any more, and says the same.
        for _ in 0..2 {
            let outcome = sandbox.run(&[&args[..], &["--json"]].concat()).failed(7);
            let mut json = outcome.json().remove(0);
            assert_eq!((&json["upload"], &json["accepted"]), (&json!(key), &json!(false)));
            assert!(json["rejection"]["message"].as_str().unwrap().starts_with("the upload "), "{json}");
            json["rejection"].as_object_mut().unwrap().remove("message");
            assert_eq!(&json["rejection"], expected);
            assert!(outcome.stderr.is_empty(), "{outcome:?}");
        }
        let text = sandbox.run(&args).failed(7);
        assert!(text.text().starts_with(&format!("rejected {key}: the upload ")), "{text:?}");
    }
    assert!(sandbox.keys().iter().all(|key| key.starts_with(".accepted/")), "{:?}", sandbox.keys());
    sandbox.put("good.txt", "abc");
    sandbox.run(&["accept", "good.txt", "kept.txt", "--sha256", SHA]).ok();
}

#[test]
fn an_upload_may_come_from_another_storage() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "storage.toml",
        "[storages.inbox.storage]\nbackend = 'local'\n[storages.inbox.minio]\nprivate_buckets = ['drop']",
    );
    let put = |bucket: &str, content: &[u8]| {
        let args = [
            "put",
            "-",
            "--name",
            "a.txt",
            "--storage",
            "inbox",
            "--bucket",
            bucket,
            "--collision",
            "replace",
        ];
        sandbox.pipe(content, &args).ok();
    };
    put("drop", b"1");
    put(MEDIA, b"2");
    sandbox.run(&["accept", "a.txt", "one.txt", "--from-storage", "inbox", "--from", "drop"]).ok();
    sandbox.run(&["accept", "a.txt", "two.txt", "--from-storage", "inbox"]).ok();
    // Without an alias the bucket is one of the storage that the command works on.
    put("drop", b"3");
    sandbox.run(&["accept", "a.txt", "three.txt", "--from", "drop"]).failed(2);
    sandbox.run(&["accept", "a.txt", "three.txt", "--from", "drop", "--storage", "inbox"]).ok();
    assert_eq!(sandbox.run(&["cat", "one.txt"]).ok().text(), "1");
    assert_eq!(sandbox.run(&["cat", "two.txt"]).ok().text(), "2");
    assert_eq!(sandbox.run(&["cat", "three.txt", "--storage", "inbox"]).ok().text(), "3");
}

#[test]
fn a_taken_name_is_what_the_collision_rule_says() {
    let sandbox = Sandbox::new();
    sandbox.put("kept.txt", "old");
    sandbox.put("in/1", "new");
    let accept = |rule: &str| sandbox.run(&["accept", "in/1", "kept.txt", "--collision", rule, "--json"]);
    assert_eq!(accept("reject").failed(6).errors()[0]["kind"], "already_exists");
    // It is still there.
    assert_eq!(sandbox.run(&["cat", "in/1"]).ok().text(), "new");
    let sandbox = Sandbox::new();
    sandbox.put("kept.txt", "old");
    for (upload, rule) in [("in/2", "rename"), ("in/3", "replace")] {
        sandbox.put(upload, upload);
        sandbox.run(&["accept", upload, "kept.txt", "--collision", rule]).ok();
    }
    assert_eq!(sandbox.run(&["cat", "kept.txt"]).ok().text(), "in/3");
    assert!(sandbox.keys().iter().any(|key| key.starts_with("kept_")), "{:?}", sandbox.keys());
}

#[test]
fn what_runs_in_browsers_is_kept_as_an_attachment_unless_told_otherwise() {
    let sandbox = Sandbox::new();
    for (name, options) in [("a.html", &[][..]), ("b.html", &["--inline"])] {
        let upload = format!("in/{name}");
        sandbox.put(&upload, "<html><script>alert(1)</script></html>");
        sandbox.run(&[&["accept", &upload, name], options].concat()).ok();
        let stat = sandbox.run(&["stat", name, "--json"]).ok().json().remove(0);
        assert!(stat["content_type"].as_str().unwrap().starts_with("text/html"), "{stat}");
        assert_eq!(stat["content_disposition"].is_null(), name == "b.html", "{stat}");
    }
}

/// Nothing is printed that would fail at the user, and nothing is deleted for a condition that nothing could hold.
#[test]
fn bad_input_is_told_before_anything_is_made_or_deleted() {
    let sandbox = Sandbox::new();
    sandbox.put("a", "abc");
    let cases: &[&[&str]] = &[
        &["url", "a", "--expires", "7d1s"],
        &["url", "a", "--expires", "500ms"],
        &["url", "a", "--stable", "0s"],
        &["url", "a", "--stable", "7d"],
        &["url", "a", "--stable", "1500ms"],
        &["url", "a", "--stable", "1h", "--expires", "7d"],
        &["url", "a", "--method", "put"],
        &["url", "a", "--method", "delete", "--download-as", "b"],
        &["url", "a", "--download-as", "b\n.txt"],
        &["url", "a", "--download-as", ""],
        &["url", "a", "--download-as", "b/c"],
        &["url", "a", "--download-as", "b", "--response", "content-disposition=inline"],
        &["url", "a", "--response", "content-type=a\nb"],
        &["url", "a", "--query", "x=1", "--query", "x=2"],
        &["url", "a", "--query", "versionId=1"],
        &["url", "a", "--version-id", ""],
        &["presign-put", "a", "--expires", "0s"],
        &["presign-put", "a", "--expires", "8d"],
        &["presign-put", "../a"],
        &["presign-put", "a\nb"],
        &["presign-put", "a", "--length", "1kB"],
        &["presign-put", "a", "--length", "-1"],
        &["presign-put", "a", "--sha256", "abc"],
        &["presign-put", "a", "--content-type", "a\r\nb: c"],
        &["presign-put", "a", "--cache-control", ""],
        &["presign-put", "a", "--metadata", "a b=c"],
        &["presign-put", "a", "--content-disposition", "attachment; filename=\"ü\""],
        &["presign-put", "a", "--download-as", "a\u{7}b"],
        &["presign-put", "a", "--if-match", "a\nb"],
        &["presign-put", "a", "--if-match", ""],
        &["presign-put", "a", "--storage-class", "a b"],
        &["post-policy", "a", "--expires", "8d"],
        &["post-policy", "a", "--min-length", "2", "--max-length", "1"],
        &["post-policy", "a", "--max-length", "6GiB"],
        &["post-policy", "a", "--content-type", "image*"],
        &["post-policy", "a", "--content-type", "a\nb"],
        &["post-policy", "a", "--redirect", "/done"],
        &["post-policy", "a", "--redirect", "javascript:alert(1)"],
        &["post-policy", "a", "--success", "202"],
        &["post-policy", "a", "--success", "200", "--redirect", "https://example.org/"],
        &["post-policy", "a", "--below", "b"],
        &["post-policy", "--below", ""],
        &["post-policy", "a", "--field", "policy=x"],
        &["post-policy", "a", "--field", "a=1", "--field", "a=2"],
        &["post-policy", "a", "--field", "a=1", "--field-prefix", "a=2"],
        &["post-policy", "a", "--field-prefix", "a=1", "--html"],
        &["accept", "a", "b", "--min-length", "2", "--max-length", "1"],
        &["accept", "a", "b", "--type", "image"],
        &["accept", "a", "b", "--type", "image/p*"],
        &["accept", "a", "b", "--sha256", "x"],
        &["accept", "a", "b", "--cache-control", "a\nb"],
        &["accept", "../a", "b"],
        &["accept", "a", "b", "--from", "nowhere"],
        &["accept", "a", "b", "--from-storage", "nowhere"],
    ];
    for args in cases {
        let outcome = sandbox.run(args).failed(2);
        assert!(outcome.stdout.is_empty() && !outcome.stderr.is_empty(), "{args:?}: {outcome:?}");
        let json = sandbox.run(&[args, &["--json"][..]].concat()).failed(2);
        assert!(json.stdout.is_empty() && json.errors()[0]["message"].is_string(), "{args:?}: {json:?}");
    }
    assert_eq!(sandbox.keys(), ["a"]);
    sandbox.run(&["accept", "nothing", "b"]).failed(3);
}
