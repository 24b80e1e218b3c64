//! Listings: flat, or one level at a time.

use std::pin::Pin;

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

/// One line of a flat listing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListItem {
    /// An object.
    Object(ObjectEntry),
    /// An object whose key no [`ObjectKey`](crate::ObjectKey) can hold, such as the folder marker `a/`. It can be deleted.
    Unaddressable(RawKey),
}

/// One line of a level's listing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LevelItem {
    /// A folder: something that keys below it have in common. It ends with `/`.
    Folder(String),
    /// An object of this level.
    Object(ObjectEntry),
    /// An object whose key no [`ObjectKey`](crate::ObjectKey) can hold. It can be deleted.
    Unaddressable(RawKey),
}
