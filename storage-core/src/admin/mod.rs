//! Buckets as such: created and deleted, opened to the public and closed again, and what a server does in them by itself.
//!
//! A store that has buckets gives a [`BucketAdmin`] by [`Storage::bucket_admin`](crate::Storage::bucket_admin):
//!
//! ```
//! use storage_core::{Error, Storage};
//! use storage_core::admin::{Creation, LifecycleRule};
//!
//! async fn prepare(storage: &dyn Storage) -> storage_core::Result<()> {
//!     let bucket = storage.bucket_admin().ok_or_else(|| Error::unsupported("this store has no buckets"))?;
//!     if bucket.create().await? == Creation::Created {
//!         println!("created {}", storage.name());
//!     }
//!     let rule = LifecycleRule::new("direct-uploads").prefix("uploads/").expire_after_days(1).abort_uploads_after_days(1);
//!     let mut wanted = bucket.lifecycle().await?;
//!     wanted.set(rule); // what others have set stays
//!     bucket.put_lifecycle(&wanted).await
//! }
//! ```
//!
//! What a server has not is an [`Unsupported`](crate::ErrorKind::Unsupported) error, never a silent success.

mod bucket_admin;
mod cors;
mod encryption;
mod lifecycle;
mod unfinished_upload;
mod versioning;
mod with_objects;

pub use bucket_admin::{BucketAdmin, Creation};
pub use cors::CorsRule;
pub use encryption::DefaultEncryption;
pub use lifecycle::{Lifecycle, LifecycleRule};
pub use unfinished_upload::{UnfinishedUpload, UploadStream};
pub use versioning::Versioning;
pub use with_objects::delete_with_objects;
