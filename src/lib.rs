//! File storage for Rust web applications: one trait, many stores.
//!
//! Without any settings files go to a folder. With `MINIO_…` in the environment they go to a real server. Nothing else changes:
//!
//! ```
//! use storage_suite::{Settings, Storages};
//!
//! # async fn example() -> storage_suite::Result<()> {
//! let storages = Storages::new(Settings::load()?)?; // no network
//! let media = storages.media();
//! let saved = media.save("cats/tom.jpg", tokio::fs::File::open("tom.jpg").await?).await?;
//! println!("{} {}", saved.key, media.url(&saved.key)?);
//! # Ok(()) }
//! ```
//!
//! The name is free or made so: nothing is ever overwritten unless asked for. [`Bucket`] has all that an application does with files;
//! [`settings`] tells what can be set and where.
//!
//! # Features
//!
//! - `local` (default): the folder and the memory store.
//! - `minio` (default): MinIO and any other S3 server.
//! - `object-store`: stores by URL, through `object_store`; `object-store-gcp`, `object-store-azure`, `object-store-aws`, `object-store-webdav` and
//!   `object-store-fs` bring in a kind of store each.
//! - `policy` (with `minio`): buckets initialised and checked, policies.
//! - `static` (default): static files, collected and resolved; `askama` and `minijinja` for templates, `compress` and `zstd` for compressed
//!   variants, `blake3` for its fingerprints.
//! - `tracing`, `metrics`: spans, counters and histograms of [`storage_core::wrap::Traced`].
//!
//! An application that needs only one store can do with `storage-core` and that store's crate.

#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
#[cfg(feature = "policy")]
pub mod policy;
#[cfg(feature = "policy")]
pub mod provisioning;
pub mod settings;
#[cfg(feature = "static")]
pub mod statics;
pub mod storages;

pub use settings::{Settings, SettingsError};
// Whatever is not named below.
pub use storage_core;
pub use storage_core::{
    Body, Bucket, Collision, CopyOptions, Error, ErrorKind, FileUrl, GetOptions, Object, ObjectKey, Result,
    SaveOptions, Saved, Storage, UrlOptions, Visibility, naming,
};
#[cfg(all(feature = "local", unix))]
pub use storage_local::LocalStorage;
#[cfg(feature = "local")]
pub use storage_local::MemoryStorage;
#[cfg(feature = "minio")]
pub use storage_minio::MinioStorage;
// `from_url`, and the way back to `ObjectStore`.
#[cfg(feature = "object-store")]
pub use storage_object_store;
pub use storages::Storages;

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The examples of the guide.
#[cfg(doctest)]
#[doc = include_str!("../docs/urls-and-uploads.md")]
struct UrlsAndUploads;

#[cfg(doctest)]
#[doc = include_str!("../docs/orphans.md")]
struct Orphans;

#[cfg(all(doctest, feature = "policy"))]
#[doc = include_str!("../docs/buckets.md")]
struct Buckets;

#[cfg(all(doctest, feature = "policy"))]
#[doc = include_str!("../docs/policies.md")]
struct Policies;

#[cfg(all(doctest, feature = "static"))]
#[doc = include_str!("../docs/static-files.md")]
struct StaticFiles;
