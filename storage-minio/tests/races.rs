//! Races at a server that is not known by its name, and so has to be found out: the one that `STORAGE_TEST_ENDPOINT` names, whose name is
//! hidden, else one inside this process.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test finds its server in the environment, and fails by panicking"
)]

use std::collections::BTreeSet;
use std::env;
use std::sync::Arc;

use futures_util::TryStreamExt;
use futures_util::future::join_all;
use http::HeaderValue;
use http::header::SERVER;
use s3_testserver::{Answer, Effect, Fault, Proxy, TestServer};
use storage_core::list::ListOptions;
use storage_core::options::PutMode;
use storage_core::{
    Body, Bucket, Collision, CopyOptions, ErrorKind, ObjectKey, PutOptions, SaveOptions, Storage,
};
use storage_minio::MinioStorage;

/// More than goes into one request.
const LARGE: usize = 6 * 1024 * 1024;

/// How often a server is found out, by a store that knows nothing yet.
const ROUNDS: usize = 5;

fn hide_name() -> Fault {
    Fault::new(Effect::Header(SERVER, HeaderValue::from_static("stranger"))).always()
}

fn store(endpoint: String, access_key: &str, secret_key: &str, region: &str) -> Arc<MinioStorage> {
    let described = MinioStorage::builder()
        .endpoint(endpoint)
        .credentials(access_key, secret_key)
        .region(region)
        .part_size(5 * 1024 * 1024)
        .multipart_threshold(5 * 1024 * 1024)
        .bucket("photos");
    Arc::new(described.build().unwrap())
}

/// A server of this process that is not known by its name.
async fn stranger() -> (TestServer, Arc<MinioStorage>) {
    let server = TestServer::start().await;
    server.create_bucket("photos");
    server.inject(hide_name());
    let storage = store(server.endpoint(), server.access_key(), server.secret_key(), "us-east-1");
    (server, storage)
}

/// What is found out of a server.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    creates: bool,
    replaces: bool,
    creates_large: bool,
    replaces_large: bool,
    copies: bool,
}

const ALL: Found =
    Found { creates: true, replaces: true, creates_large: true, replaces_large: true, copies: true };

/// What each server does, seen one by one.
fn expected(server: &str) -> Found {
    match server {
        "garage" => Found {
            creates: false,
            replaces: false,
            creates_large: false,
            replaces_large: false,
            copies: false,
        },
        "seaweedfs" => Found { replaces_large: false, ..ALL },
        _ => ALL,
    }
}

/// Whether a write on a condition is done; where it is not honoured it is refused.
async fn is_done(storage: &MinioStorage, key: &ObjectKey, size: usize, mode: PutMode) -> bool {
    match storage.put(key, Body::from(vec![7; size]), PutOptions::new().mode(mode)).await {
        Ok(_) => true,
        Err(error) if error.kind() == ErrorKind::Unsupported => false,
        Err(error) => panic!("{error:?}"),
    }
}

async fn find_out(storage: &MinioStorage, round: usize) -> Found {
    let key = |name: &str| format!("{name}-{round}").parse::<ObjectKey>().unwrap();
    let taken = key("taken");
    storage.put(&taken, Body::from("old"), PutOptions::new()).await.unwrap();
    let etag = async || PutMode::IfMatch(storage.stat(&taken).await.unwrap().etag.unwrap());
    let replaces = is_done(storage, &taken, 10, etag().await).await;
    let replaces_large = is_done(storage, &taken, LARGE, etag().await).await;
    let creates_large = is_done(storage, &key("large"), LARGE, PutMode::Create).await;
    let copies = match storage.copy(&taken, &key("copy"), CopyOptions::new().if_absent()).await {
        Ok(_) => true,
        Err(error) if error.kind() == ErrorKind::Unsupported => false,
        Err(error) => panic!("{error:?}"),
    };
    let creates = is_done(storage, &key("small"), 10, PutMode::Create).await;
    Found { creates, replaces, creates_large, replaces_large, copies }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_found_out_for_what_it_does() {
    let variable = |name| env::var(name).unwrap();
    let Ok(endpoint) = env::var("STORAGE_TEST_ENDPOINT") else {
        let (server, storage) = stranger().await;
        assert_eq!(find_out(&storage, 0).await, expected("in-process"));
        assert!(server.objects("photos").iter().all(|(key, _)| !key.starts_with(".probe/")));
        return;
    };
    let (access_key, secret_key) = (variable("STORAGE_TEST_ACCESS_KEY"), variable("STORAGE_TEST_SECRET_KEY"));
    let (region, name) = (variable("STORAGE_TEST_REGION"), variable("STORAGE_TEST_SERVER"));
    let proxy = Proxy::in_front_of(&endpoint);
    let door = proxy.door();
    door.inject(hide_name());
    let store = || store(door.endpoint(), &access_key, &secret_key, &region);
    match store().create_bucket().await {
        Err(error) if !error.is_already_exists() => panic!("{error:?}"),
        _ => {}
    }
    for round in 0..ROUNDS {
        assert_eq!(find_out(&store(), round).await, expected(&name), "{name}, round {round}");
    }
    let listed = store().list(ListOptions::new().prefix(".probe/"));
    assert_eq!(listed.try_collect::<Vec<_>>().await.unwrap().len(), 0, "nothing is left of the probes");
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
