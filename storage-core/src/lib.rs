//! The storage and naming traits of [storage-suite](https://docs.rs/storage-suite).

mod ability;
mod attributes;
mod bucket;
mod byte_range;
mod clock;
mod etag;
mod meta;
mod object;
mod prefixed;
mod random;
mod storage;
mod storage_ext;

pub mod body;
pub mod content_type;
pub mod disposition;
pub mod error;
pub mod key;
pub mod list;
pub mod naming;
pub mod options;
pub mod outcome;
pub mod url;

pub use ability::{Ability, Capabilities};
pub use attributes::{Attributes, MAX_METADATA_BYTES};
pub use body::{Body, IntoBody};
pub use bucket::{Bucket, SaveOptions, Saved, Visibility};
pub use byte_range::ByteRange;
pub use clock::Clock;
pub use error::{Error, ErrorKind, Result};
pub use etag::ETag;
pub use key::{BucketName, ObjectKey};
pub use meta::{DEFAULT_CONTENT_TYPE, ObjectEntry, ObjectMeta};
pub use object::{Object, ObjectReader};
pub use options::{CopyOptions, GetOptions, PutOptions};
pub use outcome::GetOutcome;
pub use prefixed::Prefixed;
pub use storage::Storage;
pub use storage_ext::StorageExt;
pub use url::{FileUrl, UrlOptions};
