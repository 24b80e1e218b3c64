use std::pin::Pin;
use std::time::SystemTime;

use futures_core::Stream;

use crate::Result;
use crate::key::RawKey;

/// A stream of unfinished uploads; it ends after an error.
pub type UploadStream = Pin<Box<dyn Stream<Item = Result<UnfinishedUpload>> + Send + 'static>>;

/// An upload in parts that was begun, and neither completed nor aborted. Its parts take room that no listing shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnfinishedUpload {
    /// The key that it would have.
    pub key: RawKey,
    /// What the server calls it.
    pub id: String,
    /// When it was begun, if the server says it.
    pub started: Option<SystemTime>,
}

impl UnfinishedUpload {
    /// An upload to a key.
    pub fn new(key: RawKey, id: impl Into<String>) -> Self {
        Self { key, id: id.into(), started: None }
    }

    /// Says when it was begun.
    pub fn with_started(mut self, started: Option<SystemTime>) -> Self {
        self.started = started;
        self
    }
}
