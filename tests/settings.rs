//! Settings through their public interface: layers, faults, secrets.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail loudly")]

#[cfg(feature = "minio")]
use std::time::Duration;

use storage_suite::settings::Backend;
#[cfg(feature = "minio")]
use storage_suite::settings::{ConditionalWrites, Endpoint, MinioSettings, Note, Origin};
use storage_suite::{Settings, SettingsError};

const NONE: [(&str, &str); 0] = [];

const SERVER: [(&str, &str); 5] = [
    ("MINIO_ENDPOINT", "minio:9000"),
    ("MINIO_USE_HTTPS", "false"),
    ("MINIO_ACCESS_KEY", "access-1"),
    ("MINIO_SECRET_KEY", "secret-1"),
    ("MINIO_PRIVATE_BUCKETS", "photos,documents"),
];

fn with<'a>(base: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let replaced = |name: &str| more.iter().any(|(other, _)| *other == name);
    base.iter().filter(|(name, _)| !replaced(name)).chain(more).copied().collect()
}

fn faults(settings: Result<Settings, SettingsError>) -> Vec<String> {
    settings.expect_err("bad settings were taken").faults().iter().map(ToString::to_string).collect()
}

#[cfg(feature = "minio")]
fn origin(settings: &Settings, key: &str) -> Origin {
    settings.entries().iter().find(|entry| entry.key == key).expect("no such key").origin.clone()
}

#[cfg(feature = "minio")]
fn minio(settings: &Settings) -> &MinioSettings {
    match &settings.default_storage().backend {
        Backend::Minio(minio) => minio,
        other => panic!("not a server: {other:?}"),
    }
}

#[test]
#[cfg(feature = "minio")]
fn what_a_server_does_with_conditions_is_found_out_or_said() {
    assert_eq!(
        minio(&Settings::from_sources("", SERVER).unwrap()).conditional_writes,
        ConditionalWrites::Auto
    );
    for (value, means) in [
        ("auto", ConditionalWrites::Auto),
        ("Auto", ConditionalWrites::Auto),
        ("true", ConditionalWrites::Honoured),
        ("1", ConditionalWrites::Honoured),
        ("false", ConditionalWrites::Ignored),
        ("no", ConditionalWrites::Ignored),
    ] {
        let settings =
            Settings::from_sources("", with(&SERVER, &[("MINIO_CONDITIONAL_WRITES", value)])).unwrap();
        assert_eq!(minio(&settings).conditional_writes, means, "{value}");
        let file = format!(
            "[minio]\nconditional_writes = {}",
            match value {
                "true" | "false" | "1" => value.to_owned(),
                word => format!("'{word}'"),
            }
        );
        assert_eq!(
            minio(&Settings::from_sources(&file, SERVER).unwrap()).conditional_writes,
            means,
            "{file}"
        );
    }
    let wrong = faults(Settings::from_sources("", with(&SERVER, &[("MINIO_CONDITIONAL_WRITES", "maybe")])));
    assert!(
        wrong.len() == 1 && wrong[0].contains("MINIO_CONDITIONAL_WRITES") && wrong[0].contains("auto"),
        "{wrong:?}"
    );
}

#[test]
#[cfg(feature = "local")]
fn nothing_set_is_a_folder_and_says_so() {
    let settings = Settings::from_sources("", NONE).unwrap();
    let Backend::Local(folder) = &settings.default_storage().backend else { panic!("not a folder") };
    assert_eq!((folder.root.to_str(), folder.base_url.as_str()), (Some("./storage"), "/files"));
    assert_eq!(settings.default_storage().url_expiry.as_secs(), 7 * 86_400);
    assert_eq!(settings.default_storage().buckets.media.as_str(), "auto-generated-bucket-media-files");
    let notes: Vec<_> = settings.notes().iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["no store is configured: using the folder ./storage"]);
    let chosen = Settings::from_sources("", [("STORAGE_BACKEND", "local")]).unwrap();
    assert!(chosen.notes().is_empty(), "{:?}", chosen.notes());
}

#[test]
#[cfg(all(feature = "local", feature = "minio"))]
fn a_half_set_environment_is_noticed() {
    let settings =
        Settings::from_sources("", [("MINIO_SECRET_KEY", "s"), ("MINIO_USE_HTTPS", "yes")]).unwrap();
    assert!(matches!(settings.default_storage().backend, Backend::Local(_)));
    let notes: Vec<_> = settings.notes().iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "no store is configured: using the folder ./storage (although MINIO_USE_HTTPS, MINIO_SECRET_KEY are set, the \
          endpoint is not)"
        ]
    );
    let typo = Settings::from_sources("", [("MINIO_ENDPONT", "minio"), ("MINIO_ROOT_USER", "x")]).unwrap();
    let typos: Vec<_> =
        typo.notes().iter().filter(|note| matches!(note, Note::UnknownVariable { .. })).collect();
    assert_eq!(typos.len(), 1);
    assert_eq!(typos[0].to_string(), "MINIO_ENDPONT is not known; did you mean MINIO_ENDPOINT?");
}

#[test]
#[cfg(all(feature = "local", feature = "minio"))]
fn a_lost_endpoint_is_an_error_where_a_server_was_asked_for() {
    let missing = faults(Settings::from_sources("", [("STORAGE_BACKEND", "minio")]));
    assert_eq!(missing.len(), 4, "{missing:#?}");
    assert!(missing[0].contains("MINIO_ENDPOINT"), "{missing:#?}");
    let external_only = [("MINIO_EXTERNAL_ENDPOINT", "files.example.org")];
    assert!(
        faults(Settings::from_sources("", external_only))
            .iter()
            .any(|fault| fault.contains("(MINIO_ENDPOINT)"))
    );
    for name in ["MINIO_ENDPOINT", "STORAGE_BACKEND"] {
        let empty = faults(Settings::from_sources("", [(name, " ")]));
        assert_eq!(
            empty,
            [format!("`{name}` (in the environment): it is set, but empty; fill it in or remove it")]
        );
    }
}

#[test]
#[cfg(not(feature = "minio"))]
fn without_the_feature_minio_its_variables_are_an_error() {
    let folder = ("STORAGE_BACKEND", "local");
    let buckets = ("MINIO_PUBLIC_BUCKETS", "abc");
    for environment in [&SERVER[..], &SERVER[2..3], &[buckets], &[folder, SERVER[0]]] {
        let faults = faults(Settings::from_sources("", environment.iter().copied()));
        assert!(faults[0].contains("enable the feature `minio`"), "{faults:#?}");
    }
    if cfg!(feature = "local") {
        let settings = Settings::from_sources("", [folder, buckets]).unwrap();
        assert_eq!(settings.default_storage().buckets.public[0].as_str(), "abc");
    }
    assert!(!faults(Settings::from_sources("", [("STORAGE_BACKEND", "minio")])).is_empty());
}

#[test]
#[cfg(feature = "minio")]
fn an_existing_deployments_variables_work() {
    let environment = with(
        &SERVER,
        &[
            ("MINIO_EXTERNAL_ENDPOINT", "files.example.org"),
            ("MINIO_EXTERNAL_ENDPOINT_USE_HTTPS", "true"),
            ("MINIO_REGION", "eu-west-1"),
            ("MINIO_URL_EXPIRY_HOURS", "24"),
            ("MINIO_PUBLIC_BUCKETS", r#"["www"]"#),
            ("MINIO_MEDIA_FILES_BUCKET", "photos"),
            ("MINIO_BUCKET_CHECK_ON_SAVE", "1"),
            ("MINIO_HTTP_CLIENT__CONNECT_TIMEOUT", "500ms"),
            ("MINIO_HTTP_CLIENT__PROXY", "http://user:hunter2@proxy:3128"),
        ],
    );
    let settings = Settings::from_sources("", environment).unwrap();
    assert!(settings.notes().is_empty(), "{:?}", settings.notes());
    let storage = settings.default_storage();
    assert_eq!(storage.url_expiry, Duration::from_secs(86_400));
    assert_eq!(storage.buckets.media.as_str(), "photos");
    assert!(storage.buckets.is_public(&"www".parse().unwrap()));
    let all: Vec<_> = storage.buckets.all().map(ToString::to_string).collect();
    assert_eq!(all, ["photos", "documents", "www"]);
    let minio = minio(&settings);
    assert_eq!(minio.endpoint.to_string(), "http://minio:9000");
    assert_eq!(
        minio.external_endpoint.as_ref().map(Endpoint::to_string),
        Some("https://files.example.org".into())
    );
    assert_eq!((minio.region.as_str(), minio.secret_key.expose()), ("eu-west-1", "secret-1"));
    assert!(minio.bucket_check_on_save);
    assert_eq!(minio.http_client.connect_timeout, Duration::from_millis(500));
    assert_eq!(minio.http_client.read_timeout, Duration::from_secs(30));
    assert_eq!(minio.http_client.request_timeout, None);
}

#[test]
#[cfg(feature = "minio")]
fn layers_lie_over_one_another_and_each_value_knows_its_own() {
    let file = "[minio]\nendpoint = 'file:1'\nuse_https = true\nregion = 'from-file'\nsecret_key = 'f'\nprivate_buckets = ['abc']";
    let settings = Settings::builder()
        .file_text(file)
        .environment([("MINIO_REGION", "from-env"), ("MINIO_ACCESS_KEY", "e"), ("MINIO_SECRET_KEY", "e")])
        .set("minio.secret_key", "c")
        .load()
        .unwrap();
    let minio = minio(&settings);
    assert_eq!((minio.endpoint.to_string().as_str(), minio.region.as_str()), ("https://file:1", "from-env"));
    assert_eq!(minio.secret_key.expose(), "c");
    assert_eq!(origin(&settings, "minio.endpoint"), Origin::File("storage.toml".into()));
    assert_eq!(origin(&settings, "minio.region"), Origin::Environment("MINIO_REGION".into()));
    assert_eq!(origin(&settings, "minio.secret_key"), Origin::Code);
    assert_eq!(origin(&settings, "minio.addressing_style"), Origin::Default);
}

#[test]
#[cfg(feature = "minio")]
fn in_code_an_endpoint_is_a_url() {
    let builder = || {
        Settings::builder()
            .code_only()
            .set("minio.access_key", "a")
            .set("minio.secret_key", "s")
            .set("minio.public_buckets", ["abc"])
    };
    let settings = builder().set("minio.endpoint", "https://minio.example.org").load().unwrap();
    assert_eq!(minio(&settings).endpoint.to_string(), "https://minio.example.org");
    assert_eq!(faults(builder().set("minio.endpoint", "minio:9000").load()).len(), 1);
    let contradicted = builder().set("minio.endpoint", "https://minio").set("minio.use_https", false).load();
    assert_eq!(faults(contradicted).len(), 1);
}

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
        (&[("MINIO_POLICY_HOOKS", r#"[["elsewhere", {}]]"#)], "`elsewhere` is none of the buckets"),
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
                ("MINIO_POLICY_HOOKS", r#"[["photos", {"Version": "2012-10-17"}]]"#),
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
    assert_eq!(
        keys,
        [
            "STORAGE_ROOT",
            "MINIO_STATIC_FILES_BUCKET",
            "MINIO_POLICY_HOOKS",
            "MINIO_CONSISTENCY_CHECK_ON_START",
            "MINIO_MULTIPART_UPLOAD",
            "MINIO_URL_CACHING_ENABLED",
            "MINIO_URL_CACHING_TIMEOUT",
            "MINIO_URL_CACHING_PREFIX",
        ]
    );
    let storage = settings.default_storage();
    assert_eq!(storage.policy_hooks[0].policy, r#"{"Version":"2012-10-17"}"#);
    assert_eq!(storage.url_caching.timeout, Some(Duration::from_secs(3_600)));
}

#[test]
#[cfg(all(feature = "local", feature = "minio"))]
fn named_storages_share_nothing() {
    let file = "
        [storage]
        backend = 'local'
        [minio]
        public_buckets = ['shared']
        media_files_bucket = 'shared'
        [storages.archive.minio]
        endpoint = 'archive:9000'
        use_https = true
        access_key = 'a'
        private_buckets = ['vault']
        [storages.scratch.storage]
        backend = 'memory'
    ";
    let settings = Settings::from_sources(file, [("STORAGES__ARCHIVE__MINIO_SECRET_KEY", "s")]).unwrap();
    assert!(settings.notes().is_empty(), "{:?}", settings.notes());
    assert!(matches!(settings.default_storage().backend, Backend::Local(_)));
    let named = settings.named_storages();
    assert_eq!(named.keys().collect::<Vec<_>>(), ["archive", "scratch"]);
    let Backend::Minio(archive) = &named["archive"].backend else { panic!("not a server") };
    assert_eq!(
        (archive.endpoint.to_string().as_str(), archive.secret_key.expose()),
        ("https://archive:9000", "s")
    );
    let Backend::Memory(scratch) = &named["scratch"].backend else { panic!("not in memory") };
    assert_eq!(scratch.base_url, "/files-scratch");
    assert!(named["scratch"].buckets.public.is_empty());
    for alias in ["default", "Archive", "a__b", "1"] {
        let bad =
            faults(Settings::from_sources(&format!("[storages.{alias}.storage]\nbackend='memory'"), NONE));
        assert!(bad.len() == 1 && bad[0].contains("alias"), "{bad:?}");
    }
}

#[test]
fn secrets_come_from_files_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    std::fs::write(&path, "0123456789abcdef\n").unwrap();
    let path = path.to_str().unwrap();
    let key = |settings: &Settings| match &settings.default_storage().backend {
        Backend::Memory(memory) => memory.signing_key.as_ref().unwrap().expose().to_owned(),
        other => panic!("not in memory: {other:?}"),
    };
    let base = [("STORAGE_BACKEND", "memory")];
    if cfg!(feature = "local") {
        let from_env =
            Settings::from_sources("", with(&base, &[("STORAGE_SIGNING_KEY_FILE", path)])).unwrap();
        assert_eq!(key(&from_env), "0123456789abcdef");
        let from_file =
            Settings::from_sources(&format!("[storage]\nsigning_key_file = '{path}'"), base).unwrap();
        assert_eq!(key(&from_file), "0123456789abcdef");
    }
    let both = [("STORAGE_SIGNING_KEY", "x0123456789abcdef"), ("STORAGE_SIGNING_KEY_FILE", path)];
    assert!(
        faults(Settings::from_sources("", with(&base, &both)))
            .iter()
            .any(|fault| fault.contains("one of the two"))
    );
    let both = format!("[storage]\nsigning_key = 'x0123456789abcdef'\nsigning_key_file = '{path}'");
    assert!(faults(Settings::from_sources(&both, base)).iter().any(|fault| fault.contains("one of the two")));
    let missing = [("STORAGE_SIGNING_KEY_FILE", "/no/such/file")];
    assert!(
        faults(Settings::from_sources("", with(&base, &missing)))
            .iter()
            .any(|fault| fault.contains("cannot be read"))
    );
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
fn no_secret_is_shown_anywhere() {
    const SECRET: &str = "hunter2-hunter2-hunter2";
    let proxy = format!("http://user:{SECRET}@proxy:1");
    let secrets = [
        ("MINIO_ACCESS_KEY", SECRET),
        ("MINIO_SECRET_KEY", SECRET),
        ("MINIO_SESSION_TOKEN", SECRET),
        ("STORAGE_SIGNING_KEY", SECRET),
        ("STORAGES__ARCHIVE__MINIO_ACCESS_KEY", SECRET),
        ("STORAGES__ARCHIVE__MINIO_SECRET_KEY", SECRET),
        ("STORAGES__ARCHIVE__MINIO_ENDPOINT", "minio"),
        ("STORAGES__ARCHIVE__MINIO_USE_HTTPS", "no"),
        ("STORAGES__ARCHIVE__MINIO_PUBLIC_BUCKETS", "abc"),
        ("MINIO_HTTP_CLIENT__PROXY", &proxy),
    ];
    let good = Settings::builder().file_text("").environment(with(&SERVER, &secrets));
    let code = Settings::builder().code_only().set("minio.secret_key", SECRET);
    let mut shown = vec![format!("{good:?} {code:?}")];
    match good.load() {
        Ok(settings) => {
            let debug =
                format!("{settings:?} {:?} {:?}", settings.default_storage(), settings.named_storages());
            let entries = format!("{:?} {:?}", settings.entries(), settings.notes());
            shown.extend([debug, entries, serde_json::to_string(&settings).unwrap()]);
            assert!(shown[3].contains("\"***\""), "{}", shown[3]);
        }
        Err(error) if cfg!(feature = "minio") => panic!("{error}"),
        Err(error) => shown.push(format!("{error} {error:?}")),
    }
    // Every key's value bad or out of place: no fault may quote a secret either.
    let bad = format!("{SECRET}\u{7}");
    let address = format!("user:{SECRET}@host/path");
    let bad = [
        ("MINIO_ACCESS_KEY", bad.as_str()),
        ("MINIO_SECRET_KEY", &bad),
        ("MINIO_SESSION_TOKEN", &bad),
        ("STORAGE_SIGNING_KEY", &bad),
        ("MINIO_ENDPOINT", &address),
        ("MINIO_EXTERNAL_ENDPOINT", &address),
        ("MINIO_HTTP_CLIENT__PROXY", &address),
        ("STORAGE_BASE_URL", &address),
        ("MINIO_SECRET_KYE", SECRET),
        ("STORAGES__ARCHIVE__MINIO_SECRET_KYE", SECRET),
        ("STORAGES__SECRET_KEY", SECRET),
    ];
    let file =
        format!("[minio]\nsecret_kye = '{SECRET}'\nsession_token = ['{SECRET}']\n[storages]\nx = '{SECRET}'");
    let error = Settings::from_sources(&file, with(&SERVER, &bad)).expect_err("bad settings were taken");
    assert!(error.faults().len() >= 10, "{error}");
    shown.extend([format!("{error}"), format!("{error:?}")]);
    for text in shown {
        assert!(!text.contains("hunter2"), "{text}");
    }
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
fn a_store_by_url_needs_its_feature_and_a_known_scheme() {
    let told = |url: &str| faults(Settings::from_sources("", [("STORAGE_BACKEND", url)])).join("\n");
    if !cfg!(feature = "object-store-gcp") {
        let fault = told("gs://bucket/media");
        assert!(fault.contains("`object-store-gcp` of storage-suite"), "{fault}");
    }
    assert!(told("ftp://host").contains("gs://"), "{}", told("ftp://host"));
    assert!(told("gcs").contains("a URL such as gs://"), "{}", told("gcs"));
}

#[cfg(feature = "object-store")]
#[test]
fn options_of_a_store_by_url_are_secret_and_have_an_effect_only_there() {
    let bad = [("STORAGE_BACKEND", "memory:///"), ("STORAGE_OPTIONS", "hunter2")];
    let told = faults(Settings::from_sources("", bad));
    assert!(told[0].contains("name=value") && !told[0].contains("hunter2"), "{told:?}");
    let elsewhere = [("STORAGE_BACKEND", "memory"), ("STORAGE_OPTIONS", "a=b")];
    let notes: Vec<_> =
        Settings::from_sources("", elsewhere).unwrap().notes().iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["STORAGE_OPTIONS has no effect: no URL names the store"]);
}
