use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use storage_core::attributes::Attributes;
use storage_core::key::RawKey;
use storage_core::list::ListOptions;
use storage_core::options::PutMode;
use storage_core::wrap::Mirrored;
use storage_core::{Body, Bucket, CopyOptions, ErrorKind, GetOptions, PutOptions, Storage, StorageExt};

use crate::faulty::Faulty;
use crate::{key, named, one_shot, put};

struct Pair {
    first: Arc<Faulty>,
    second: Arc<Faulty>,
}

impl Pair {
    fn new() -> Self {
        Self { first: Faulty::new(named("first")), second: Faulty::new(named("second")) }
    }

    fn mirrored(&self) -> Mirrored {
        Mirrored::new(
            Arc::clone(&self.first) as Arc<dyn Storage>,
            Arc::clone(&self.second) as Arc<dyn Storage>,
        )
    }
}

async fn same(pair: &Pair, name: &str) {
    let (first, second) =
        (pair.first.stat(&key(name)).await.unwrap(), pair.second.stat(&key(name)).await.unwrap());
    assert_eq!((first.size, first.attributes), (second.size, second.attributes));
    assert_eq!(pair.first.tags(&key(name)).await.unwrap(), pair.second.tags(&key(name)).await.unwrap());
    assert_eq!(pair.first.read(&key(name)).await.unwrap(), pair.second.read(&key(name)).await.unwrap());
}

async fn eventually(storage: &dyn Storage, name: &str) {
    for _ in 0..500 {
        if storage.exists(&key(name)).await.unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{name} is not in {}", storage.name());
}

async fn asked(store: &Faulty, calls: u64) {
    while store.calls() < calls {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn full() -> PutOptions {
    let attributes = Attributes::new()
        .content_type("image/png")
        .cache_control("private")
        .content_disposition("attachment")
        .content_encoding("gzip")
        .content_language("de")
        .metadata("by", "Jürgen");
    PutOptions::new().attributes(attributes).tag("kind", "photo")
}

#[tokio::test]
async fn every_change_is_in_both_with_all_that_goes_with_it() {
    let pair = Pair::new();
    let store = pair.mirrored();
    store.put(&key("bytes"), "abc".into(), full()).await.unwrap();
    store.put(&key("short"), one_shot(100_000), full()).await.unwrap();
    store.put(&key("long"), one_shot(3_000_000), full().mode(PutMode::Create)).await.unwrap();
    for name in ["bytes", "short", "long"] {
        same(&pair, name).await;
    }
    store.copy(&key("long"), &key("copy"), CopyOptions::new()).await.unwrap();
    let other = CopyOptions::new().attributes(Attributes::new().content_type("text/plain"));
    store.copy(&key("long"), &key("long"), other.clone()).await.unwrap();
    store.rename(&key("bytes"), &key("moved"), other).await.unwrap();
    for name in ["copy", "long", "moved"] {
        same(&pair, name).await;
    }
    assert!(!pair.second.exists(&key("bytes")).await.unwrap());
    store.delete(&key("copy")).await.unwrap();
    store.delete_many(vec![RawKey::new("moved"), RawKey::new("long")]).await.unwrap().into_result().unwrap();
    for name in ["copy", "moved", "long"] {
        assert!(!pair.second.exists(&key(name)).await.unwrap(), "{name}");
    }
}

#[tokio::test]
async fn what_the_first_refuses_does_not_reach_the_second() {
    let pair = Pair::new();
    put(&*pair.first, "a", "old").await;
    let store = pair.mirrored();
    let create = PutOptions::new().mode(PutMode::Create);
    assert!(store.put(&key("a"), "new".into(), create).await.unwrap_err().is_already_exists());
    assert!(
        store
            .copy(&key("a"), &key("a"), CopyOptions::new().if_absent())
            .await
            .unwrap_err()
            .is_already_exists()
    );
    pair.first.fail(ErrorKind::Unavailable);
    assert!(store.put(&key("b"), "new".into(), PutOptions::new()).await.is_err());
    assert!(store.delete(&key("a")).await.is_err());
    assert!(store.delete_many(vec![RawKey::new("a")]).await.is_err());
    assert!(store.rename(&key("a"), &key("b"), CopyOptions::new()).await.is_err());
    assert_eq!(pair.second.calls(), 0);
}

#[tokio::test]
async fn if_the_second_fails_so_does_the_call_and_nothing_is_taken_back() {
    let pair = Pair::new();
    let store = pair.mirrored();
    for (kind, seen, retryable) in [
        (ErrorKind::Unavailable, ErrorKind::Unavailable, true),
        // A save must not take it for a name that is taken, nor a read for an object that is missing.
        (ErrorKind::AlreadyExists, ErrorKind::Other, false),
        (ErrorKind::NotFound, ErrorKind::Other, false),
    ] {
        pair.second.fail(kind);
        let error = store.put(&key("a"), "abc".into(), PutOptions::new()).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (seen, retryable));
        assert_eq!((error.key(), error.store()), (Some("a"), Some("second")));
        assert!(std::error::Error::source(&error).is_some());
        assert_eq!(pair.first.read(&key("a")).await.unwrap(), "abc");
    }
    let before = pair.first.calls();
    assert!(Bucket::new(Arc::new(store.clone())).save("b", "x").await.is_err());
    assert!(pair.first.calls() <= before + 2, "one save has tried several names");
    pair.second.fail(None);
    store.put(&key("a"), "abc".into(), PutOptions::new()).await.unwrap();
    same(&pair, "a").await;
}

#[tokio::test]
async fn a_failure_may_be_reported_instead() {
    let pair = Pair::new();
    let reported = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&reported);
    let store = pair.mirrored().report_failures(move |failure| {
        assert_eq!(failure.error.kind(), ErrorKind::Unavailable);
        let keys = failure.keys.iter().map(|key| key.as_str().to_owned()).collect::<Vec<_>>();
        seen.lock().unwrap().push((failure.operation, keys.join(" ")));
    });
    pair.second.fail(ErrorKind::Unavailable);
    store.put(&key("a"), "abc".into(), PutOptions::new()).await.unwrap();
    store.put(&key("b"), one_shot(2_000_000), PutOptions::new()).await.unwrap();
    store.copy(&key("a"), &key("c"), CopyOptions::new()).await.unwrap();
    store.rename(&key("a"), &key("d"), CopyOptions::new()).await.unwrap();
    store.delete(&key("b")).await.unwrap();
    store.delete_many(vec![RawKey::new("c"), RawKey::new("x")]).await.unwrap().into_result().unwrap();
    let expected = [
        ("put", "a"),
        ("put", "b"),
        ("copy", "c"),
        ("rename", "a d"),
        ("delete", "b"),
        ("delete_many", "c x"),
    ];
    assert_eq!(*reported.lock().unwrap(), expected.map(|(operation, keys)| (operation, keys.to_owned())));
}

#[tokio::test]
async fn a_copy_of_what_the_second_lacks_or_has_otherwise_comes_from_the_first() {
    let pair = Pair::new();
    let store = pair.mirrored();
    pair.first.put(&key("uploads/x"), "photo".into(), full()).await.unwrap();
    store.copy(&key("uploads/x"), &key("a"), CopyOptions::new()).await.unwrap();
    same(&pair, "a").await;
    put(&*pair.second, "uploads/x", "stale").await;
    store.rename(&key("uploads/x"), &key("b"), CopyOptions::new()).await.unwrap();
    same(&pair, "b").await;
    assert!(!pair.second.exists(&key("uploads/x")).await.unwrap());
}

#[tokio::test]
async fn a_call_that_is_dropped_once_the_first_is_done_is_mirrored_all_the_same() {
    let pair = Pair::new();
    let store = pair.mirrored();
    for (name, body) in [("bytes", Body::from("abc")), ("stream", one_shot(2_000_000))] {
        pair.second.shut();
        let name = key(name);
        let before = pair.second.calls();
        tokio::select! {
            _ = store.put(&name, body, PutOptions::new()) => panic!("it did not wait for the second"),
            () = asked(&pair.second, before + 1) => {}
        }
        assert!(pair.first.exists(&name).await.unwrap());
        pair.second.open();
        eventually(&*pair.second, name.as_str()).await;
        same(&pair, name.as_str()).await;
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_before_leaves_nothing_in_either() {
    let pair = Pair::new();
    let store = pair.mirrored();
    pair.first.shut();
    let name = key("a");
    let put = store.put(&name, "abc".into(), PutOptions::new());
    assert!(tokio::time::timeout(Duration::from_millis(50), put).await.is_err());
    pair.first.open();
    assert!(!store.exists(&name).await.unwrap() && !pair.second.exists(&name).await.unwrap());
}

#[tokio::test]
async fn the_second_is_read_only_if_told_and_only_if_the_first_is_away() {
    let pair = Pair::new();
    put(&pair.mirrored(), "a", "abc").await;
    put(&*pair.second, "only-there", "x").await;
    let etag = pair.first.stat(&key("a")).await.unwrap().etag.unwrap();
    let store = pair.mirrored().read_second_when_unavailable();
    assert!(store.read(&key("only-there")).await.unwrap_err().is_not_found());
    assert!(store.stat(&key("only-there")).await.unwrap_err().is_not_found());

    for kind in [ErrorKind::Unavailable, ErrorKind::Timeout] {
        pair.first.fail(kind);
        assert_eq!(store.read(&key("a")).await.unwrap(), "abc");
        assert_eq!(store.size(&key("a")).await.unwrap(), 3);
        assert!(store.tags(&key("a")).await.unwrap().is_empty());
        assert_eq!(store.list(ListOptions::new()).count().await, 2);
        assert_eq!(store.list_level(ListOptions::new()).count().await, 2);
        // A mirror that lags behind does not say what the first does not have.
        assert_eq!(store.stat(&key("nope")).await.unwrap_err().kind(), kind);
        assert_eq!(store.read(&key("nope")).await.unwrap_err().kind(), kind);
        let conditional = GetOptions::new().if_match(etag.clone());
        assert_eq!(store.get(&key("a"), conditional).await.unwrap_err().kind(), kind);
        assert_eq!(pair.mirrored().read(&key("a")).await.unwrap_err().kind(), kind);
    }
    pair.first.fail(ErrorKind::PermissionDenied);
    assert_eq!(store.read(&key("a")).await.unwrap_err().kind(), ErrorKind::PermissionDenied);
    assert_eq!(
        store.list(ListOptions::new()).next().await.unwrap().unwrap_err().kind(),
        ErrorKind::PermissionDenied
    );
    pair.second.fail(ErrorKind::Unavailable);
    pair.first.fail(ErrorKind::Timeout);
    let error = store.list(ListOptions::new()).next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.store()), (ErrorKind::Timeout, Some("first")));
}

#[test]
fn uploads_are_signed_only_if_they_are_accepted_later() {
    let store = Pair::new().mirrored();
    assert!(store.upload_signer().is_none());
    assert!(store.sign_uploads_for_acceptance().upload_signer().is_some());
}
