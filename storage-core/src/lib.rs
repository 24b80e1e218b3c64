//! The storage and naming traits of `storage-suite`: files saved, opened, listed, deleted and addressed through one trait.
//!
//! This crate knows no S3, no HTTP client and no runtime. Stores are crates of their own: `storage-local` (a folder, memory) and
//! `storage-minio` (MinIO and any S3 server). An application holds a [`Bucket`] and does not see which one is behind it:
//!
//! ```
//! use storage_core::{Bucket, ErrorKind, UrlOptions};
//!
//! async fn publish(photos: &Bucket, upload: tokio::fs::File) -> storage_core::Result<String> {
//!     let saved = photos.save("cats/tom.jpg", upload).await?; // the key is free, whoever else saves the same name
//!     Ok(photos.url(&saved.key)?.to_string())
//! }
//!
//! async fn show(photos: &Bucket, key: &str) -> storage_core::Result<()> {
//!     match photos.open(key).await {
//!         Ok(file) => {
//!             println!("{} {} bytes", file.meta().content_type, file.meta().size);
//!             tokio::io::copy(&mut file.into_async_read(), &mut tokio::io::sink()).await?;
//!             Ok(())
//!         }
//!         Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
//!         Err(error) => Err(error),
//!     }
//! }
//! ```
//!
//! # Where things are
//!
//! - [`Bucket`] is for applications, [`Storage`] for those who write a store, [`StorageExt`] is sugar for those who hold one.
//! - [`naming`] turns the name that somebody gave into a key that is safe and free.
//! - [`body`] is content on its way in, [`Object`] content on its way out.
//! - [`backend`] is what stores have in common, for those who write one.
//! - [`sweep`] finds and deletes the objects that nothing refers to.
//! - [`url`] makes and checks addresses; [`disposition`] puts any file name into a header.
//!
//! # Why
//!
//! *Why are there no `path()`, no access time, no ACL?* Object stores have none; a type that pretends to would fail in production only.
//!
//! *Why is `url()` not async?* An address is a computation. It never asks a server, so a page with a thousand pictures makes no request.
//!
//! *Why does `save` return another key than I gave?* Because the name was taken. Keep [`Saved::key`].

mod byte_range;
mod copy_source;
mod error;
mod etag;
mod meta;
mod object;
mod random;
mod storage;
mod storage_ext;

pub mod admin;
pub mod attributes;
pub mod backend;
pub mod body;
pub mod bucket;
pub mod bulk;
pub mod capability;
pub mod clock;
pub mod content_type;
pub mod disposition;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
pub mod health;
pub mod key;
pub mod list;
pub mod naming;
pub mod options;
pub mod outcome;
pub mod sweep;
pub mod url;
pub mod wrap;

pub use body::body::Body;
#[cfg(feature = "sniff")]
pub use bucket::AcceptOptions;
pub use bucket::{Bucket, SaveOptions, Saved, Visibility};
pub use byte_range::ByteRange;
pub use copy_source::CopySource;
pub use error::{Error, ErrorKind, Result};
pub use etag::ETag;
pub use key::bucket_name::BucketName;
pub use key::object_key::ObjectKey;
pub use meta::{ObjectEntry, ObjectMeta};
pub use naming::collision::Collision;
pub use object::Object;
pub use options::copy::CopyOptions;
pub use options::get::GetOptions;
pub use options::put::PutOptions;
pub use storage::Storage;
pub use storage_ext::StorageExt;
pub use url::file_url::FileUrl;
pub use url::options::UrlOptions;
