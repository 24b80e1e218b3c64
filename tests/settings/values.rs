//! Where values come from, and what they mean.

#[cfg(feature = "minio")]
use std::time::Duration;

use storage_suite::Settings;
use storage_suite::settings::Backend;
#[cfg(feature = "minio")]
use storage_suite::settings::{ConditionalWrites, Note, Origin, ReadVerification};

use crate::{NONE, SERVER, faults, minio, origin, with};

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
        ("create-only", ConditionalWrites::CreateOnly),
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
#[cfg(feature = "minio")]
fn what_is_read_is_compared_as_it_is_said() {
    assert_eq!(minio(&Settings::from_sources("", SERVER).unwrap()).read_verification, ReadVerification::Auto);
    for (value, means) in [("always", ReadVerification::Always), ("never", ReadVerification::Never)] {
        let sources = with(&SERVER, &[("MINIO_READ_VERIFICATION", value)]);
        assert_eq!(minio(&Settings::from_sources("", sources).unwrap()).read_verification, means);
    }
    let wrong = faults(Settings::from_sources("", with(&SERVER, &[("MINIO_READ_VERIFICATION", "maybe")])));
    assert!(wrong.len() == 1 && wrong[0].contains("always"), "{wrong:?}");
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
        minio.external_endpoint.as_ref().map(ToString::to_string),
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
    for alias in ["default", "Archive", "a__b", "a_", "1"] {
        let bad =
            faults(Settings::from_sources(&format!("[storages.{alias}.storage]\nbackend='memory'"), NONE));
        assert!(bad.len() == 1 && bad[0].contains("alias"), "{bad:?}");
    }
}
