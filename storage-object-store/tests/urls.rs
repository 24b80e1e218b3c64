//! URLs of stores, their options, and the URLs of objects.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, and runs where it is")]

use storage_core::url::UrlMethod;
use storage_core::{Bucket, ErrorKind, UrlOptions, Visibility};
use storage_object_store::from_url;

#[tokio::test]
async fn a_prefix_in_the_url_is_below_the_store() {
    let storage = from_url("memory:///media/2026").build().unwrap();
    storage.put(&"a".parse().unwrap(), "abc".into(), storage_core::PutOptions::new()).await.unwrap();
    assert_eq!(storage.stat(&"a".parse().unwrap()).await.unwrap().key, "a");
}

#[tokio::test]
async fn public_urls_lie_below_the_base_and_signed_ones_are_refused() {
    let storage = from_url("memory:///media")
        .options([("public_base_url", "https://cdn.example.org/f/")])
        .build()
        .unwrap();
    let public = Bucket::new(storage.clone()).with_visibility(Visibility::Public);
    assert_eq!(public.url("a b.jpg").unwrap().as_str(), "https://cdn.example.org/f/media/a%20b.jpg");
    let error = Bucket::new(storage).url_with("a", UrlOptions::new().method(UrlMethod::Get)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.hint().is_some(), "{error}");
    let without = Bucket::new(from_url("memory:///").build().unwrap()).with_visibility(Visibility::Public);
    assert_eq!(without.url("a").unwrap_err().kind(), ErrorKind::Unsupported);
}

#[test]
fn what_is_wrong_with_a_url_or_an_option_is_said_without_its_value() {
    for (url, options) in [
        ("no url", vec![]),
        ("ftp://host/x", vec![]),
        ("s3://key:hunter2@bucket", vec![]),
        ("s3://bucket?secret=hunter2", vec![]),
        ("memory:///", vec![("aws_secret_access_key", "hunter2")]),
        ("memory:///", vec![("part_size", "hunter2")]),
        ("s3://bucket", vec![("aws_secret_acces_key", "hunter2")]),
        ("gs://bucket", vec![("google_service_account", "/nonexistent/hunter2.json")]),
    ] {
        let error = from_url(url).options(options).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}: {error}");
        assert!(!format!("{error}").contains("hunter2"), "{error}");
    }
}

#[test]
fn an_option_without_means_is_refused() {
    for key in ["proxy_url", "aws_proxy_url"] {
        let error = from_url("s3://bucket").option(key, "http://u:hunter2@proxy").build().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput), "{error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

/// No request is made: a store is only described.
#[test]
fn every_kind_of_store_opens_without_network() {
    for (url, options) in [
        ("gs://bucket/media", vec![("google_skip_signature", "true")]),
        (
            "az://container/media",
            vec![("azure_storage_account_name", "account"), ("azure_storage_account_key", "c2VjcmV0")],
        ),
        (
            "abfss://container@account.dfs.core.windows.net/media",
            vec![("azure_storage_account_key", "c2VjcmV0")],
        ),
        ("https://dav.example.org/files", vec![]),
        (
            "https://account.r2.cloudflarestorage.com/bucket",
            vec![("aws_access_key_id", "a"), ("aws_secret_access_key", "b")],
        ),
    ] {
        let storage =
            from_url(url).options(options).build().unwrap_or_else(|error| panic!("{url}: {error} {error:?}"));
        assert_eq!(storage.name(), url);
    }
}
