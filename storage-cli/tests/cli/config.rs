use crate::sandbox::Sandbox;

const SECRET: &str = "hunter2-hunter2-hunter2";

#[test]
fn values_and_where_they_came_from() {
    let sandbox = Sandbox::new();
    sandbox.write("storage.toml", "[minio]\nurl_expiry_hours = '12h'\npublic_buckets = ['www']");
    let text = sandbox.run(&["config"]).ok();
    let line = |key: &str| {
        let line = text.lines().into_iter().find(|line| line.split_whitespace().next() == Some(key));
        line.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    assert_eq!(line("storage.backend").unwrap(), "storage.backend local (environment STORAGE_BACKEND)");
    assert_eq!(line("minio.url_expiry_hours").unwrap(), "minio.url_expiry_hours 12h (file storage.toml)");
    assert_eq!(line("minio.region").unwrap(), "minio.region us-east-1 (default)");
    assert_eq!(line("minio.endpoint"), None);
    assert!(sandbox.run(&["config", "--all"]).ok().text().contains("minio.endpoint"));
}

#[test]
fn the_json_of_a_key() {
    let sandbox = Sandbox::new();
    let lines = sandbox.run(&["config", "--json"]).ok().json();
    assert_eq!(
        lines[0],
        serde_json::json!({
            "key": "storage.backend", "variable": "STORAGE_BACKEND", "value": "local", "origin": "environment",
            "source": "STORAGE_BACKEND"
        })
    );
    assert!(lines.iter().any(|line| line["key"] == "minio.endpoint" && line["value"].is_null()));
}

#[test]
fn a_file_can_be_named() {
    let sandbox = Sandbox::new();
    sandbox.write("other.toml", "[minio]\nregion = 'eu'");
    for outcome in [
        sandbox.run(&["config", "--config", "other.toml", "--quiet"]),
        sandbox.run_with(&[("STORAGE_CONFIG", "other.toml")], &["config", "--quiet"]),
    ] {
        assert!(outcome.ok().text().contains("eu  (file other.toml)"));
    }
    let missing = sandbox.run(&["ls", "--config", "missing.toml"]).failed(2);
    assert!(missing.stderr.contains("missing.toml"), "{missing:?}");
}

#[test]
fn no_secret_is_printed_in_any_mode() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "storage.toml",
        format!("[storages.archive.storage]\nbackend = 'memory'\nsigning_key = '{SECRET}'"),
    );
    let proxy = format!("http://user:{SECRET}@127.0.0.1:9");
    let server = [
        ("STORAGE_BACKEND", "minio"),
        ("MINIO_ENDPOINT", "127.0.0.1:9"),
        ("MINIO_USE_HTTPS", "no"),
        ("MINIO_ACCESS_KEY", SECRET),
        ("MINIO_SECRET_KEY", SECRET),
        ("MINIO_SESSION_TOKEN", SECRET),
        ("MINIO_PRIVATE_BUCKETS", "photos"),
        ("MINIO_MEDIA_FILES_BUCKET", "photos"),
        ("MINIO_HTTP_CLIENT__RETRIES", "0"),
        ("STORAGE_SIGNING_KEY", SECRET),
    ];
    let with_proxy = [&server[..], &[("MINIO_HTTP_CLIENT__PROXY", &proxy)]].concat();
    let broken = [
        &server[..],
        &[("MINIO_REGION", "?"), ("MINIO_ENDPOINT", &proxy), ("STORAGE_SIGNING_KEY", "hunter2")],
    ]
    .concat();
    for variables in [&server[..], &with_proxy, &broken] {
        for args in [
            &["config"][..],
            &["config", "--all"],
            &["config", "--json"],
            &["ls"],
            &["ls", "--json"],
            &["stat", "x"],
        ] {
            let outcome = sandbox.run_with(variables, args);
            let shown = format!("{}{}", outcome.text(), outcome.stderr);
            assert!(!shown.is_empty() && !shown.contains("hunter2"), "{args:?}: {shown}");
        }
    }
    let masked = sandbox.run_with(&server, &["config"]);
    assert!(masked.text().contains("minio.secret_key") && masked.text().contains("***"), "{masked:?}");
}

#[test]
fn all_faults_come_at_once() {
    let sandbox = Sandbox::new();
    let variables =
        [("MINIO_ENDPOINT", "http://x"), ("STORAGE_BACKEND", "minio"), ("MINIO_URL_EXPIRY_HOURS", "8d")];
    let outcome = sandbox.run_with(&variables, &["config"]).failed(2);
    for key in ["MINIO_ENDPOINT", "MINIO_ACCESS_KEY", "MINIO_URL_EXPIRY_HOURS", "MINIO_USE_HTTPS"] {
        assert!(outcome.stderr.contains(key), "{key}: {outcome:?}");
    }
    let json = sandbox.run_with(&variables, &["ls", "--json"]).failed(2).errors().remove(0);
    assert_eq!(json["kind"], "settings");
    assert!(json["hint"].is_string());
}

#[test]
fn a_folder_by_default_is_said_once_and_not_to_programs() {
    let sandbox = Sandbox::new();
    let run = |args: &[&str]| {
        let mut command = sandbox.command(args);
        let output = command.env_remove("STORAGE_BACKEND").output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(run(&["ls"]), "notice: no store is configured: using the folder store\n");
    assert_eq!(run(&["ls", "--quiet"]), "");
    assert_eq!(run(&["ls", "--json"]), "");
}

#[test]
fn named_storages_are_apart() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "storage.toml",
        "[storages.archive.storage]\nbackend = 'local'\n[storages.archive.minio]\npublic_buckets = ['vault']",
    );
    sandbox.put("a", "default");
    sandbox.pipe(b"archive", &["put", "-", "--name", "a", "--storage", "archive"]).ok();
    assert_eq!(sandbox.run(&["cat", "a"]).ok().stdout, b"default");
    assert_eq!(sandbox.run(&["cat", "a", "--storage", "archive"]).ok().stdout, b"archive");
    assert!(sandbox.run(&["ls", "--storage", "archive", "--bucket", "vault"]).ok().stdout.is_empty());
    assert_eq!(
        sandbox.run(&["url", "a", "--storage", "archive", "--bucket", "vault"]).ok().text(),
        "/files-archive/vault/a\n"
    );
    for unknown in [["--storage", "nope"], ["--bucket", "vault"]] {
        let outcome = sandbox.run(&[&["ls"], &unknown[..]].concat()).failed(2);
        assert!(outcome.stderr.contains("there are: "), "{outcome:?}");
    }
}
