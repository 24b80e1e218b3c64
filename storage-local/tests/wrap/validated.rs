use std::sync::Arc;

use futures_util::StreamExt;
use storage_core::attributes::Attributes;
use storage_core::list::ListOptions;
use storage_core::wrap::Validated;
use storage_core::{Body, Bucket, CopyOptions, Error, ErrorKind, PutOptions, Storage};

use crate::faulty::Faulty;
use crate::{key, memory, one_shot};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

async fn is_empty(storage: &dyn Storage) -> bool {
    storage.list(ListOptions::new()).next().await.is_none()
}

async fn refused(store: &Validated, body: Body, options: PutOptions) -> Error {
    let error = store.put(&key("a"), body, options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!((error.operation(), error.key(), error.store()), (Some("put"), Some("a"), Some("memory")));
    error
}

#[tokio::test]
async fn lengths_hold_for_bytes_and_streams() {
    let inner = memory();
    let store = Validated::new(Arc::clone(&inner)).min_length(10).max_length(100_000);
    for length in [0, 9, 100_001, 5_000_000] {
        refused(&store, vec![0_u8; length].into(), PutOptions::new()).await;
        refused(&store, one_shot(length), PutOptions::new()).await;
        refused(&store, one_shot(length).with_length(length as u64), PutOptions::new()).await;
    }
    assert!(is_empty(&*inner).await);
    for length in [10, 100_000] {
        store.put(&key("a"), one_shot(length), PutOptions::new()).await.unwrap();
        store.put(&key("a"), vec![0_u8; length].into(), PutOptions::new()).await.unwrap();
    }
}

#[tokio::test]
async fn a_known_length_out_of_bounds_is_refused_before_the_store_is_asked() {
    let inner = Faulty::new(memory());
    let store = Validated::new(Arc::clone(&inner) as Arc<dyn Storage>).max_length(3);
    refused(&store, "abcd".into(), PutOptions::new()).await;
    assert_eq!(inner.calls(), 0);
}

#[tokio::test]
async fn types_are_what_the_content_shows_and_what_is_declared() {
    let store = Validated::new(memory()).content_types(["image/*", "application/pdf"]);
    let typed = |content_type: &str| PutOptions::new().content_type(content_type);
    for taken in
        [PutOptions::new(), typed("image/png"), typed("image/JPEG; x=y"), typed("application/octet-stream")]
    {
        store.put(&key("a"), PNG.into(), taken).await.unwrap();
    }
    refused(&store, PNG.into(), typed("text/html")).await;
    refused(&store, "<!DOCTYPE html><html>".into(), typed("image/png")).await;
    refused(&store, "just words".into(), typed("image/png")).await;
    refused(&store, "".into(), typed("image/png")).await;

    let store = store.content_types(["text/csv"]).or_unrecognised();
    store.put(&key("a"), "a,b,c".into(), typed("text/csv")).await.unwrap();
    refused(&store, "a,b,c".into(), typed("text/html")).await;
    refused(&store, "a,b,c".into(), PutOptions::new()).await;
    let html = CopyOptions::new().attributes(Attributes::new().content_type("text/html"));
    let error = store.copy(&key("a"), &key("b"), html.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::InvalidInput, Some("copy")));
    assert_eq!(store.rename(&key("a"), &key("b"), html).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    store.copy(&key("a"), &key("b"), CopyOptions::new()).await.unwrap();
}

#[tokio::test]
async fn own_checks_see_what_comes_and_are_asked_before_anything_is_stored() {
    let inner = memory();
    let looking = Arc::clone(&inner);
    let store = Validated::new(Arc::clone(&inner)).check(move |incoming| {
        let looking = Arc::clone(&looking);
        async move {
            tokio::task::yield_now().await;
            assert!(is_empty(&*looking).await);
            assert_eq!(incoming.options.attributes.metadata["by"], "me");
            match (&incoming.head[..], incoming.length, incoming.key.as_str()) {
                (b"virus", Some(5), "a") => Err(Error::new(ErrorKind::PermissionDenied, "a virus")),
                (head, None, _) if head.len() == 8 * 1024 => Ok(()),
                other => panic!("{other:?}"),
            }
        }
    });
    let options = PutOptions::new().metadata("by", "me");
    let short = Body::from_stream(futures_util::stream::iter([Ok::<_, std::io::Error>("virus".into())]));
    let error = store.put(&key("a"), short, options.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::PermissionDenied, Some("put")));
    assert!(is_empty(&*inner).await);
    let stored = store.put(&key("b"), one_shot(1_000_000), options).await.unwrap();
    assert_eq!(stored.size, 1_000_000);
}

#[tokio::test]
async fn a_save_finds_its_free_name_through_the_rules() {
    let bucket =
        Bucket::new(memory()).wrapped(|storage| Validated::new(storage).content_types(["image/png"]));
    bucket.save("a.png", PNG).await.unwrap();
    assert_ne!(bucket.save("a.png", PNG).await.unwrap().key, key("a.png"));
    assert_eq!(bucket.save("a.png", "<html>").await.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[test]
fn uploads_are_signed_only_if_they_are_accepted_later() {
    let store = Validated::new(Faulty::new(memory()));
    assert!(store.upload_signer().is_none());
    assert!(store.sign_uploads_for_acceptance().upload_signer().is_some());
}
