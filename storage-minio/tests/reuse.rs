//! Connections of the default transport are used again, and never when they should not be.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use storage_core::{GetOptions, PutOptions, Storage, StorageExt};
use storage_minio::{ClientOptions, MinioStorage, RetryOptions};
use support::{SECRET, key};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Answers any request without reading ahead of it.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
    /// Closes the connections that are open, and tells when that is done.
    close: Arc<Notify>,
    closed: Arc<Notify>,
}

impl Server {
    async fn start(answer: &'static [u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            connections: Arc::default(),
            requests: Arc::default(),
            close: Arc::default(),
            closed: Arc::default(),
        };
        let (connections, requests) = (Arc::clone(&server.connections), Arc::clone(&server.requests));
        let (close, closed) = (Arc::clone(&server.close), Arc::clone(&server.closed));
        tokio::spawn(async move {
            loop {
                let (connection, _) = listener.accept().await.unwrap();
                connections.fetch_add(1, Ordering::SeqCst);
                let (requests, close, closed) =
                    (Arc::clone(&requests), Arc::clone(&close), Arc::clone(&closed));
                tokio::spawn(async move {
                    tokio::select! {
                        () = serve(connection, answer, &requests) => {}
                        () = close.notified() => {}
                    }
                    closed.notify_one();
                });
            }
        });
        server
    }

    fn storage(&self, options: ClientOptions) -> MinioStorage {
        let builder = MinioStorage::builder().endpoint(format!("http://{}", self.address));
        builder.credentials("access-key", SECRET).bucket("photos").client_options(options).build().unwrap()
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// Bodies are taken to be empty or to come with their head.
async fn serve(mut connection: TcpStream, answer: &[u8], requests: &AtomicUsize) {
    let mut head = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            match connection.read(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(count) => head.extend_from_slice(&buffer[..count]),
            }
        }
        head.clear();
        requests.fetch_add(1, Ordering::SeqCst);
        if connection.write_all(answer).await.is_err() {
            return;
        }
    }
}

const STORED: &[u8] = b"HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n";
const SIZED: &[u8] = b"HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 4\r\n\r\nmeow";
const ENDLESS: &[u8] = b"HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 400000\r\n\r\nmeow";
const CLOSING: &[u8] = b"HTTP/1.1 200 OK\r\nETag: \"e\"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

async fn put(storage: &MinioStorage) {
    storage.put(&key("a"), "".into(), PutOptions::new()).await.unwrap();
}

#[tokio::test]
async fn one_after_the_other_needs_one_connection() {
    let server = Server::start(STORED).await;
    let storage = server.storage(ClientOptions::new());
    for _ in 0..10 {
        put(&storage).await;
    }
    assert_eq!((server.connections(), server.requests()), (1, 10));

    let server = Server::start(SIZED).await;
    let storage = server.storage(ClientOptions::new());
    for _ in 0..10 {
        assert_eq!(storage.read(&key("a")).await.unwrap(), "meow");
    }
    assert_eq!((server.connections(), server.requests()), (1, 10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_share_the_connections_of_as_many_as_run_at_once() {
    let server = Server::start(STORED).await;
    let storage = Arc::new(server.storage(ClientOptions::new()));
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let storage = Arc::clone(&storage);
            tokio::spawn(async move {
                for _ in 0..50 {
                    put(&storage).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(server.requests(), 400);
    assert!(server.connections() <= 8, "{}", server.connections());
}

#[tokio::test]
async fn one_that_the_server_closed_while_it_was_idle_is_replaced() {
    let server = Server::start(STORED).await;
    let storage = server.storage(ClientOptions::new().retry(RetryOptions::none()));
    put(&storage).await;
    server.close.notify_waiters();
    server.closed.notified().await;
    // What the server did has to arrive here.
    tokio::time::sleep(Duration::from_millis(50)).await;
    put(&storage).await;
    assert_eq!((server.connections(), server.requests()), (2, 2));
}

#[tokio::test]
async fn one_that_the_server_wants_closed_is_not_used_again() {
    let server = Server::start(CLOSING).await;
    let storage = server.storage(ClientOptions::new().retry(RetryOptions::none()));
    for _ in 0..3 {
        put(&storage).await;
    }
    assert_eq!((server.connections(), server.requests()), (3, 3));
}

#[tokio::test]
async fn a_content_that_is_dropped_half_way_closes_its_connection() {
    let server = Server::start(ENDLESS).await;
    let storage = server.storage(ClientOptions::new());
    for _ in 0..2 {
        let object = storage.get(&key("a"), GetOptions::new()).await.unwrap().into_object().unwrap();
        let mut stream = object.into_stream();
        assert_eq!(stream.next().await.unwrap().unwrap(), "meow");
        drop(stream);
        server.closed.notified().await;
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn idle_ones_are_closed_after_their_time() {
    let server = Server::start(STORED).await;
    let storage = server.storage(ClientOptions::new().idle_timeout(Duration::from_millis(100)));
    put(&storage).await;
    // Nobody calls: the connection is closed all the same.
    tokio::time::timeout(Duration::from_secs(20), server.closed.notified()).await.unwrap();
    put(&storage).await;
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn no_more_are_kept_than_allowed() {
    let server = Server::start(STORED).await;
    let storage = server.storage(ClientOptions::new().idle_connections(0));
    put(&storage).await;
    server.closed.notified().await;
    put(&storage).await;
    assert_eq!(server.connections(), 2);
}

#[test]
fn connections_of_a_runtime_that_stands_still_are_not_used() {
    let run = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outer = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = outer.block_on(Server::start(STORED));
    let storage = server.storage(ClientOptions::new().retry(RetryOptions::none()));
    let (still, running) = (run(), run());
    still.block_on(put(&storage));
    running.block_on(put(&storage));
    running.block_on(put(&storage));
    still.block_on(put(&storage));
    assert_eq!((server.connections(), server.requests()), (2, 4));
}

#[test]
fn connections_of_a_runtime_that_is_gone_are_not_used() {
    let run = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outer = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = outer.block_on(Server::start(STORED));
    let storage = server.storage(ClientOptions::new().retry(RetryOptions::none()));
    for _ in 0..3 {
        run().block_on(put(&storage));
    }
    assert_eq!((server.connections(), server.requests()), (3, 3));
}
