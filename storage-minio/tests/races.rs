//! Races at a server of this process that is not known by its name, and so has to be found out.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::join_all;
use http::HeaderValue;
use http::header::SERVER;
use s3_testserver::{Answer, Effect, Fault, TestServer};
use storage_core::options::PutMode;
use storage_core::{Body, Bucket, Collision, ErrorKind, PutOptions, SaveOptions, Storage};
use storage_minio::MinioStorage;

fn hide_name() -> Fault {
    Fault::new(Effect::Header(SERVER, HeaderValue::from_static("stranger"))).always()
}

/// A server of this process that is not known by its name.
async fn stranger() -> (TestServer, Arc<MinioStorage>) {
    let server = TestServer::start().await;
    server.create_bucket("photos");
    server.inject(hide_name());
    let storage = MinioStorage::builder()
        .endpoint(server.endpoint())
        .credentials(server.access_key(), server.secret_key())
        .bucket("photos")
        .build()
        .unwrap();
    (server, Arc::new(storage))
}

async fn race(storage: &Arc<MinioStorage>, size: usize) -> BTreeSet<String> {
    let bucket = Bucket::new(Arc::clone(storage) as Arc<dyn Storage>);
    let racers = (0..32_u8).map(|n| {
        let bucket = bucket.clone();
        tokio::spawn(async move { (bucket.save("same.bin", vec![n; size]).await.unwrap(), n) })
    });
    let mut keys = BTreeSet::new();
    for outcome in join_all(racers).await {
        let (saved, n) = outcome.unwrap();
        assert_eq!(bucket.read(&saved.key).await.unwrap(), vec![n; size], "{}", saved.key);
        keys.insert(saved.key.to_string());
    }
    keys
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_racers_lose_nothing_at_a_server_that_ignores_conditions() {
    let (server, storage) = stranger().await;
    server.ignore_conditions();
    let keys = race(&storage, 1_000).await;
    assert_eq!(keys.len(), 32);
    assert!(keys.iter().all(|key| key.starts_with("same_")), "{keys:?}");
    let stored: BTreeSet<_> = server.objects("photos").into_iter().map(|(key, _)| key).collect();
    assert_eq!(stored, keys, "and nothing else is left");
    let probes = server.requests().all().iter().filter(|asked| asked.target.contains(".probe")).count();
    assert_eq!(probes, 8 + 1);
    let reject = SaveOptions::new().collision(Collision::Reject);
    let error = Bucket::new(storage).save_with("same.bin", "x", reject).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_at_one_that_honours_them_and_one_gets_the_name() {
    let (server, storage) = stranger().await;
    let keys = race(&storage, 1_000).await;
    assert_eq!((keys.len(), keys.contains("same.bin")), (32, true));
    assert_eq!(server.objects("photos").len(), 32);
}

#[tokio::test]
async fn the_probe_is_deleted_also_if_it_fails_halfway() {
    let (server, storage) = stranger().await;
    server.clear_faults();
    let refused = Fault::new(Effect::Answer(Answer::error(400, "EntityTooLarge"))).target(".probe").skip(1);
    server.inject(refused);
    server.inject(hide_name());
    let create = PutOptions::new().mode(PutMode::Create);
    assert!(storage.put(&"a".parse().unwrap(), Body::from("content"), create).await.is_err());
    assert!(server.objects("photos").is_empty());
}
