//! Listings: flat, or one level at a time.

use std::pin::Pin;
use std::time::SystemTime;

use futures_core::Stream;

use crate::key::RawKey;
use crate::{ObjectEntry, Result};

/// A flat listing, in ascending order of the keys' bytes.
pub type ListStream = Pin<Box<dyn Stream<Item = Result<ListItem>> + Send + 'static>>;

/// A listing of one level, in ascending order of the keys' bytes.
pub type LevelStream = Pin<Box<dyn Stream<Item = Result<LevelItem>> + Send + 'static>>;

/// Which part of a bucket to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListOptions {
    /// Only keys that begin with this string. For the content of a folder it ends with `/`.
    pub prefix: String,
    /// Only keys after this one. It need not exist.
    pub start_after: Option<String>,
}

impl ListOptions {
    /// The whole bucket.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lists only keys that begin with `prefix`.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Lists only keys after this one.
    pub fn start_after(mut self, key: impl Into<String>) -> Self {
        self.start_after = Some(key.into());
        self
    }
}

impl From<&str> for ListOptions {
    /// All keys that begin with this prefix.
    fn from(prefix: &str) -> Self {
        Self::new().prefix(prefix)
    }
}

/// What a listing knows of an object whose key no [`ObjectKey`](crate::ObjectKey) can hold, such as `a//b` or the folder marker `a/`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawEntry {
    /// The key as the store gave it.
    pub key: RawKey,
    /// Size in bytes.
    pub size: u64,
    /// When it was last written.
    pub last_modified: Option<SystemTime>,
}

impl RawEntry {
    /// An entry of which only key and size are known.
    pub fn new(key: RawKey, size: u64) -> Self {
        Self { key, size, last_modified: None }
    }

    /// Sets the time of the last change.
    pub fn with_last_modified(mut self, time: impl Into<Option<SystemTime>>) -> Self {
        self.last_modified = time.into();
        self
    }
}

/// One line of a flat listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListItem {
    /// An object.
    Object(ObjectEntry),
    /// An object that cannot be opened through this library, only deleted.
    Unaddressable(RawEntry),
}

/// One line of a level's listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LevelItem {
    /// A folder: something that keys below it have in common. It ends with `/`.
    Folder(String),
    /// An object of this level.
    Object(ObjectEntry),
    /// An object that cannot be opened through this library, only deleted.
    Unaddressable(RawEntry),
}
