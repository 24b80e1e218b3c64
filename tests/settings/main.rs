//! Settings through their public interface.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail loudly")]

mod by_url;
mod refused;
mod secrets;
mod values;

#[cfg(feature = "minio")]
use storage_suite::settings::{Backend, MinioSettings, Origin};
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
