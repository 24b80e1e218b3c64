//! The embedded stores of [storage-suite](https://docs.rs/storage-suite): a folder on disk, and plain memory.
//!
//! Both do what a server does (conditional writes, metadata, tags, listings in order, signed URLs that expire), so that an
//! application behaves the same on a laptop, in its tests and in production.
//!
//! ```
//! use storage_core::{ObjectKey, PutOptions, Storage, StorageExt};
//! use storage_local::MemoryStorage;
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let storage = MemoryStorage::new();
//! let key: ObjectKey = "notes/hello.txt".parse()?;
//! storage.put(&key, "hello".into(), PutOptions::new().content_type("text/plain")).await?;
//! assert_eq!(storage.read(&key).await?, "hello");
//! assert_eq!(storage.stat(&key).await?.content_type, "text/plain");
//! # Ok::<(), storage_core::Error>(()) }).unwrap();
//! ```
//!
//! Their URLs, and the forms and URLs that others upload by, are signed and checked here; services answer them by the store's
//! [`UrlVerifier`](storage_core::url::UrlVerifier). For an application's own tests there is [`testing`].

mod abilities;
mod conditions;
mod digests;
#[cfg(unix)]
mod folder;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod memory;
mod paging;
mod policy;
mod random;
mod signed_url;

pub mod testing;

#[cfg(unix)]
pub use folder::{Durability, LocalStorage, LocalStorageBuilder};
pub use memory::{MemoryStorage, MemoryStorageBuilder};
