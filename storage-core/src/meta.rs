use std::time::SystemTime;

use crate::attributes::Attributes;
use crate::{ETag, ObjectKey};

/// The content type of an object that was stored without one
/// ([RFC 9110 §8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.3)).
pub const DEFAULT_CONTENT_TYPE: &str = "application/octet-stream";

/// What a store knows of one object: what `stat` and `open` return.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectMeta {
    /// The object's key.
    pub key: ObjectKey,
    /// Size of the whole object in bytes, also when only a range was read.
    pub size: u64,
    /// `Content-Type`, as the attributes have it, or `application/octet-stream` if they have none.
    pub content_type: String,
    /// The entity tag.
    pub etag: Option<ETag>,
    /// When it was last written, by the store's clock. HTTP rounds it down to whole seconds.
    pub last_modified: Option<SystemTime>,
    /// The version, on a store that keeps several.
    pub version: Option<String>,
    /// All headers and user metadata, as they were stored.
    pub attributes: Attributes,
}

impl ObjectMeta {
    /// Metadata of an object with this key and size, and nothing else known.
    pub fn new(key: ObjectKey, size: u64) -> Self {
        Self {
            key,
            size,
            content_type: DEFAULT_CONTENT_TYPE.to_owned(),
            etag: None,
            last_modified: None,
            version: None,
            attributes: Attributes::default(),
        }
    }

    /// Sets the stored attributes, and the content type with them.
    pub fn with_attributes(mut self, attributes: Attributes) -> Self {
        self.content_type =
            attributes.content_type.clone().unwrap_or_else(|| DEFAULT_CONTENT_TYPE.to_owned());
        self.attributes = attributes;
        self
    }

    /// Sets the entity tag.
    pub fn with_etag(mut self, etag: impl Into<Option<ETag>>) -> Self {
        self.etag = etag.into();
        self
    }

    /// Sets the time of the last change.
    pub fn with_last_modified(mut self, time: impl Into<Option<SystemTime>>) -> Self {
        self.last_modified = time.into();
        self
    }

    /// Sets the version.
    pub fn with_version(mut self, version: impl Into<Option<String>>) -> Self {
        self.version = version.into();
        self
    }
}

/// What a listing knows of one object. It knows no content type and no metadata: ask `stat` for them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectEntry {
    /// The object's key.
    pub key: ObjectKey,
    /// Size in bytes.
    pub size: u64,
    /// The entity tag, if the store lists it.
    pub etag: Option<ETag>,
    /// When it was last written.
    pub last_modified: Option<SystemTime>,
}

impl ObjectEntry {
    /// An entry of which only key and size are known.
    pub fn new(key: ObjectKey, size: u64) -> Self {
        Self { key, size, etag: None, last_modified: None }
    }

    /// Sets the entity tag.
    pub fn with_etag(mut self, etag: impl Into<Option<ETag>>) -> Self {
        self.etag = etag.into();
        self
    }

    /// Sets the time of the last change.
    pub fn with_last_modified(mut self, time: impl Into<Option<SystemTime>>) -> Self {
        self.last_modified = time.into();
        self
    }
}
