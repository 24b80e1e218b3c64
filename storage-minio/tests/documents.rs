//! Answers that are documents end in bounded time, and what stands still is sent again only where nothing was at work.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::time::Duration;

use futures_util::StreamExt;
use storage_core::list::ListOptions;
use storage_core::{Body, CopyOptions, Error, ErrorKind, PutOptions, Storage, StorageExt};
use storage_minio::{ClientOptions, MinioStorage};
use support::{End, Reply, Scripted, key};
use tokio::time::Instant;

const READ_TIMEOUT: Duration = Duration::from_secs(30);

async fn list(storage: &MinioStorage) -> Result<(), Error> {
    storage.list(ListOptions::new()).next().await.unwrap().map(drop)
}

async fn copy(storage: &MinioStorage) -> Result<(), Error> {
    storage.copy(&key("a"), &key("b"), CopyOptions::new()).await.map(drop)
}

/// Begins well and then ends like this; what is looked at before is there.
fn ending(end: End) -> std::sync::Arc<Scripted> {
    Scripted::new(move |asked| match asked.method.as_str() {
        "HEAD" => Reply::status(200).header("content-length", 1).header("etag", "\"e\""),
        "GET" => Reply::status(200).body("<ListBucketResult>").then(end),
        _ => Reply::status(200).body("<CopyObjectResult>").then(end),
    })
}

#[tokio::test(start_paused = true)]
async fn a_document_that_trickles_without_an_end_is_a_time_out() {
    let transport = ending(End::Trickles);
    let (storage, began) = (transport.storage(), Instant::now());
    assert_eq!(list(&storage).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert!(
        (1..=11).contains(&(began.elapsed().as_secs() / READ_TIMEOUT.as_secs())),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(transport.asked().len(), 1, "no time is left for another");

    let began = Instant::now();
    assert_eq!(copy(&storage).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert!(began.elapsed() <= READ_TIMEOUT * 101, "{:?}", began.elapsed());
    assert_eq!(transport.asked().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_document_that_stands_still_is_asked_for_again_only_by_a_read() {
    let transport = ending(End::Hangs);
    let storage = transport.storage();
    assert_eq!(list(&storage).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(transport.asked().len(), 2, "as often as the budget of 45 seconds allows");
    assert_eq!(copy(&storage).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(transport.lines()[2..], ["HEAD /photos/a", "PUT /photos/b"]);
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_whole_request_is_not_begun_again() {
    for end in [End::Hangs, End::Trickles] {
        let transport = ending(end);
        let options = ClientOptions::new().request_timeout(Duration::from_secs(2));
        let storage = transport.builder().client_options(options).build().unwrap();
        let began = Instant::now();
        assert_eq!(list(&storage).await.unwrap_err().kind(), ErrorKind::Timeout);
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
        assert_eq!(transport.asked().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_stands_without_the_end_of_what_it_says() {
    for end in [End::Hangs, End::Trickles, End::Breaks] {
        let transport = Scripted::new(move |_| Reply::status(403).body("<Error>").then(end));
        let (storage, began) = (transport.storage(), Instant::now());
        let put = storage.put(&key("a"), Body::from("x"), PutOptions::new()).await.unwrap_err();
        let read = storage.read(&key("a")).await.unwrap_err();
        assert_eq!([put.kind(), read.kind()], [ErrorKind::PermissionDenied; 2]);
        assert!(began.elapsed() <= READ_TIMEOUT * 2, "{:?}", began.elapsed());
        assert_eq!(transport.asked().len(), 2);
    }
}
