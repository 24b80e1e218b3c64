//! `object_store`'s S3 client as a store, against a server that counts and breaks: what `object_store` cannot do is done or typed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, and runs where it is")]

mod support;

use std::sync::Arc;

use futures_util::TryStreamExt;
use s3_testserver::{Answer, Effect, Fault, TestServer};
use storage_core::attributes::Attributes;
use storage_core::capability::Ability;
use storage_core::key::RawKey;
use storage_core::list::{LevelItem, ListItem, ListOptions};
use storage_core::{Body, CopyOptions, Error, ErrorKind, PutOptions, Result, Storage, StorageExt};
use storage_object_store::{Backend, ObjectStoreStorage, from_url};

use support::{BUCKET, MIB, create, key, large, options, store};

#[tokio::test]
async fn a_save_is_one_request_and_a_large_create_is_completed_under_a_condition() {
    let (server, storage) = store().await;
    storage.put(&key("a"), "abc".into(), create()).await.unwrap();
    assert_eq!(server.requests().count(), 1);
    server.requests().reset();
    storage.put(&key("large"), large().into(), create()).await.unwrap();
    let requests = server.requests().all();
    let complete = requests.last().unwrap();
    assert_eq!((requests.len(), &complete.headers["if-none-match"]), (5, &"*".parse().unwrap()));
    assert_eq!(storage.size(&key("large")).await.unwrap(), 12 * MIB as u64);
}

#[tokio::test]
async fn a_large_create_onto_a_taken_key_loses_nothing_and_leaves_nothing() {
    let (server, storage) = store().await;
    storage.put(&key("a"), "first".into(), PutOptions::new()).await.unwrap();
    let error = storage.put(&key("a"), large().into(), create()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!((storage.read(&key("a")).await.unwrap().as_ref(), server.uploads(BUCKET)), (&b"first"[..], 0));
}

#[tokio::test]
async fn a_completion_that_is_sent_again_carries_its_condition_again() {
    let refusal = |status, code| Fault::new(Effect::Answer(Answer::error(status, code)));
    for fault in
        [refusal(200, "InternalError"), refusal(429, "TooManyRequests"), refusal(408, "RequestTimeout")]
    {
        let (server, storage) = store().await;
        let failed = server.inject(fault.method(http::Method::POST).target("uploadId").times(1));
        storage.put(&key("a"), large().into(), create()).await.unwrap();
        let requests = server.requests().all();
        let completions: Vec<_> = requests
            .iter()
            .filter(|sent| sent.method == http::Method::POST && sent.target.contains("uploadId"))
            .collect();
        assert_eq!((failed.count(), completions.len()), (1, 2));
        assert!(completions.iter().all(|sent| sent.headers["if-none-match"] == "*"));
    }
}

#[tokio::test]
async fn a_conflict_is_not_a_taken_key() {
    let (server, storage) = store().await;
    server.inject(
        Fault::new(Effect::Answer(Answer::error(409, "ConditionalRequestConflict")))
            .method(http::Method::PUT)
            .times(1),
    );
    let error = storage.put(&key("a"), "abc".into(), create()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unavailable, true));
    assert_eq!((error.http_status(), error.code()), (Some(409), Some("ConditionalRequestConflict")));
}

#[tokio::test]
async fn an_odd_key_of_somebody_else_is_listed_and_breaks_nothing() {
    let (server, storage) = store().await;
    for odd in ["a//b", "a/", "a/b", "z"] {
        server.put_foreign(BUCKET, odd, &[], "x");
    }
    let items: Vec<_> = storage.list(ListOptions::new()).try_collect().await.unwrap();
    let names: Vec<String> = items
        .into_iter()
        .map(|item| match item {
            ListItem::Object(entry) => entry.key.to_string(),
            ListItem::Unaddressable(entry) => format!("?{}", entry.key),
        })
        .collect();
    assert_eq!(names, ["?a/", "?a//b", "a/b", "z"]);
    let level: Vec<_> = storage.list_level(ListOptions::new().prefix("a/")).try_collect().await.unwrap();
    assert!(level.contains(&LevelItem::Folder("a//".to_owned())) && level.len() == 3, "{level:?}");

    let failed = storage.delete_many(vec![RawKey::new("a//b"), RawKey::new("z")]).await.unwrap().failed;
    let failed: Vec<_> = failed.iter().map(|(key, error)| (key.as_str(), error.kind())).collect();
    assert_eq!(failed, [("a//b", ErrorKind::Unsupported)]);
    assert!(!storage.exists(&key("z")).await.unwrap());
}

#[tokio::test]
async fn a_header_that_is_not_ascii_keeps_no_object_from_being_read() {
    let (server, storage) = store().await;
    let raw = "attachment; filename=\"ü.txt\"".as_bytes();
    server.put_foreign(
        BUCKET,
        "a",
        &[("content-disposition", raw), ("x-amz-meta-author", b"J\xfcrgen")],
        "abc",
    );
    assert_eq!(storage.read(&key("a")).await.unwrap(), "abc");
    assert!(storage.stat(&key("a")).await.unwrap().attributes.content_disposition.is_some());
}

#[tokio::test]
async fn what_object_store_panics_on_is_refused() {
    let (server, storage) = store().await;
    for options in [PutOptions::new().metadata("a", "x\r\nEvil: 1"), PutOptions::new().metadata("a b", "x")] {
        let error = storage.put(&key("a"), "abc".into(), options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    assert_eq!(server.requests().count(), 0);
}

#[tokio::test]
async fn a_missing_bucket_is_said_to_be_missing_by_every_operation() {
    let server = TestServer::start().await;
    let storage = from_url("s3://not-there").options(options(&server)).build().unwrap();
    let a = key("a");
    let listed: Result<Vec<ListItem>> = storage.list(ListOptions::new()).try_collect().await;
    let errors: Vec<Error> = vec![
        storage.put(&a, "abc".into(), PutOptions::new()).await.unwrap_err(),
        storage.put(&a, large().into(), PutOptions::new()).await.unwrap_err(),
        storage.stat(&a).await.unwrap_err(),
        storage.read(&a).await.unwrap_err(),
        storage.delete(&a).await.unwrap_err(),
        storage.copy(&a, &key("b"), CopyOptions::new()).await.unwrap_err(),
        listed.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::BucketMissing, "{error}");
    }
}

/// What lies elsewhere may be what the server cannot list: Azurite 3.35 answers 500 to every listing with U+FFFF in it.
#[tokio::test]
async fn whether_the_bucket_is_missing_is_asked_of_what_begins_as_the_key() {
    let (server, storage) = store().await;
    let error = storage.stat(&key("a/b")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let targets: Vec<_> = server.requests().all().into_iter().map(|sent| sent.target).collect();
    assert_eq!(targets.len(), 2, "{targets:?}");
    assert!(targets[1].contains("prefix=a%2Fb") && targets[1].contains("max-keys=1"), "{targets:?}");
}

#[tokio::test]
async fn wrong_credentials_and_a_dead_server_have_kinds_of_their_own_and_show_no_secret() {
    let server = TestServer::start().await;
    server.create_bucket(BUCKET);
    let mut wrong = options(&server);
    wrong[3].1 = "hunter2hunter2".to_owned();
    let storage = from_url(format!("s3://{BUCKET}")).options(wrong.clone()).build().unwrap();
    for error in [
        storage.stat(&key("a")).await.unwrap_err(),
        storage.put(&key("a"), "x".into(), PutOptions::new()).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
        let shown = format!("{error} {error:?} {storage:?}");
        assert!(!shown.contains("hunter2") && !shown.to_lowercase().contains("signature="), "{shown}");
    }
    drop(server);
    let error = storage.stat(&key("a")).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unavailable, true), "{error}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_a_time_out() {
    let (server, _) = store().await;
    let mut options = options(&server);
    options.push(("read_timeout", "200ms".to_owned()));
    options.push(("connect_timeout", "200ms".to_owned()));
    let storage = from_url(format!("s3://{BUCKET}")).options(options).build().unwrap();
    server.inject(Fault::new(Effect::Hang).always());
    let error = storage.put(&key("a"), "abc".into(), create()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
}

#[tokio::test]
async fn an_upload_that_fails_or_is_dropped_is_aborted() {
    let (server, storage) = store().await;
    let chunks =
        futures_util::stream::iter([Ok(large().into()), Err(Error::new(ErrorKind::Corrupt, "torn"))]);
    let error = storage.put(&key("a"), Body::from_stream(chunks), PutOptions::new()).await.unwrap_err();
    assert_eq!((error.kind(), server.uploads(BUCKET)), (ErrorKind::Corrupt, 0));

    let endless = futures_util::stream::iter([Ok::<_, Error>(bytes::Bytes::from(large()))]);
    let endless = futures_util::StreamExt::chain(endless, futures_util::stream::pending());
    let a = key("a");
    let put = storage.put(&a, Body::from_stream(endless), PutOptions::new());
    assert!(tokio::time::timeout(std::time::Duration::from_millis(700), put).await.is_err());
    for _ in 0..100 {
        if server.uploads(BUCKET) == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(server.uploads(BUCKET), 0);
    assert!(!storage.exists(&key("a")).await.unwrap());
}

#[tokio::test]
async fn a_copy_that_changes_attributes_or_names_a_tag_keeps_its_promise() {
    let (server, storage) = store().await;
    let first = storage.put(&key("a"), "abc".into(), PutOptions::new().metadata("x", "1")).await.unwrap();
    let changed = CopyOptions::new().attributes(Attributes::new().content_type("text/plain"));
    storage.copy(&key("a"), &key("b"), changed).await.unwrap();
    assert_eq!(storage.stat(&key("b")).await.unwrap().content_type, "text/plain");
    let same = CopyOptions::new().source_if_match(first.etag.unwrap());
    storage.copy(&key("a"), &key("c"), same.clone()).await.unwrap();
    assert_eq!(storage.stat(&key("c")).await.unwrap().attributes.metadata["x"], "1");
    storage.put(&key("a"), "other".into(), PutOptions::new()).await.unwrap();
    let error = storage.copy(&key("a"), &key("d"), same).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PreconditionFailed);
    assert!(!server.objects(BUCKET).iter().any(|(key, _)| key == "d"));
}

#[tokio::test]
async fn a_store_of_which_nothing_is_known_trusts_no_condition() {
    let storage = ObjectStoreStorage::new(Arc::new(object_store::memory::InMemory::new())).unwrap();
    assert!(!storage.capabilities().has(Ability::CreateIfAbsent));
    let error = storage.put(&key("a"), "abc".into(), create()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn what_only_one_request_can_do_is_held_up_to_a_limit() {
    let memory = Arc::new(object_store::memory::InMemory::new());
    let storage = ObjectStoreStorage::builder(memory)
        .backend(Backend::AmazonS3)
        .part_size(5 * MIB as u64)
        .held_limit(8 * MIB as u64)
        .build()
        .unwrap();
    storage.put(&key("a"), vec![1; 7 * MIB].into(), create()).await.unwrap();
    let error = storage.put(&key("b"), vec![1; 9 * MIB].into(), create()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.hint().is_some_and(|hint| hint.contains("held_limit")));
    let chunks = (0..9).map(|_| Ok::<_, Error>(bytes::Bytes::from(vec![1; MIB])));
    let stream = Body::from_stream(futures_util::stream::iter(chunks));
    assert_eq!(storage.put(&key("b"), stream, create()).await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert!(!storage.exists(&key("b")).await.unwrap());
}
