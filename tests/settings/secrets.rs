//! No secret is shown.

use storage_suite::Settings;
use storage_suite::settings::Backend;

use crate::{SERVER, faults, with};

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
