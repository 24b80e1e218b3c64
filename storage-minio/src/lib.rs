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
//! # Uploads that go around the application
//!
//! A browser uploads by a signed PUT or by a form; the store holds it to what was signed. Neither asks a server.
//!
//! ```
//! # use std::{sync::Arc, time::Duration};
//! # use storage_core::{Bucket, PutOptions, Storage};
//! use storage_core::url::{FormKey, FormOptions, UploadOptions};
//! # use storage_minio::MinioStorage;
//! # fn main() -> storage_core::Result<()> {
//! # let storage = MinioStorage::builder()
//! #     .endpoint("http://minio:9000")
//! #     .credentials("access-key", "secret-key")
//! #     .bucket("photos")
//! #     .build()?;
//! # let photos = Bucket::new(Arc::new(storage) as Arc<dyn Storage>);
//! // For `fetch`: exactly this key, this type, this length.
//! let options = UploadOptions::new()
//!     .expires_in(Duration::from_secs(600))
//!     .content_length(48_213)
//!     .put(PutOptions::new().content_type("image/png"));
//! let upload = photos.upload_url("uploads/5f3c", options)?;
//! assert_eq!(upload.headers, [("content-type".to_owned(), "image/png".to_owned())]);
//!
//! // For a page without a script.
//! let options = FormOptions::new().max_length(5 << 20).content_type("image/png");
//! let form = photos.upload_form(&FormKey::Exact("uploads/5f3c".parse()?), options)?;
//! assert!(form.to_html().starts_with("<form action=\"http://minio:9000/photos\""));
//! # Ok(()) }
//! ```
//!
//! Demand a content type in every form, and give forms an exact key: SeaweedFS takes the type from the browser where none is demanded, and
//! VersityGW lets a key with `..` in it leave a prefix. `docs/servers.md` in the repository has each thing that a server does not check.
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
mod amz_date;
mod builder;
mod client;
mod credentials;
mod endpoint;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod health;
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
