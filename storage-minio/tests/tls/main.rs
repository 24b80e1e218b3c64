//! The default transport by TLS, against an S3 server whose certificates are made here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod authority;
mod front;

#[cfg(feature = "reqwest")]
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use s3_testserver::TestServer;
use storage_core::health::{HealthOptions, HealthState};
use storage_core::{Body, Error, ErrorKind, ObjectKey, PutOptions, Storage, StorageExt};
#[cfg(feature = "reqwest")]
use storage_minio::transport::ReqwestTransport;
use storage_minio::{CaBundle, ClientOptions, MinioStorage, RetryOptions};

use self::authority::Authority;
use self::front::{Breaks, Front};

const HOST: &str = "127.0.0.1";
const MIB: usize = 1024 * 1024;

fn key(key: &str) -> ObjectKey {
    key.parse().unwrap()
}

async fn server() -> TestServer {
    let server = TestServer::start().await;
    server.create_bucket("photos");
    server
}

fn trusting(pem: impl Into<Vec<u8>>) -> ClientOptions {
    ClientOptions::new()
        .ca_bundle(CaBundle::Pem(pem.into()))
        .retry(RetryOptions::new().backoff(Duration::from_millis(1)))
}

fn storage(server: &TestServer, front: &Front, options: ClientOptions) -> MinioStorage {
    MinioStorage::builder()
        .endpoint(front.endpoint())
        .credentials(server.access_key(), server.secret_key())
        .bucket("photos")
        .part_size(5 * MIB as u64)
        .multipart_threshold(5 * MIB as u64)
        .client_options(options)
        .build()
        .unwrap()
}

async fn put(storage: &MinioStorage) -> Result<(), Error> {
    storage.put(&key("a"), Body::from("content"), PutOptions::new()).await.map(drop)
}

#[tokio::test]
async fn a_given_root_is_trusted_and_one_connection_serves_many_requests() {
    let (server, authority) = (server().await, Authority::new("ours"));
    let front = Front::start(&server.endpoint(), authority.server(HOST), Vec::new()).await;
    let storage = storage(&server, &front, trusting(authority.pem()));
    for _ in 0..10 {
        put(&storage).await.unwrap();
        assert_eq!(storage.read(&key("a")).await.unwrap(), "content");
        assert_eq!(storage.stat(&key("a")).await.unwrap().size, 7);
        assert!(!storage.exists(&key("b")).await.unwrap());
    }
    assert_eq!(front.connections(), 1);
    assert!(server.requests().count() >= 40);
}

#[tokio::test]
async fn a_large_object_comes_back_as_it_was() {
    let (server, authority) = (server().await, Authority::new("ours"));
    let front = Front::start(&server.endpoint(), authority.server(HOST), Vec::new()).await;
    let storage = storage(&server, &front, trusting(authority.pem()));
    let content: Bytes = (0..=250).cycle().take(12 * MIB).collect();
    storage.put(&key("large"), Body::from(content.clone()), PutOptions::new()).await.unwrap();
    assert!(storage.read(&key("large")).await.unwrap() == content);
    // Three parts at a time, and one that some of them may have used already.
    assert!((1..=4).contains(&front.connections()), "{}", front.connections());
}

#[tokio::test]
async fn a_bundle_may_be_a_file_of_several_certificates() {
    let (server, authority) = (server().await, Authority::new("ours"));
    let front = Front::start(&server.endpoint(), authority.server(HOST), Vec::new()).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, Authority::new("other").pem() + &authority.pem()).unwrap();
    let options = ClientOptions::new().ca_bundle(CaBundle::File(file.path().to_owned()));
    put(&storage(&server, &front, options)).await.unwrap();
}

#[tokio::test]
async fn a_certificate_that_is_not_to_be_trusted_is_final() {
    let (server, authority) = (server().await, Authority::new("ours"));
    for (config, roots, why) in [
        (authority.server(HOST), Authority::new("other").pem(), "UnknownIssuer"),
        (authority.expired_server(HOST), authority.pem(), "expired"),
        (authority.server("minio.example.org"), authority.pem(), "not valid for name"),
    ] {
        let front = Front::start(&server.endpoint(), config, Vec::new()).await;
        let error = put(&storage(&server, &front, trusting(roots))).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unavailable, false), "{error}");
        assert!(error.to_string().contains(why) && error.hint().unwrap().contains("certificate"), "{error}");
        assert_eq!((front.connections(), server.requests().count()), (1, 0), "{error}");
    }
}

#[tokio::test]
async fn such_a_server_is_told_of_by_its_certificate() {
    let (server, authority) = (server().await, Authority::new("ours"));
    for (config, why) in
        [(Authority::new("other").server(HOST), "UnknownIssuer"), (authority.expired_server(HOST), "expired")]
    {
        let front = Front::start(&server.endpoint(), config, Vec::new()).await;
        let storage = storage(&server, &front, trusting(authority.pem()));
        let report = storage.health().unwrap().check(HealthOptions::readiness()).await;
        assert_eq!(report.state, HealthState::TlsFailed, "{report}");
        assert!(report.to_string().contains(why) && report.to_string().contains("CA bundle"), "{report}");
        assert_eq!((front.connections(), server.requests().count()), (1, 0), "it is asked once");
    }
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn a_callers_own_client_tells_a_certificate_from_a_connection_that_breaks() {
    let (server, authority) = (server().await, Authority::new("ours"));
    let own = |front: &Front| {
        let client = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(authority.client());
        MinioStorage::builder()
            .endpoint(front.endpoint())
            .credentials(server.access_key(), server.secret_key())
            .bucket("photos")
            .transport(Arc::new(ReqwestTransport::new(client.build().unwrap())))
            .client_options(ClientOptions::new().retry(RetryOptions::new().backoff(Duration::from_millis(1))))
            .build()
            .unwrap()
    };
    for (config, why) in [
        (Authority::new("other").server(HOST), "UnknownIssuer"),
        (authority.expired_server(HOST), "expired"),
        (authority.server("minio.example.org"), "not valid for name"),
    ] {
        let front = Front::start(&server.endpoint(), config, Vec::new()).await;
        let error = put(&own(&front)).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unavailable, false), "{error}");
        assert!(error.to_string().contains(why) && error.hint().unwrap().contains("certificate"), "{error}");
        assert_eq!((front.connections(), server.requests().count()), (1, 0), "{error}");
    }
    for how in [Breaks::Reset, Breaks::Closed] {
        let front = Front::start(&server.endpoint(), authority.server(HOST), vec![how; 2]).await;
        put(&own(&front)).await.unwrap();
        assert_eq!(front.connections(), 3, "{how:?}");
    }
}

#[tokio::test]
async fn a_handshake_that_breaks_is_begun_again() {
    for how in [Breaks::Reset, Breaks::Closed] {
        let (server, authority) = (server().await, Authority::new("ours"));
        let front = Front::start(&server.endpoint(), authority.server(HOST), vec![how; 2]).await;
        put(&storage(&server, &front, trusting(authority.pem()))).await.unwrap();
        assert_eq!((front.connections(), server.requests().count()), (3, 1), "{how:?}");

        let front = Front::start(&server.endpoint(), authority.server(HOST), vec![how; 100]).await;
        let error = put(&storage(&server, &front, trusting(authority.pem()))).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unavailable, true), "{error}");
        assert!(error.to_string().contains("cannot connect"), "{error}");
        assert_eq!(front.connections(), 4, "{how:?}");
    }
}
