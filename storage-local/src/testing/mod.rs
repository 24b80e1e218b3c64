//! A store for applications' own tests: in memory, with a clock that stands still, faults on demand, and a record of what was asked of it.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use storage_core::{Bucket, ErrorKind, UrlOptions};
//! use storage_local::testing::{Call, Fault, Operation, TestStorage};
//!
//! // What an application does.
//! async fn publish(photos: &Bucket, picture: &'static [u8]) -> storage_core::Result<String> {
//!     let saved = photos.save("cat.jpg", picture).await?;
//!     Ok(photos.url_with(&saved.key, UrlOptions::new().expires_in(Duration::from_secs(60)))?.to_string())
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! // Its test. A clone is the same store: one goes into the application, one stays here.
//! let storage = TestStorage::new();
//! let photos = Bucket::new(Arc::new(storage.clone()));
//!
//! // The clock and the key of signatures are fixed, so that a URL is always the same.
//! let url = publish(&photos, b"...").await?;
//! assert!(url.starts_with("/files/test/cat.jpg?expires=1767225660&signature="), "{url}");
//! assert_eq!(storage.content("cat.jpg").unwrap(), "...");
//!
//! // What the store was asked, in order.
//! match &storage.calls()[..] {
//!     [.., Call::Put { key, options }, Call::SignedUrl { .. }] => {
//!         assert_eq!(key.as_str(), "cat.jpg");
//!         assert_eq!(options.attributes.content_type.as_deref(), Some("image/jpeg"));
//!     }
//!     calls => panic!("{calls:?}"),
//! }
//!
//! // The next put fails, and nothing is stored.
//! storage.inject(Fault::on(Operation::Put, ErrorKind::Unavailable));
//! assert_eq!(publish(&photos, b"...").await.unwrap_err().kind(), ErrorKind::Unavailable);
//! assert_eq!(storage.keys().len(), 1);
//! # Ok::<(), storage_core::Error>(()) }).unwrap();
//! ```

mod call;
mod clock;
mod disturbed;
mod fault;
mod storage;
mod urls;

pub use call::{Call, Operation};
pub use clock::TestClock;
pub use fault::Fault;
pub use storage::TestStorage;
