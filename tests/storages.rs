//! The registry of storages: what settings name, what code adds, and what a dead server does.
#![cfg(feature = "local")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail loudly")]

use std::sync::{Arc, Mutex};

use storage_suite::storages::DEFAULT_ALIAS;
use storage_suite::{Bucket, ErrorKind, MemoryStorage, Settings, Storages, Visibility};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

fn memory(file: &str) -> Settings {
    Settings::from_sources(file, [("STORAGE_BACKEND", "memory")]).unwrap()
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        struct Message<'a>(&'a mut String);
        impl Visit for Message<'_> {
            fn record_debug(&mut self, _: &Field, value: &dyn std::fmt::Debug) {
                *self.0 = format!("{value:?}");
            }
        }
        let mut message = String::new();
        event.record(&mut Message(&mut message));
        self.0.lock().unwrap().push(format!("{} {message}", event.metadata().level()));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
#[cfg(unix)]
fn a_folder_by_default_is_logged() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().display().to_string();
    let logged = |variables: &[(&str, &str)]| {
        let log = Log::default();
        let settings = Settings::from_sources("", variables.iter().copied()).unwrap();
        tracing::subscriber::with_default(log.clone(), || Storages::new(settings)).unwrap();
        log.0.lock().unwrap().clone()
    };
    let expected = format!("WARN no store is configured: using the folder {root}");
    assert_eq!(logged(&[("STORAGE_ROOT", &root)]), [expected]);
    assert!(logged(&[("STORAGE_ROOT", &root), ("STORAGE_BACKEND", "local")]).is_empty());
}

#[tokio::test]
async fn what_is_saved_is_read_and_addressed() {
    let storages = Storages::new(memory("")).unwrap();
    let saved = storages.media().save("cats/tom.jpg", "content").await.unwrap();
    assert_eq!(storages.media().read(&saved.key).await.unwrap(), "content");
    let url = storages.media().url(&saved.key).unwrap();
    assert!(url.as_str().starts_with("/files/auto-generated-bucket-media-files/cats/tom.jpg?"), "{url}");
}

#[cfg(unix)]
#[tokio::test]
async fn urls_may_begin_at_the_root_of_the_site() {
    for (base, begin) in
        [("/", "/"), ("/f/", "/f/"), ("https://files.example.org/", "https://files.example.org/")]
    {
        let settings = memory(&format!("[storage]\nbase_url = '{base}'\n[minio]\npublic_buckets = ['www']"));
        let storages = Storages::new(settings).unwrap();
        let www = storages.bucket("www").unwrap();
        let saved = www.save("a.txt", "x").await.unwrap();
        assert_eq!(www.url(&saved.key).unwrap().as_str(), format!("{begin}www/a.txt"));
    }
}

#[tokio::test]
async fn urls_stay_the_same_if_the_settings_say_so() {
    let url = |file: &str| {
        let storages =
            Storages::new(memory(&format!("[storage]\nsigning_key = '0123456789abcdef'\n{file}"))).unwrap();
        storages.media().url("a.txt").unwrap().to_string()
    };
    let pause = || std::thread::sleep(std::time::Duration::from_millis(1_100));
    let stable = "[minio]\nurl_caching_enabled = true\nurl_caching_timeout = '6d23h'";
    // At the end of a window, once in a week, it changes: not twice in a row.
    let is_stable = (0..2).any(|_| {
        let first = url(stable);
        pause();
        first == url(stable)
    });
    assert!(is_stable);
    // A life that leaves no room for the window is what the call wants more.
    let storages = Storages::new(memory(stable)).unwrap();
    let week = storage_core::url::MAX_EXPIRY;
    assert!(storages.media().url_with("a.txt", storage_core::UrlOptions::new().expires_in(week)).is_ok());
    let odd = storages.media().clone().with_stable_urls(2 * week);
    assert_eq!(odd.url("a.txt").unwrap_err().kind(), ErrorKind::InvalidInput);
    for fresh in ["", "[minio]\nurl_caching_timeout = '6d23h'"] {
        let first = url(fresh);
        pause();
        assert_ne!(first, url(fresh));
    }
}

#[tokio::test]
async fn each_bucket_is_a_folder_of_the_root() {
    let dir = tempfile::tempdir().unwrap();
    let file = format!(
        "[storage]\nroot = '{}'\nbackend = 'local'\nsigning_key = '0123456789abcdef'\ndurability = 'none'\n\
         [minio]\nprivate_buckets = ['docs']\npublic_buckets = ['www']\nmedia_files_bucket = 'docs'",
        dir.path().display()
    );
    let none: [(&str, &str); 0] = [];
    let storages = Storages::connect(Settings::from_sources(&file, none).unwrap()).await.unwrap();
    storages.media().save("a.txt", "private").await.unwrap();
    storages.bucket("www").unwrap().save("a.txt", "public").await.unwrap();
    assert_eq!(std::fs::read(dir.path().join("docs/a.txt")).unwrap(), b"private");
    assert_eq!(std::fs::read(dir.path().join("www/a.txt")).unwrap(), b"public");
    assert_eq!(storages.bucket("www").unwrap().url("a.txt").unwrap().as_str(), "/files/www/a.txt");
    assert_eq!(storages.bucket("www").unwrap().visibility(), Visibility::Public);
    assert_eq!(storages.media().visibility(), Visibility::Private);
}

#[tokio::test]
async fn named_storages_stand_side_by_side() {
    let file = "[storages.a.storage]\nbackend = 'memory'\n[storages.b.storage]\nbackend = 'memory'\n\
                [storages.b.minio]\nprivate_buckets = ['vault']";
    let storages = Storages::new(memory(file)).unwrap();
    assert_eq!(storages.aliases().collect::<Vec<_>>(), ["a", "b", DEFAULT_ALIAS]);
    storages.storage("a").unwrap().save("x", "in a").await.unwrap();
    assert!(!storages.storage("b").unwrap().exists("x").await.unwrap());
    assert!(!storages.media().exists("x").await.unwrap());
    assert_eq!(storages.bucket_of("b", "vault").unwrap().name(), "vault");
    assert_eq!(storages.storage(DEFAULT_ALIAS).unwrap().name(), storages.media().name());
}

#[test]
fn unknown_names_list_the_known_ones() {
    let storages = Storages::new(memory("[storages.archive.storage]\nbackend = 'memory'")).unwrap();
    let error = storages.storage("archiv").unwrap_err();
    assert_eq!(error.to_string(), "there is no storage `archiv`; there are: archive, default");
    assert_eq!((error.name(), error.known()), ("archiv", &["archive".to_owned(), "default".to_owned()][..]));
    let error = storage_suite::Error::from(storages.bucket("nope").unwrap_err());
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("auto-generated-bucket-media-files"), "{error}");
    assert!(storages.bucket_of("archive", "nope").is_err());
}

#[tokio::test]
async fn code_adds_and_replaces_storages() {
    let bucket = |name: &str| Bucket::new(Arc::new(MemoryStorage::builder().name(name).build().unwrap()));
    let before = Storages::new(memory("")).unwrap();
    let after =
        before.clone().with_storage("scratch", bucket("s")).with_storage(DEFAULT_ALIAS, bucket("mine"));
    assert_eq!((after.media().name(), after.storage("scratch").unwrap().name()), ("mine", "s"));
    assert_eq!(after.bucket("mine").unwrap().name(), "mine");
    assert!(before.storage("scratch").is_err());
    assert_ne!(before.media().name(), "mine");
}

#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_made_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "").unwrap();
    let root = dir.path().join("file").display().to_string();
    let settings =
        Settings::from_sources("", [("STORAGE_BACKEND", "local"), ("STORAGE_ROOT", &root)]).unwrap();
    assert!(Storages::new(settings).is_err());
}

#[cfg(feature = "minio")]
#[tokio::test]
async fn a_server_is_set_up_without_it_and_found_dead_on_connecting() {
    let secret = "hunter2-hunter2-hunter2";
    let settings = || {
        Settings::builder()
            .file_text("")
            .environment([("MINIO_HTTP_CLIENT__RETRIES", "0")])
            .set("minio.endpoint", "http://127.0.0.1:1")
            .set("minio.external_endpoint", "https://files.example.org")
            .set("minio.access_key", "AKID")
            .set("minio.secret_key", secret)
            .set("minio.private_buckets", ["docs"])
            .set("minio.public_buckets", ["www"])
            .set("minio.media_files_bucket", "docs")
            .set("minio.url_expiry_hours", "1h")
            .load()
            .unwrap()
    };
    let storages = Storages::new(settings()).unwrap();
    let signed = storages.media().url("a b.txt").unwrap().to_string();
    assert!(signed.starts_with("https://files.example.org/docs/a%20b.txt?"), "{signed}");
    assert!(signed.contains("X-Amz-Expires=3600"), "{signed}");
    let plain = storages.bucket("www").unwrap().url("a b.txt").unwrap();
    assert_eq!(plain.as_str(), "https://files.example.org/www/a%20b.txt");
    assert!(!format!("{storages:?}").contains("hunter2"));
    let error = Storages::connect(settings()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[cfg(feature = "minio")]
#[test]
fn urls_of_a_server_are_what_the_settings_say() {
    let storages = |more: &[(&str, &str)]| {
        let server = [
            ("MINIO_ENDPOINT", "minio:9000"),
            ("MINIO_USE_HTTPS", "no"),
            ("MINIO_ACCESS_KEY", "AKID"),
            ("MINIO_SECRET_KEY", "secret-1"),
            ("MINIO_PRIVATE_BUCKETS", "docs"),
            ("MINIO_PUBLIC_BUCKETS", "www"),
            ("MINIO_MEDIA_FILES_BUCKET", "docs"),
        ];
        Storages::new(Settings::from_sources("", server.iter().chain(more).copied()).unwrap()).unwrap()
    };
    let urls = |more: &[(&str, &str)]| {
        let storages = storages(more);
        let url = |bucket: &str| storages.bucket(bucket).unwrap().url("a b.txt").unwrap().to_string();
        (url("docs"), url("www"))
    };
    let (signed, plain) = urls(&[]);
    assert!(signed.starts_with("http://minio:9000/docs/a%20b.txt?"), "{signed}");
    assert!(signed.contains("X-Amz-Expires=604800"), "{signed}");
    assert_eq!(plain, "http://minio:9000/www/a%20b.txt");

    let proxy =
        [("MINIO_EXTERNAL_ENDPOINT", "example.org/files/"), ("MINIO_EXTERNAL_ENDPOINT_USE_HTTPS", "yes")];
    let (signed, plain) = urls(&proxy);
    assert!(signed.starts_with("https://example.org/files/docs/a%20b.txt?"), "{signed}");
    assert_eq!(plain, "https://example.org/files/www/a%20b.txt");

    let (signed, plain) =
        urls(&[("MINIO_PUBLIC_BASE_URL", "https://cdn.example.org/x"), ("MINIO_URL_EXPIRY_HOURS", "2")]);
    assert!(
        signed.starts_with("http://minio:9000/docs/") && signed.contains("X-Amz-Expires=7200"),
        "{signed}"
    );
    assert_eq!(plain, "https://cdn.example.org/x/a%20b.txt");

    let (signed, plain) = urls(&[&proxy[..], &[("MINIO_ADDRESSING_STYLE", "virtual")]].concat());
    assert!(signed.starts_with("https://docs.example.org/files/a%20b.txt?"), "{signed}");
    assert_eq!(plain, "https://www.example.org/files/a%20b.txt");

    let stable = [("MINIO_URL_CACHING_ENABLED", "yes"), ("MINIO_URL_CACHING_TIMEOUT", "1d")];
    let (signed, _) = urls(&stable);
    // Signed at midnight.
    assert!(signed.contains("T000000Z") && signed.contains("X-Amz-Expires=604800"), "{signed}");
}

#[cfg(feature = "object-store")]
#[tokio::test]
async fn a_url_names_the_store_and_its_buckets_are_folders_there() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("file://{}/files", dir.path().display());
    let whole = Storages::new(Settings::from_sources("", [("STORAGE_BACKEND", &url)]).unwrap()).unwrap();
    whole.media().save("a.txt", "abc").await.unwrap();
    assert!(dir.path().join("files/a.txt").is_file());
    let variables = [
        ("STORAGE_BACKEND", url.as_str()),
        ("MINIO_PRIVATE_BUCKETS", "docs,media"),
        ("MINIO_MEDIA_FILES_BUCKET", "media"),
    ];
    let several = Storages::new(Settings::from_sources("", variables).unwrap()).unwrap();
    several.media().save("b.txt", "abc").await.unwrap();
    several.bucket("docs").unwrap().save("c.txt", "abc").await.unwrap();
    assert!(dir.path().join("files/media/b.txt").is_file() && dir.path().join("files/docs/c.txt").is_file());
}

#[cfg(feature = "object-store")]
#[tokio::test]
async fn public_objects_of_a_store_by_url_have_addresses() {
    let file = "[storage]\nbackend = 'memory:///m'\npublic_base_url = 'https://cdn.example.org'\n\
                [minio]\npublic_buckets = ['www']\ndefault_bucket = 'www'";
    let storages = Storages::new(Settings::from_sources(file, [("", "")]).unwrap()).unwrap();
    let saved = storages.media().save("a b.txt", "abc").await.unwrap();
    let url = storages.media().url(&saved.key).unwrap();
    assert_eq!(url.as_str(), "https://cdn.example.org/m/www/a%20b.txt");
}

#[cfg(feature = "object-store")]
#[test]
fn a_bad_option_of_a_store_by_url_is_refused_without_being_shown() {
    let variables = [("STORAGE_BACKEND", "memory:///"), ("STORAGE_OPTIONS", "aws_secret_access_key=hunter2")];
    let settings = Settings::from_sources("", variables).unwrap();
    assert!(!format!("{settings:?} {:?}", settings.default_storage()).contains("hunter2"));
    let error = Storages::new(settings).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        error.to_string().contains("aws_secret_access_key") && !format!("{error:?}").contains("hunter2"),
        "{error:?}"
    );
}
