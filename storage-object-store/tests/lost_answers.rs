//! The server has done its work, and its answer is lost: what came of a write is found out, and never stored twice.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, and runs where it is")]

mod support;

use http::Method;
use s3_testserver::{Answer, Effect, Fault, TestServer};
use storage_core::options::PutMode;
use storage_core::{CopyOptions, ErrorKind, PutOptions, Storage, StorageExt};
use storage_object_store::from_url;

use support::{BUCKET, create, key, large, options, store};

/// How an answer is lost.
fn losses() -> [Effect; 3] {
    [Effect::Close, Effect::Reset, Effect::Answer(Answer::error(503, "ServiceUnavailable"))]
}

/// The request that decides whether a body is stored.
fn deciding(effect: Effect, is_large: bool) -> Fault {
    match is_large {
        false => Fault::new(effect).method(Method::PUT).target("/a"),
        true => Fault::new(effect).method(Method::POST).target("uploadId="),
    }
}

fn body(is_large: bool) -> Vec<u8> {
    if is_large { large() } else { b"abc".to_vec() }
}

#[tokio::test]
async fn a_create_knows_its_own_success() {
    for effect in losses() {
        for is_large in [false, true] {
            let (server, storage) = store().await;
            let lost = server.inject(deciding(effect.clone(), is_large).after_work());
            let stored = storage.put(&key("a"), body(is_large).into(), create()).await;
            let stored = stored.unwrap_or_else(|error| panic!("{effect:?} {is_large}: {error:?}"));
            assert_eq!((lost.count(), stored.size), (1, body(is_large).len() as u64));
            let meta = storage.stat(&key("a")).await.unwrap();
            assert_eq!((meta.etag, meta.attributes.metadata.len()), (stored.etag, 0));
            assert_eq!((server.objects(BUCKET).len(), server.uploads(BUCKET)), (1, 0));
        }
    }
}

#[tokio::test]
async fn a_replacement_knows_its_own_success() {
    for effect in losses() {
        for is_large in [false, true] {
            let (server, storage) = store().await;
            let first = storage.put(&key("a"), "first".into(), PutOptions::new()).await.unwrap();
            let lost = server.inject(deciding(effect.clone(), is_large).after_work());
            let replacing = PutOptions::new().mode(PutMode::IfMatch(first.etag.unwrap()));
            let stored = storage.put(&key("a"), body(is_large).into(), replacing).await;
            let stored = stored.unwrap_or_else(|error| panic!("{effect:?} {is_large}: {error:?}"));
            assert_eq!(lost.count(), 1);
            assert_eq!(storage.stat(&key("a")).await.unwrap().etag, stored.etag);
        }
    }
}

#[tokio::test]
async fn somebody_elses_object_is_no_success_of_ones_own() {
    for is_large in [false, true] {
        let (server, storage) = store().await;
        storage.put(&key("a"), "first".into(), create()).await.unwrap();
        let lost = server.inject(deciding(Effect::Close, is_large).after_work());
        let error = storage.put(&key("a"), body(is_large).into(), create()).await.unwrap_err();
        assert!(lost.count() == 1 && (error.is_already_exists() || error.is_retryable()), "{error:?}");
        assert_eq!(storage.read(&key("a")).await.unwrap(), "first");
    }
}

/// What could not be looked at is not said to be taken: the caller would store a second copy under another name.
#[tokio::test]
async fn what_stays_unclear_is_not_said_to_be_taken() {
    for is_large in [false, true] {
        let (server, storage) = store().await;
        server.inject(deciding(losses()[2].clone(), is_large).after_work());
        server.inject(
            Fault::new(Effect::Answer(Answer::error(503, "ServiceUnavailable"))).method(Method::GET).always(),
        );
        server.inject(
            Fault::new(Effect::Answer(Answer::error(503, "ServiceUnavailable")))
                .method(Method::HEAD)
                .always(),
        );
        let error = storage.put(&key("a"), body(is_large).into(), create()).await.unwrap_err();
        assert!(!error.is_already_exists() && error.is_retryable(), "{is_large}: {error:?}");
    }
}

/// A store on a server whose copies know a condition by a header, as Cloudflare's do.
async fn copying() -> (TestServer, std::sync::Arc<dyn Storage>) {
    let server = TestServer::start().await;
    server.create_bucket(BUCKET);
    let mut options = options(&server);
    options.push(("conditional_writes", "true".to_owned()));
    options.push(("aws_copy_if_not_exists", "header: cf-copy-destination-if-none-match: *".to_owned()));
    let storage = from_url(format!("s3://{BUCKET}")).options(options).build().unwrap();
    (server, storage)
}

#[tokio::test]
async fn a_copy_if_absent_knows_its_own_success() {
    let if_absent = || CopyOptions::new().if_absent();
    for effect in losses() {
        for options in [PutOptions::new(), create()] {
            let (server, storage) = copying().await;
            storage.put(&key("b"), "abc".into(), options.metadata("x", "1")).await.unwrap();
            let lost = server.inject(deciding(effect.clone(), false).after_work());
            // What the repetition meets, where there is one.
            let taken = Answer::error(412, "PreconditionFailed");
            server.inject(deciding(Effect::Answer(taken), false));
            let copied = storage.copy(&key("b"), &key("a"), if_absent()).await;
            let copied = copied.unwrap_or_else(|error| panic!("{effect:?}: {error:?}"));
            assert_eq!((lost.count(), copied.size), (1, 3));
        }
    }
    let (server, storage) = copying().await;
    for (name, content) in [("a", "other"), ("b", "abc")] {
        storage.put(&key(name), content.into(), create()).await.unwrap();
    }
    server.inject(deciding(Effect::Answer(Answer::error(412, "PreconditionFailed")), false));
    let error = storage.copy(&key("b"), &key("a"), if_absent()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
}

#[tokio::test]
async fn what_may_be_done_twice_is_done_again() {
    for effect in losses() {
        let (server, storage) = store().await;
        storage.put(&key("b"), "abc".into(), PutOptions::new()).await.unwrap();
        let copy = server.inject(deciding(effect.clone(), false).after_work());
        storage.copy(&key("b"), &key("a"), CopyOptions::new()).await.unwrap();
        let delete = server.inject(Fault::new(effect).method(Method::POST).target("delete").after_work());
        storage.rename(&key("a"), &key("c"), CopyOptions::new()).await.unwrap();
        let names: Vec<_> = server.objects(BUCKET).into_iter().map(|(key, _)| key).collect();
        assert_eq!((copy.count(), delete.count(), names), (1, 1, vec!["b".to_owned(), "c".to_owned()]));
    }
}
