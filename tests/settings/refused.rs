//! What is wrong is said, all at once.

#[cfg(feature = "minio")]
use std::time::Duration;

use storage_suite::Settings;
#[cfg(feature = "minio")]
use storage_suite::settings::Note;

use crate::{NONE, SERVER, faults, with};

#[test]
#[cfg(all(feature = "local", feature = "minio"))]
fn all_faults_come_at_once_each_with_key_value_and_rule() {
    let file = "
        [minio]
        endpiont = 'x'
        region = ''
        public_buckets = ['photos', 'A']
        [minio.http_client]
        read_timeout = 30
        colour = 1
        [storages.archive.minio]
        region = 'eu'
        endpoint = { host = 'x' }
        [unrelated]
        x = 1
    ";
    let environment = with(
        &SERVER,
        &[
            ("MINIO_ENDPOINT", "http://minio:9000/path"),
            ("MINIO_USE_HTTPS", "maybe"),
            ("MINIO_URL_EXPIRY_HOURS", "8d"),
            ("MINIO_URL_CACHING_TIMEOUT", "7d"),
            ("MINIO_SECRET_KEY", "hunter2\n"),
            ("STORAGES__archive__MINIO_ACCESS_KYE", "x"),
        ],
    );
    let found = faults(Settings::from_sources(file, environment));
    let expected = [
        "`minio.endpiont` (in storage.toml): there is no such key; did you mean `minio.endpoint`?",
        "`minio.http_client.colour` (in storage.toml): there is no such key",
        "`storages.archive.minio.endpoint` (in storage.toml): it must be a value, not a table",
        "`unrelated` (in storage.toml): there is no such key",
        "`STORAGES__archive__MINIO_ACCESS_KYE` (in the environment): there is no such key; did you mean …__MINIO_ACCESS_KEY?",
        "`MINIO_USE_HTTPS` is `maybe` (in the environment): it must be true, false, 1, 0, yes or no",
        "`MINIO_ENDPOINT` is `http://minio:9000/path` (in the environment): it has a scheme; give host[:port], and say http \
         or https by its `use_https` key",
        "`minio.region` is `` (in storage.toml): it is empty",
        "`MINIO_SECRET_KEY` (in the environment): it holds a control character",
        "`minio.http_client.read_timeout` is `30` (in storage.toml): it must be a duration with its unit, such as 90s or 500ms",
        "`minio.public_buckets` is `photos,A` (in storage.toml): `A` is not a valid bucket name: it must have 3 to 63 characters",
        "`MINIO_URL_EXPIRY_HOURS` is `8d` (in the environment): a signed URL lives from 1 second to 7 days",
        "`MINIO_URL_CACHING_TIMEOUT` is `7d` (in the environment): a URL stays the same for whole seconds, from 1 to less than 7 days",
    ];
    let mut missing: Vec<_> =
        expected.iter().filter(|line| !found.iter().any(|fault| fault == *line)).collect();
    missing.sort();
    assert!(missing.is_empty(), "missing {missing:#?}\nin {found:#?}");
    assert_eq!(found.len(), expected.len(), "{found:#?}");
}

#[test]
#[cfg(feature = "minio")]
fn bucket_lists_have_rules() {
    let cases: [(&[(&str, &str)], &str); 8] = [
        (&[("MINIO_PUBLIC_BUCKETS", "www,photos")], "`photos` is in the list of private buckets too"),
        (&[("MINIO_PRIVATE_BUCKETS", "[]")], "at least one bucket must be private or public"),
        (&[("MINIO_MEDIA_FILES_BUCKET", "elsewhere")], "must be in the list of private or of public buckets"),
        (
            &[("MINIO_STATIC_FILES_BUCKET", "elsewhere")],
            "must be in the list of private or of public buckets",
        ),
        (&[("MINIO_DEFAULT_BUCKET", "elsewhere")], "must be in the list of private or of public buckets"),
        (
            &[("MINIO_DEFAULT_BUCKET", "photos"), ("MINIO_MEDIA_FILES_BUCKET", "documents")],
            "`minio.media_files_bucket` says `documents`",
        ),
        (&[("MINIO_PRIVATE_BUCKETS", "photos,photos")], "`photos` is in it twice"),
        (
            &[("MINIO_POLICY_HOOKS", r#"[["elsewhere", {"Statement": []}]]"#)],
            "`elsewhere` is none of the buckets",
        ),
    ];
    for (environment, rule) in cases {
        let faults = faults(Settings::from_sources("", with(&SERVER, environment)));
        assert!(faults.len() == 1 && faults[0].contains(rule), "{environment:?}: {faults:#?}");
    }
    let media = Settings::from_sources("", with(&SERVER, &[("MINIO_DEFAULT_BUCKET", "documents")])).unwrap();
    assert_eq!(media.default_storage().buckets.media.as_str(), "documents");
}

#[test]
#[cfg(feature = "minio")]
fn mandatory_and_paired_keys_are_not_guessed() {
    let https = faults(Settings::from_sources(
        "",
        SERVER.iter().copied().filter(|(name, _)| *name != "MINIO_USE_HTTPS"),
    ));
    assert!(https.len() == 1 && https[0].contains("(MINIO_USE_HTTPS)"), "{https:#?}");
    for lonely in [("MINIO_EXTERNAL_ENDPOINT", "x"), ("MINIO_EXTERNAL_ENDPOINT_USE_HTTPS", "no")] {
        assert_eq!(faults(Settings::from_sources("", with(&SERVER, &[lonely]))).len(), 1, "{lonely:?}");
    }
}

#[test]
#[cfg(feature = "minio")]
fn what_has_no_effect_is_taken_and_said() {
    let settings = Settings::from_sources(
        "",
        with(
            &SERVER,
            &[
                ("MINIO_POLICY_HOOKS", r#"[["photos", {"Statement": []}]]"#),
                ("MINIO_CONSISTENCY_CHECK_ON_START", "yes"),
                ("MINIO_URL_CACHING_ENABLED", "yes"),
                ("MINIO_URL_CACHING_TIMEOUT", "3600"),
                ("MINIO_URL_CACHING_PREFIX", "urls:"),
                ("MINIO_STATIC_FILES_BUCKET", "photos"),
                ("MINIO_MULTIPART_UPLOAD", "no"),
                ("STORAGE_ROOT", "/data"),
            ],
        ),
    )
    .unwrap();
    let keys: Vec<_> = settings
        .notes()
        .iter()
        .filter_map(|note| match note {
            Note::NoEffect { key, .. } => Some(key.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(keys, ["STORAGE_ROOT", "MINIO_MULTIPART_UPLOAD", "MINIO_URL_CACHING_PREFIX"]);
    let storage = settings.default_storage();
    assert_eq!(storage.policy_hooks[0].policy, r#"{"Statement":[]}"#);
    assert_eq!(storage.url_caching.window(), Some(Duration::from_secs(3_600)));
}

#[test]
fn a_broken_file_is_one_fault_without_its_text() {
    for file in ["[storage]\nsigning_key = \"hunter2", "[storage]\nsigning_key = hunter2", "hunter2"] {
        let found = faults(Settings::from_sources(file, [("STORAGE_BACKEND", "memory")]));
        assert!(found[0].contains("it is not valid TOML line "), "{found:?}");
        assert!(!found[0].contains("hunter2"), "{found:?}");
    }
    assert!(!faults(Settings::builder().file("/no/such/file.toml").environment(NONE).load()).is_empty());
    let named = Settings::builder().environment([("STORAGE_CONFIG", "/no/such/file.toml")]).load();
    assert!(faults(named)[0].contains("/no/such/file.toml"));
}

#[test]
fn values_from_outside_never_panic() {
    for text in [
        "",
        " ",
        "\u{0}",
        "ü",
        "-1",
        "99999999999999999999",
        "[",
        "{}",
        "[[]]",
        "a,b",
        "://",
        "@",
        ":",
        "[::",
    ] {
        for entry in Settings::from_sources("", [("STORAGE_BACKEND", "memory")])
            .map_or_else(|_| Vec::new(), |s| s.entries().to_vec())
        {
            let _ = Settings::from_sources("", [(entry.variable.as_str(), text)]);
            let _ = Settings::builder().code_only().set(entry.key, text).load();
        }
    }
}

#[test]
#[cfg(feature = "minio")]
fn what_the_store_would_refuse_is_a_fault_among_the_others() {
    let environment = with(
        &SERVER,
        &[
            ("MINIO_ENDPOINT", "192.168.0.300"),
            ("MINIO_ACCESS_KEY", "key,with=signs"),
            ("MINIO_SECRET_KEY", "hünter2"),
            ("MINIO_EXTERNAL_ENDPOINT", "10.0.0.1"),
            ("MINIO_EXTERNAL_ENDPOINT_USE_HTTPS", "no"),
            ("MINIO_ADDRESSING_STYLE", "virtual"),
            ("MINIO_PUBLIC_BASE_URL", "https://cdn.example.org/%zz"),
            ("MINIO_HTTP_CLIENT__PROXY", "https://proxy"),
        ],
    );
    let faults = faults(Settings::from_sources("", environment));
    let names =
        ["ENDPOINT", "ACCESS_KEY", "SECRET_KEY", "ADDRESSING_STYLE", "PUBLIC_BASE_URL", "HTTP_CLIENT__PROXY"];
    assert_eq!(faults.len(), names.len(), "{faults:#?}");
    for name in names {
        assert!(
            faults.iter().any(|fault| fault.starts_with(&format!("`MINIO_{name}`"))),
            "{name}: {faults:#?}"
        );
    }
    assert!(!faults.concat().contains("hünter2") && !faults.concat().contains("key,with"), "{faults:#?}");
}

#[test]
#[cfg(feature = "local")]
fn faults_come_in_the_same_order_each_time() {
    let file = (0..20).fold(String::new(), |file, n| file + &format!("[x{n:02}]\n"));
    let faults = faults(Settings::from_sources(&file, NONE));
    assert!(faults.len() == 20 && faults.is_sorted(), "{faults:#?}");
}

#[test]
#[cfg(all(feature = "local", feature = "minio"))]
fn a_note_breaks_no_line() {
    let settings =
        Settings::from_sources("", [("MINIO_ENDPOIN\u{1b}", "x"), ("STORAGE_BACKEND", "memory")]).unwrap();
    assert_eq!(
        settings.notes()[0].to_string(),
        "MINIO_ENDPOIN\\u{1b} is not known; did you mean MINIO_ENDPOINT?"
    );
}

#[test]
fn no_more_is_read_of_a_settings_file_than_settings_need() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("storage.toml");
    let load = || Settings::builder().file(&path).environment(NONE).load();
    // As many comments as are allowed, then one byte more, then as much as the disk holds.
    let mut text = "#".repeat(1 << 20);
    std::fs::write(&path, &text).unwrap();
    load().unwrap();
    text.push('\n');
    std::fs::write(&path, &text).unwrap();
    for grown in [false, true] {
        if grown {
            std::fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
        }
        let error = load().unwrap_err();
        assert_eq!(error.faults().len(), 1, "{error}");
        let fault = &error.faults()[0];
        assert_eq!(
            (fault.key.as_str(), fault.rule.as_str()),
            (path.to_str().unwrap(), "it is no settings file: it must be a file of at most 1024 KiB")
        );
    }
}

#[cfg(unix)]
#[test]
fn what_has_no_end_is_no_settings_file() {
    let named = Settings::builder().environment([("STORAGE_CONFIG", "/dev/zero")]).load();
    assert!(named.unwrap_err().to_string().contains("at most 1024 KiB"));
}

/// Each initialising would undo the other's.
#[test]
#[cfg(feature = "minio")]
fn one_bucket_is_not_two_things_in_two_storages() {
    let other = |more: &[(&'static str, &'static str)]| {
        let other = [
            ("STORAGES__OLD__MINIO_ENDPOINT", "MinIO:80"),
            ("STORAGES__OLD__MINIO_USE_HTTPS", "no"),
            ("STORAGES__OLD__MINIO_ACCESS_KEY", "a"),
            ("STORAGES__OLD__MINIO_SECRET_KEY", "b"),
            ("STORAGES__OLD__MINIO_MEDIA_FILES_BUCKET", "photos"),
        ];
        let mine = [
            ("MINIO_ENDPOINT", "minio"),
            ("MINIO_PRIVATE_BUCKETS", "photos"),
            ("MINIO_VERSIONING", "yes"),
            ("MINIO_CORS_ORIGINS", "https://a.example,https://b.example"),
        ];
        Settings::from_sources("", with(&with(&with(&SERVER, &mine), &other), more))
    };
    let same = [
        ("STORAGES__OLD__MINIO_PRIVATE_BUCKETS", "photos"),
        ("STORAGES__OLD__MINIO_CORS_ORIGINS", "https://b.example,https://a.example"),
    ];
    other(&same).unwrap();
    let elsewhere =
        [("STORAGES__OLD__MINIO_ENDPOINT", "minio:9001"), ("STORAGES__OLD__MINIO_PUBLIC_BUCKETS", "photos")];
    other(&elsewhere).unwrap();
    let hook = r#"[["photos", {"Statement": []}]]"#;
    let found = faults(other(&[
        ("STORAGES__OLD__MINIO_PUBLIC_BUCKETS", "photos"),
        ("STORAGES__OLD__MINIO_VERSIONING", "no"),
        ("STORAGES__OLD__MINIO_CORS_ORIGINS", "[]"),
        ("STORAGES__OLD__MINIO_POLICY_HOOKS", hook),
    ]));
    assert_eq!(found.len(), 4, "{found:#?}");
    assert_eq!(
        found[0],
        "`storages.old.minio.public_buckets`: `photos` is one bucket in the storages `default` and `old`, and private in the one, \
         public in the other: each initialising would undo the other's"
    );
    for (fault, key) in found[1..].iter().zip(["policy_hooks", "cors_origins", "versioning"]) {
        assert!(fault.starts_with(&format!("`storages.old.minio.{key}`: ")), "{fault}");
    }
}

#[test]
#[cfg(feature = "local")]
fn every_bad_name_of_a_list_is_told() {
    let environment = [("STORAGE_BACKEND", "memory"), ("MINIO_PRIVATE_BUCKETS", "A,photos,b_c,photos")];
    let found = faults(Settings::from_sources("", environment));
    assert_eq!(found.len(), 3, "{found:#?}");
    for (fault, name) in found.iter().zip(["`A`", "`b_c`", "`photos` is in it twice"]) {
        assert!(fault.starts_with("`MINIO_PRIVATE_BUCKETS`") && fault.contains(name), "{fault}");
    }
}

/// A folder keeps policies as a server does, and is initialised as one.
#[test]
#[cfg(all(feature = "local", feature = "policy"))]
fn hooks_have_an_effect_on_a_folder() {
    let environment = [
        ("STORAGE_BACKEND", "local"),
        ("MINIO_PRIVATE_BUCKETS", "photos"),
        ("MINIO_MEDIA_FILES_BUCKET", "photos"),
        ("MINIO_POLICY_HOOKS", r#"[["photos", {"Statement": []}]]"#),
        ("MINIO_CONSISTENCY_CHECK_ON_START", "yes"),
    ];
    assert_eq!(Settings::from_sources("", environment).unwrap().notes(), []);
}
