//! The store for applications' tests does what they ask of it.
#![allow(clippy::unwrap_used, reason = "in a test")]

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use http::HeaderMap;
use storage_core::list::ListOptions;
use storage_core::url::{FormKey, FormOptions, UploadOptions, UrlRefusal};
use storage_core::{
    Body, Bucket, CopyOptions, ErrorKind, GetOptions, ObjectKey, PutOptions, Storage, StorageExt, UrlOptions,
};
use storage_local::testing::Operation as O;
use storage_local::testing::{Call, Fault, Operation, TestClock, TestStorage};

fn key(text: &str) -> ObjectKey {
    text.parse().unwrap()
}

async fn put(storage: &TestStorage, name: &str) -> Result<(), ErrorKind> {
    let put = storage.put(&key(name), Body::from_bytes("content"), PutOptions::new()).await;
    put.map(drop).map_err(|error| error.kind())
}

#[tokio::test]
async fn the_nth_call_fails_before_anything_has_happened() {
    let storage = TestStorage::new();
    storage.inject(Fault::on(Operation::Put, ErrorKind::Unavailable).nth(2));
    assert_eq!(put(&storage, "a").await, Ok(()));
    assert_eq!(storage.delete(&key("x")).await.map_err(|e| e.kind()), Ok(()));
    let error = storage.put(&key("b"), "".into(), PutOptions::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!((error.operation(), error.key(), error.store()), (Some("put"), Some("b"), Some("test")));
    assert!(error.is_retryable());
    assert_eq!(put(&storage, "c").await, Ok(()));
    assert_eq!(storage.keys(), [key("a"), key("c")]);
    assert_eq!(storage.content("b"), None);
}

#[tokio::test]
async fn a_lost_answer_has_done_what_was_asked() {
    let storage = TestStorage::new();
    storage.inject(Fault::on(Operation::Put, ErrorKind::Timeout).after());
    assert_eq!(put(&storage, "a").await, Err(ErrorKind::Timeout));
    assert_eq!(storage.content("a").unwrap(), "content");
    // What fails by itself is told as it is.
    storage.inject(Fault::on(Operation::Stat, ErrorKind::Timeout).after());
    assert_eq!(storage.stat(&key("b")).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn faults_end_after_their_times_or_when_all_is_calm() {
    let storage = TestStorage::new();
    storage.inject(Fault::on(Operation::Put, ErrorKind::Throttled).times(2));
    storage.inject(Fault::on(Operation::Put, ErrorKind::Timeout));
    let mut kinds = Vec::new();
    for _ in 0..4 {
        kinds.push(put(&storage, "a").await.err());
    }
    assert_eq!(
        kinds,
        [Some(ErrorKind::Throttled), Some(ErrorKind::Throttled), Some(ErrorKind::Timeout), None]
    );
    storage.inject(Fault::on(Operation::Put, ErrorKind::Unavailable).always());
    storage.delay(Operation::Put, Duration::from_secs(3_600));
    storage.calm();
    assert_eq!(put(&storage, "a").await, Ok(()));
    storage.inject(Fault::on(Operation::Put, ErrorKind::Unavailable).always());
    for _ in 0..3 {
        assert_eq!(put(&storage, "a").await, Err(ErrorKind::Unavailable));
    }
}

#[tokio::test]
async fn every_operation_can_fail() {
    let storage = TestStorage::new();
    let (a, b) = (key("a"), key("b"));
    let none = (GetOptions::new(), CopyOptions::new(), ListOptions::new());
    let operations = [
        O::Probe,
        O::Put,
        O::Get,
        O::Stat,
        O::Tags,
        O::Delete,
        O::DeleteMany,
        O::List,
        O::ListLevel,
        O::Copy,
        O::Rename,
        O::PublicUrl,
        O::SignedUrl,
        O::UploadUrl,
        O::UploadForm,
    ];
    for operation in operations {
        put(&storage, "a").await.unwrap();
        for moment in [Fault::on(operation, ErrorKind::Other), Fault::on(operation, ErrorKind::Other).after()]
        {
            storage.inject(moment);
            let (get, copy, list) = none.clone();
            let (urls, uploads) = (storage.url_signer().unwrap(), storage.upload_signer().unwrap());
            let failed = match operation {
                O::Probe => storage.probe().await.map(drop),
                O::Put => storage.put(&a, "".into(), PutOptions::new()).await.map(drop),
                O::Get => storage.get(&a, get).await.map(drop),
                O::Stat => storage.stat(&a).await.map(drop),
                O::Tags => storage.tags(&a).await.map(drop),
                O::Delete => storage.delete(&b).await,
                O::DeleteMany => storage.delete_many(vec![b.clone().into()]).await.map(drop),
                O::List => storage.list(list).try_collect::<Vec<_>>().await.map(drop),
                O::ListLevel => storage.list_level(list).try_collect::<Vec<_>>().await.map(drop),
                O::Copy => storage.copy(&a, &a, copy).await.map(drop),
                O::Rename => storage.rename(&a, &a, copy).await.map(drop),
                O::PublicUrl => urls.public_url(&a).map(drop),
                O::SignedUrl => urls.signed_url(&a, &UrlOptions::new()).map(drop),
                O::UploadUrl => uploads.upload_url(&a, &UploadOptions::new()).map(drop),
                O::UploadForm => {
                    uploads.upload_form(&FormKey::Exact(a.clone()), &FormOptions::new()).map(drop)
                }
                other => unreachable!("{other:?}"),
            };
            let error = failed.unwrap_err();
            assert_eq!((error.kind(), error.operation()), (ErrorKind::Other, Some(operation.as_str())));
        }
        let calls = storage.take_calls();
        assert_eq!(
            calls.iter().filter(|call| call.operation() == operation).count(),
            if operation == O::Put { 3 } else { 2 }
        );
        assert!(calls.len() == 3 && storage.calls().is_empty());
    }
}

#[tokio::test]
async fn content_and_listings_break_in_the_middle() {
    let storage = TestStorage::new();
    for name in ["a", "b"] {
        put(&storage, name).await.unwrap();
    }
    for (bytes, expected) in [(0, ""), (3, "con"), (7, "content"), (9, "content")] {
        storage.inject(Fault::on(Operation::Get, ErrorKind::Unavailable).after_bytes(bytes));
        let object = storage.get(&key("a"), GetOptions::new()).await.unwrap().into_object().unwrap();
        let (mut content, mut read) = (object.into_stream(), Vec::new());
        let error = loop {
            match content.next().await {
                Some(Ok(chunk)) => read.extend_from_slice(&chunk),
                Some(Err(error)) => break error,
                None => unreachable!("it ended as if complete"),
            }
        };
        assert_eq!((&read[..], error.kind()), (expected.as_bytes(), ErrorKind::Unavailable));
        assert!(content.next().await.is_none());
    }
    assert_eq!(storage.read(&key("a")).await.unwrap(), "content");

    storage.inject(Fault::on(Operation::List, ErrorKind::Unavailable).after());
    let items: Vec<_> = storage.list(ListOptions::new()).collect().await;
    assert_eq!(items.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, true, false]);
    storage.inject(Fault::on(Operation::List, ErrorKind::Unavailable));
    let items: Vec<_> = storage.list(ListOptions::new()).collect().await;
    assert_eq!(items.iter().map(Result::is_ok).collect::<Vec<_>>(), [false]);
    assert_eq!(storage.list(ListOptions::new()).count().await, 2);
}

#[tokio::test(start_paused = true)]
async fn calls_take_as_long_as_they_shall() {
    let storage = TestStorage::new();
    let second = Duration::from_secs(1);
    storage.delay(Operation::Put, 2 * second);
    storage.delay(Operation::List, 3 * second);
    let begin = tokio::time::Instant::now();
    put(&storage, "a").await.unwrap();
    assert!(begin.elapsed() >= 2 * second);
    let begin = tokio::time::Instant::now();
    storage.stat(&key("a")).await.unwrap();
    assert!(begin.elapsed() < second);
    assert_eq!(storage.list(ListOptions::new()).count().await, 1);
    assert!(begin.elapsed() >= 3 * second);
    // A caller that waits no longer has stored nothing.
    let waited = tokio::time::timeout(second, put(&storage, "b")).await;
    assert!(waited.is_err() && storage.content("b").is_none());
}

#[tokio::test]
async fn the_clock_moves_only_when_told_and_ends_urls() {
    let storage = TestStorage::named("photos");
    let started = storage.clock().now();
    let url = Bucket::new(Arc::new(storage.clone())).url("a").unwrap();
    assert_eq!(
        url,
        TestStorage::named("photos").url_signer().unwrap().signed_url(&key("a"), &UrlOptions::new()).unwrap()
    );
    let verify = || storage.url_verifier().unwrap().verify_url("GET", url.as_str(), &HeaderMap::new());
    storage.clock().advance(Duration::from_secs(604_799));
    assert!(verify().is_ok());
    storage.clock().advance(Duration::from_secs(1));
    assert_eq!(verify(), Err(UrlRefusal::Expired));
    storage.clock().set(started);
    put(&storage, "a").await.unwrap();
    assert_eq!(storage.stat(&key("a")).await.unwrap().last_modified, Some(started));
    let other = TestClock::at(started);
    assert_eq!(storage_core::clock::Clock::from(&other).now(), started);
}

#[tokio::test]
async fn what_was_asked_is_kept_in_order_with_its_options() {
    let storage = TestStorage::new();
    storage.memory().put(&key("before"), "".into(), PutOptions::new()).await.unwrap();
    assert!(storage.calls().is_empty());
    let options = PutOptions::new().content_type("text/plain").metadata("a", "b");
    storage.put(&key("a"), "x".into(), options).await.unwrap();
    storage.clone().copy(&key("a"), &key("b"), CopyOptions::new().if_absent()).await.unwrap();
    let calls = storage.calls();
    assert!(matches!(&calls[0], Call::Put { key, options }
        if key.as_str() == "a" && options.attributes.metadata["a"] == "b"));
    assert!(matches!(&calls[1], Call::Copy { from, to, options }
        if from.as_str() == "a" && to.as_str() == "b" && options.if_absent));
    assert_eq!(calls[1].key(), Some(&key("a")));
    assert_eq!((storage.count(Operation::Put), storage.count(Operation::Get)), (1, 0));
    assert_eq!(storage.take_calls().len(), 2);
    assert_eq!(storage.count(Operation::Put), 0);
}
