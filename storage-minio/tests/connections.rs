//! The default transport against sockets that misbehave, and through proxies.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use storage_core::{Body, Error, ErrorKind, PutOptions, Storage, StorageExt};
use storage_minio::{CaBundle, ClientOptions, MinioStorage};
use support::{SECRET, key};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Takes one connection, reads until the head of a request is complete, answers, and gives what it read.
async fn answers(answer: &'static [u8]) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        // A TLS handshake has no end that could be seen.
        while request.first() != Some(&0x16) && !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let mut buffer = [0; 4096];
            match connection.read(&mut buffer).await.unwrap() {
                0 => break,
                count => request.extend_from_slice(&buffer[..count]),
            }
        }
        connection.write_all(answer).await.unwrap();
        connection.shutdown().await.unwrap();
        String::from_utf8_lossy(&request).into_owned()
    });
    (address, serving)
}

fn storage(endpoint: String, options: ClientOptions) -> MinioStorage {
    let builder =
        MinioStorage::builder().endpoint(endpoint).credentials("access-key", SECRET).bucket("photos");
    builder.client_options(options).build().unwrap()
}

async fn failure(storage: &MinioStorage) -> Error {
    let started = Instant::now();
    let error = storage.put(&key("a"), Body::from("x"), PutOptions::new()).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(15), "{error} after {:?}", started.elapsed());
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(SECRET) && !shown.contains("Signature"), "{shown}");
    error
}

#[tokio::test]
async fn what_cannot_be_reached_is_unavailable() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = failure(&storage(format!("http://{closed}"), ClientOptions::new())).await;
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unavailable, true));
    assert!(error.to_string().contains(&format!("cannot connect to http://{closed}")), "{error}");

    let error = failure(&storage("http://nowhere.invalid".into(), ClientOptions::new())).await;
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.to_string().contains("cannot be resolved"), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_is_told_from_a_dead_one() {
    let (address, _serving) = answers(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let error = failure(&storage(format!("https://{address}"), ClientOptions::new())).await;
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unavailable, false));
    assert!(error.to_string().contains("no TLS with"), "{error}");
}

#[tokio::test]
async fn a_server_that_never_answers_is_a_time_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let options = ClientOptions::new().read_timeout(Duration::from_millis(200));
    assert_eq!(failure(&storage(endpoint.clone(), options)).await.kind(), ErrorKind::Timeout);

    // A proxy that never opens its tunnel is a connection that never comes about.
    let options = ClientOptions::new().connect_timeout(Duration::from_millis(200)).proxy(endpoint);
    let error = failure(&storage("https://minio.invalid".into(), options)).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("no connection"), "{error}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_object() {
    let (address, _serving) = answers(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123").await;
    let error = storage(format!("http://{address}"), ClientOptions::new()).read(&key("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn garbage_is_an_error() {
    let (address, _serving) = answers(b"220 smtp.example.org ESMTP\r\n\r\n").await;
    let error = failure(&storage(format!("http://{address}"), ClientOptions::new())).await;
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn plain_requests_go_to_a_proxy_in_absolute_form() {
    let (address, serving) = answers(b"HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n").await;
    let options = ClientOptions::new().proxy(format!("http://me:p%40ss@{address}"));
    let storage = storage("http://minio.invalid:9000".into(), options);
    storage.put(&key("ü a"), Body::from("x"), PutOptions::new()).await.unwrap();
    let request = serving.await.unwrap().to_ascii_lowercase();
    assert!(request.starts_with("put http://minio.invalid:9000/photos/%c3%bc%20a http/1.1\r\n"), "{request}");
    assert!(request.contains("proxy-authorization: basic bwu6cebzcw==\r\n"), "{request}");
    assert!(
        request.contains("host: minio.invalid:9000\r\n") && request.contains("content-length: 1\r\n"),
        "{request}"
    );
    assert!(!request.contains("transfer-encoding"), "{request}");
}

#[tokio::test]
async fn tls_goes_through_a_proxy_by_a_tunnel() {
    let (address, serving) = answers(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await;
    let options = ClientOptions::new().proxy(format!("http://{address}"));
    let error = failure(&storage("https://minio.invalid".into(), options)).await;
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    let request = serving.await.unwrap();
    assert!(request.starts_with("CONNECT minio.invalid:443 HTTP/1.1\r\n"), "{request}");
    assert!(!request.to_ascii_lowercase().contains("authorization"), "{request}");
}

#[tokio::test]
async fn an_empty_body_has_a_length_too() {
    let (address, serving) = answers(b"HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n").await;
    let storage = storage(format!("http://{address}"), ClientOptions::new());
    storage.put(&key("a"), Body::from(""), PutOptions::new()).await.unwrap();
    let request = serving.await.unwrap().to_ascii_lowercase();
    assert_eq!(request.matches("content-length: 0\r\n").count(), 1, "{request}");
}

#[test]
fn a_bad_ca_bundle_is_found_when_the_store_is_built() {
    let options = ClientOptions::new().ca_bundle(CaBundle::File("/nonexistent.pem".into()));
    let builder =
        MinioStorage::builder().endpoint("https://minio.test").credentials("k", SECRET).bucket("photos");
    assert_eq!(builder.client_options(options).build().unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn a_callers_own_reqwest_client_serves() {
    use std::sync::Arc;

    use storage_minio::transport::ReqwestTransport;

    // Built with TLS, as here, it takes the process's provider; another test may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let with = |endpoint: String| {
        MinioStorage::builder()
            .endpoint(endpoint)
            .credentials("access-key", SECRET)
            .bucket("photos")
            .transport(Arc::new(ReqwestTransport::new(client.clone())))
            .build()
            .unwrap()
    };
    let (address, serving) =
        answers(b"HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 4\r\n\r\nmeow").await;
    assert_eq!(with(format!("http://{address}")).read(&key("ü a")).await.unwrap(), "meow");
    assert!(serving.await.unwrap().starts_with("GET /photos/%C3%BC%20a HTTP/1.1\r\n"));

    let (address, serving) = answers(b"HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n").await;
    with(format!("http://{address}")).put(&key("a"), Body::from("x"), PutOptions::new()).await.unwrap();
    let request = serving.await.unwrap().to_ascii_lowercase();
    assert!(request.contains("content-length: 1\r\n") && !request.contains("transfer-encoding"), "{request}");

    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(failure(&with(format!("http://{closed}"))).await.kind(), ErrorKind::Unavailable);
}
