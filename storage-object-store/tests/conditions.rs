//! A server that takes conditions on writes and ignores them is found out before anything is lost.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, and runs where it is")]

mod support;

use std::sync::Arc;

use futures_util::future::join_all;
use http::Method;
use s3_testserver::{Answer, Effect, Fault, TestServer};
use storage_core::capability::Ability;
use storage_core::options::PutMode;
use storage_core::{Bucket, Collision, ErrorKind, PutOptions, SaveOptions, Storage, StorageExt};
use storage_object_store::{ConditionalWrites, from_url};

use support::{BUCKET, create, key, large, options};

async fn unknown(path: &str) -> (TestServer, Arc<dyn Storage>) {
    let server = TestServer::start().await;
    server.create_bucket(BUCKET);
    let storage = from_url(format!("s3://{BUCKET}{path}")).options(options(&server)).build().unwrap();
    (server, storage)
}

fn names(server: &TestServer) -> Vec<String> {
    server.objects(BUCKET).into_iter().map(|(name, _)| name).collect()
}

#[tokio::test]
async fn a_server_that_honours_them_is_asked_once_and_nothing_is_left() {
    let (server, storage) = unknown("/media").await;
    let creating = ["a", "b", "c", "d"].map(|name| {
        let storage = Arc::clone(&storage);
        async move { storage.put(&key(name), name.into(), create()).await }
    });
    assert!(join_all(creating).await.iter().all(Result::is_ok));
    let asked = server.requests().all().into_iter().filter(|sent| sent.target.contains(".probe"));
    assert!(asked.clone().all(|sent| sent.target.contains("/media/.probe/")));
    // Eight racers, an upload in parts that is aborted, and a wrong tag. The deletion names its key in its body.
    assert_eq!((asked.count(), server.uploads(BUCKET)), (8 + 4 + 1, 0));
    assert_eq!(names(&server), ["media/a", "media/b", "media/c", "media/d"]);
    let known = storage.probe().await.unwrap();
    assert!(known.has(Ability::CreateIfAbsent) && known.has(Ability::PutIfMatch));
}

#[tokio::test]
async fn a_server_that_ignores_them_is_found_out_before_anything_is_lost() {
    let (server, storage) = unknown("").await;
    server.ignore_conditions();
    let first = storage.put(&key("a"), "first".into(), PutOptions::new()).await.unwrap();
    for body in [b"abc".to_vec(), large()] {
        for mode in [PutMode::Create, PutMode::IfMatch(first.etag.clone().unwrap())] {
            let error =
                storage.put(&key("a"), body.clone().into(), PutOptions::new().mode(mode)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(error.hint().is_some_and(|hint| hint.contains("conditional_writes")), "{error:?}");
        }
    }
    assert!(!storage.capabilities().has(Ability::CreateIfAbsent));

    let bucket = Bucket::new(Arc::clone(&storage));
    let saving = (0..8).map(|n| bucket.save("a", format!("{n}")));
    let mut saved: Vec<_> = join_all(saving).await.into_iter().map(|saved| saved.unwrap().key).collect();
    saved.sort();
    saved.dedup();
    assert_eq!((saved.len(), names(&server).len()), (8, 9));
    assert_eq!(storage.read(&key("a")).await.unwrap(), "first");
    let rejecting = SaveOptions::new().collision(Collision::Reject);
    assert_eq!(bucket.save_with("b", "x", rejecting).await.unwrap_err().kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn where_it_may_not_be_tried_nothing_is_relied_on() {
    let (server, storage) = unknown("").await;
    server.inject(Fault::new(Effect::Answer(Answer::error(403, "AccessDenied"))).target(".probe/").always());
    let error = storage.put(&key("a"), "x".into(), create()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.hint().is_some_and(|hint| hint.contains("denied")), "{error:?}");
    assert!(names(&server).is_empty());
}

#[tokio::test]
async fn a_failure_is_told_to_all_and_the_next_call_asks_again() {
    let (server, storage) = unknown("").await;
    let down =
        Fault::new(Effect::Answer(Answer::error(400, "ExpiredToken"))).method(Method::PUT).target(".probe/");
    server.inject(down.times(8));
    let asking = (0..4).map(|_| storage.probe());
    for answer in join_all(asking).await {
        assert_eq!(answer.unwrap_err().kind(), ErrorKind::Unauthenticated);
    }
    assert!(storage.probe().await.unwrap().has(Ability::CreateIfAbsent));
    assert!(names(&server).is_empty());
}

#[tokio::test]
async fn what_was_said_is_not_asked() {
    for (how, ability) in [(ConditionalWrites::Honoured, true), (ConditionalWrites::Ignored, false)] {
        let (server, _) = unknown("").await;
        let described = from_url(format!("s3://{BUCKET}")).options(options(&server)).conditional_writes(how);
        let known = described.build().unwrap().probe().await.unwrap();
        assert_eq!((known.has(Ability::CreateIfAbsent), server.requests().count()), (ability, 0));
    }
    let disabled = from_url("s3://photos").option("aws_conditional_put", "disabled").build().unwrap();
    assert!(!disabled.probe().await.unwrap().has(Ability::CreateIfAbsent));
}

/// No request is made: they could go nowhere.
#[tokio::test]
async fn services_that_document_it_are_not_asked() {
    for url in [
        "s3://photos",
        "https://photos.s3.eu-central-1.amazonaws.com/",
        "https://account.r2.cloudflarestorage.com/photos",
        "gs://photos",
    ] {
        let described = from_url(url).option("aws_skip_signature", "true");
        let described = if url.starts_with("gs") {
            from_url(url).option("google_skip_signature", "true")
        } else {
            described
        };
        let known = described.build().unwrap().probe().await.unwrap();
        assert!(known.has(Ability::CreateIfAbsent) && known.has(Ability::PutIfMatch), "{url}");
    }
}
