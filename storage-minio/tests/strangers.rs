//! What is found out of a server that is not known by its name: the one that `STORAGE_TEST_ENDPOINT` names, whose name is
//! hidden, else one inside this process.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test finds its server in the environment, and fails by panicking"
)]

use std::env;

use futures_util::TryStreamExt;
use http::HeaderValue;
use http::header::SERVER;
use s3_testserver::{Effect, Fault, Proxy, TestServer};
use storage_core::list::ListOptions;
use storage_core::options::PutMode;
use storage_core::{Body, CopyOptions, ErrorKind, ObjectKey, PutOptions, Storage};
use storage_minio::MinioStorage;

/// More than goes into one request.
const LARGE: usize = 6 * 1024 * 1024;

/// How often a server is found out, by a store that knows nothing yet.
const ROUNDS: usize = 5;

fn hide_name() -> Fault {
    Fault::new(Effect::Header(SERVER, HeaderValue::from_static("stranger"))).always()
}

fn store(endpoint: String, access_key: &str, secret_key: &str, region: &str) -> MinioStorage {
    let described = MinioStorage::builder()
        .endpoint(endpoint)
        .credentials(access_key, secret_key)
        .region(region)
        .part_size(5 * 1024 * 1024)
        .multipart_threshold(5 * 1024 * 1024)
        .bucket("photos");
    described.build().unwrap()
}

/// What each server does on a condition, seen one by one.
fn expected(server: &str) -> &'static [&'static str] {
    match server {
        "garage" => &[],
        // A large create goes aside, and a conditional copy decides.
        "seaweedfs" => &["replace", "create large", "copy", "create"],
        _ => &["replace", "replace large", "create large", "copy", "create"],
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

/// What a server does on a condition. Whatever it does not is refused.
async fn find_out(storage: &MinioStorage, round: usize) -> Vec<&'static str> {
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
    let found = [
        (replaces, "replace"),
        (replaces_large, "replace large"),
        (creates_large, "create large"),
        (copies, "copy"),
        (creates, "create"),
    ];
    found.into_iter().filter(|(is_done, _)| *is_done).map(|(_, what)| what).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_found_out_for_what_it_does() {
    let variable = |name| env::var(name).unwrap();
    let Ok(endpoint) = env::var("STORAGE_TEST_ENDPOINT") else {
        let server = TestServer::start().await;
        server.create_bucket("photos");
        server.inject(hide_name());
        let storage = store(server.endpoint(), server.access_key(), server.secret_key(), "us-east-1");
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
