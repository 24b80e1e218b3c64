//! Buckets made what the settings say, through the library.
#![cfg(all(feature = "local", feature = "policy"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail loudly")]

use std::sync::Arc;

use storage_suite::provisioning::{Finding, ProvisionOptions};
use storage_suite::storages::DEFAULT_ALIAS;
use storage_suite::{Bucket, ErrorKind, MemoryStorage, Settings, Storages};

const FOREIGN: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
    "Resource": ["arn:aws:s3:::photos/a/*/b", "arn:aws:s3:::papers/a/*/b"]}]}"#;

fn settings(file: &str) -> Settings {
    Settings::from_sources(file, [("STORAGE_BACKEND", "memory")]).unwrap()
}

#[tokio::test]
async fn only_what_is_named_is_looked_at() {
    let storages = Storages::new(settings("[minio]\nprivate_buckets = ['papers', 'photos']")).unwrap();
    let storages = storages.with_storage("scratch", Bucket::new(Arc::new(MemoryStorage::new())));
    let names = async |options: ProvisionOptions| {
        let report = storages.check(&options).await.unwrap();
        report.buckets.iter().map(|bucket| format!("{}/{}", bucket.alias, bucket.bucket)).collect::<Vec<_>>()
    };
    let all = ProvisionOptions::new;
    let media = "default/auto-generated-bucket-media-files";
    assert_eq!(names(all().only_bucket(DEFAULT_ALIAS, "photos")).await, ["default/photos"]);
    assert_eq!(names(all().only_storage(DEFAULT_ALIAS)).await, [media, "default/papers", "default/photos"]);
    let two = all().only_bucket(DEFAULT_ALIAS, "photos").only_storage("scratch");
    assert_eq!(names(two).await.len(), 2);
    assert_eq!(names(all()).await.len(), 4);
    for unknown in [all().only_storage("nobody"), all().only_bucket(DEFAULT_ALIAS, "nothing")] {
        let error = storages.initialize(&unknown).await.unwrap_err();
        assert!(["nobody", "nothing"].contains(&error.name()), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn connecting_tells_of_every_bucket_that_is_not_as_it_should_be() {
    let dir = tempfile::tempdir().unwrap();
    let settings = |check: &str| {
        let file = format!(
            "[storage]\nbackend = 'local'\ndurability = 'none'\nroot = '{}'\n[minio]\nconsistency_check_on_start = {check}\n\
             private_buckets = ['papers', 'photos']\nmedia_files_bucket = 'photos'",
            dir.path().display()
        );
        Settings::from_sources(&file, [("", "")]).unwrap()
    };
    let storages = Storages::connect(settings("true")).await.unwrap();
    let foreign = async |bucket: &str| {
        let admin = storages.bucket(bucket).unwrap().storage().bucket_admin().unwrap();
        admin.put_policy(FOREIGN).await.unwrap();
    };
    foreign("papers").await;
    let error = Storages::connect(settings("true")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PreconditionFailed);
    foreign("photos").await;
    let error = Storages::connect(settings("true")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PreconditionFailed);
    for bucket in ["default/papers: NOT PRIVATE", "default/photos: NOT PRIVATE"] {
        assert!(error.message().contains(bucket), "{error}");
    }
    // A bucket that cannot be looked at hides the other one's no more than that one hides it.
    std::fs::write(dir.path().join("papers/.storage/policy.json"), [0xff]).unwrap();
    let error = Storages::connect(settings("true")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Other);
    assert!(error.message().contains("default/papers: failed: "), "{error}");
    assert!(error.message().contains("default/photos: NOT PRIVATE"), "{error}");
    Storages::connect(settings("false")).await.unwrap();
}

/// Of a store by URL nobody can say whom it lets in.
#[cfg(feature = "object-store")]
#[tokio::test]
async fn a_store_without_buckets_to_look_after_is_never_called_fine_silently() {
    let report = async |wishes: &str| {
        let file =
            format!("[storage]\nbackend = 'memory:///m'\n[minio]\nmedia_files_bucket = 'photos'\n{wishes}");
        let storages = Storages::new(Settings::from_sources(&file, [("", "")]).unwrap()).unwrap();
        storages.check(&ProvisionOptions::new()).await.unwrap()
    };
    let private = report("private_buckets = ['photos']").await;
    assert!(private.is_ok() && private.is_as_wanted());
    assert_eq!(private.buckets[0].findings, [Finding::Unmanaged(Vec::new())]);
    assert!(private.buckets[0].to_string().contains("not looked at"), "{}", private.buckets[0]);
    for (wish, told) in [
        ("public_buckets = ['photos']", "ask for a policy;"),
        (
            "private_buckets = ['photos']\npolicy_hooks = [['photos', '{\"Statement\": []}']]",
            "ask for a policy;",
        ),
        ("private_buckets = ['photos']\ncors_origins = ['https://a.example']", "ask for CORS;"),
        (
            "private_buckets = ['photos']\nversioning = true\nuploads_expire_after = '1d'",
            "ask for lifecycle rules, versions;",
        ),
    ] {
        let report = report(wish).await;
        assert!(!report.is_ok() && !report.is_as_wanted(), "{wish}");
        assert!(report.buckets[0].to_string().contains(told), "{}", report.buckets[0]);
    }
}
