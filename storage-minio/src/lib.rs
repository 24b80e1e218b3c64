//! MinIO and any other S3 server as a [`Storage`](storage_core::Storage), by a small S3 layer of our own.
//!
//! ```
//! use std::sync::Arc;
//! use storage_core::{Bucket, Storage};
//! use storage_minio::MinioStorage;
//!
//! # async fn example() -> storage_core::Result<()> {
//! let storage = MinioStorage::builder()
//!     .endpoint("http://minio:9000") // where this program reaches the server
//!     .external_endpoint("https://files.example.org") // where browsers do: URLs are signed for it
//!     .credentials("access-key", "secret-key")
//!     .bucket("photos")
//!     .build()?; // no network yet
//! storage.create_bucket().await?;
//! let photos = Bucket::new(Arc::new(storage));
//! let saved = photos.save("cats/tom.jpg", "content").await?;
//! println!("{}", photos.url(&saved.key)?);
//! # Ok(()) }
//! ```
//!
//! # Where things are
//!
//! - [`MinioStorage`] says what servers are known to do differently.
//! - [`ClientOptions`] has time-outs, retries, pool, certificates and proxy; the defaults suit a server nearby.
//! - [`CredentialProvider`] is for credentials that expire. URLs are signed with those at hand:
//!   [`MinioStorage::refresh_credentials`] fetches them ahead.
//! - [`transport`] is what moves the bytes: `hyper` unless another one is given.
//!
//! # Features
//!
//! - `reqwest`: a `reqwest::Client` of your own as the transport.

mod actions;
mod addressing;
mod builder;
mod civil;
mod client;
mod credentials;
mod endpoint;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod sign;
mod storage;
pub mod transport;
mod url_signer;

pub use addressing::Addressing;
pub use builder::{ConditionalWrites, MinioStorageBuilder, PayloadSigning, ReadVerification};
pub use client::{CaBundle, ClientOptions, RetryOptions};
pub use credentials::{CredentialProvider, Credentials, InvalidCredentials};
pub use endpoint::{Endpoint, ExternalEndpoint, InvalidEndpoint, PublicBaseUrl};
pub use storage::MinioStorage;
pub use transport::Transport;
