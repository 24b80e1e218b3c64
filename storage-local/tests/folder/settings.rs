use http::HeaderMap;
use std::fs;
use std::time::{Duration, SystemTime};

use futures_util::StreamExt;
use storage_core::clock::Clock;
use storage_core::list::ListOptions;
use storage_core::url::UrlRefusal;
use storage_core::{ErrorKind, GetOptions, PutOptions, Storage, UrlOptions};
use storage_local::LocalStorage;

use crate::{key, open, put, read, temporary};

#[tokio::test]
async fn a_folder_needs_no_settings() {
    let parent = tempfile::tempdir().unwrap();
    let storage = LocalStorage::open(parent.path().join("deep/photos")).unwrap();
    assert_eq!(storage.name(), "photos");
    put(&storage, "k", "x").await;
    let url = storage.url_signer().unwrap().signed_url(&key("k"), &UrlOptions::new()).unwrap();
    assert!(url.as_str().starts_with("/files/photos/k?expires="));
    // The key is the folder's: another process verifies what this one signed.
    let other = LocalStorage::open(parent.path().join("deep/photos")).unwrap();
    assert!(other.url_verifier().unwrap().verify_url("GET", url.as_str(), &HeaderMap::new()).is_ok());
    let own_key = LocalStorage::builder(storage.root()).signing_key(vec![7; 32]).build().unwrap();
    assert_eq!(
        own_key.url_verifier().unwrap().verify_url("GET", url.as_str(), &HeaderMap::new()),
        Err(UrlRefusal::SignatureMismatch)
    );
}

#[tokio::test]
async fn a_folder_that_is_gone_is_a_missing_bucket() {
    let parent = tempfile::tempdir().unwrap();
    let root = parent.path().join("photos");
    let storage = open(&root);
    put(&storage, "k", "x").await;
    fs::remove_dir_all(&root).unwrap();
    let name = key("k");
    for error in [
        storage.stat(&name).await.unwrap_err(),
        storage.get(&name, GetOptions::new()).await.unwrap_err(),
        storage.put(&name, "x".into(), PutOptions::new()).await.unwrap_err(),
        storage.delete(&name).await.unwrap_err(),
        storage.list(ListOptions::new()).next().await.unwrap().unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.store()), (ErrorKind::BucketMissing, Some("photos")));
    }
    assert!(!root.exists());
    fs::create_dir(&root).unwrap();
    assert_eq!(read(&storage, "k").await, Err(ErrorKind::NotFound));
    put(&storage, "k", "x").await;
}

#[tokio::test]
async fn dead_temporary_files_are_invisible_and_removed_when_the_folder_is_opened() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    fs::create_dir_all(root.path().join(".storage/tmp")).unwrap();
    fs::write(root.path().join(".storage/tmp/dead"), "half").unwrap();
    assert!(crate::keys(&storage).await.is_empty());
    open(root.path());
    assert_eq!(temporary(root.path()), 1, "its writer may just have begun");
    let later = Clock::fixed(SystemTime::now() + Duration::from_secs(90));
    LocalStorage::builder(root.path()).clock(later).build().unwrap();
    assert_eq!(temporary(root.path()), 0);
}

#[tokio::test]
async fn a_stopped_clock_does_not_mix_up_writings() {
    let root = tempfile::tempdir().unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let storage = LocalStorage::builder(root.path()).clock(Clock::fixed(time)).build().unwrap();
    for content in ["one", "two", "six"] {
        let options = PutOptions::new().metadata("content", content);
        storage.put(&key("k"), content.into(), options).await.unwrap();
        let meta = storage.stat(&key("k")).await.unwrap();
        assert_eq!(meta.attributes.metadata["content"], content);
        assert!(meta.last_modified.unwrap().duration_since(time).unwrap() < Duration::from_micros(1));
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_that_names_it() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("file"), "").unwrap();
    let error = LocalStorage::open(root.path().join("file/below")).unwrap_err();
    assert_eq!(error.operation(), Some("open"));
    assert!(error.store().unwrap().ends_with("file/below"));
}
