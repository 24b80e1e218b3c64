//! An S3 server inside a test process, which counts, delays and breaks on demand.
//!
//! [`TestServer`] keeps its objects in a memory of its own, apart from every store that is tested against it, checks
//! signatures (by `s3s`), and answers as MinIO does where servers differ: conditional PUT and `CompleteMultipartUpload`,
//! a `CopyObject` that overwrites whatever is there, keys that are refused, error codes on HEAD.
//!
//! A [`Proxy`] brings the same faults in front of a server that somebody else runs.
//!
//! ```
//! use s3_testserver::{Answer, Effect, Fault, TestServer};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let server = TestServer::start().await;
//! server.create_bucket("photos");
//! server.put_foreign("photos", "a//b", &[("content-type", b"image/png")], "bytes");
//!
//! let busy = server.inject(Fault::new(Effect::Answer(Answer::error(503, "SlowDown"))).times(2));
//! // … the client under test talks to server.endpoint() …
//! # assert_eq!((busy.count(), server.requests().count(), server.uploads("photos")), (0, 0, 0));
//! assert_eq!(server.objects("photos")[0].0, "a//b");
//! # });
//! ```

#![allow(clippy::expect_used, reason = "a test server that cannot do its part has to fail the test")]

mod access;
mod api;
mod connection;
mod door;
mod engine;
mod error;
mod fault;
mod front;
mod proxy;
mod request_log;
mod server;
mod store;

pub use self::door::Door;
pub use self::fault::{Answer, Effect, Fault, Hits};
pub use self::proxy::Proxy;
pub use self::request_log::{RequestLog, RequestRecord};
pub use self::server::TestServer;
