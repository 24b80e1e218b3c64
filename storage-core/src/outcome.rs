//! What a store answers: what was stored, opened, or not deleted.

use std::time::SystemTime;

use crate::key::RawKey;
use crate::{ETag, Error, ErrorKind, Object, Result};

/// What [`Storage::put`](crate::Storage::put), `copy` and `rename` have stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PutOutcome {
    /// Size in bytes.
    pub size: u64,
    /// The entity tag of what was stored.
    pub etag: Option<ETag>,
    /// Its version, on a store that keeps several.
    pub version: Option<String>,
}

impl PutOutcome {
    /// An outcome of which only the size is known.
    pub fn new(size: u64) -> Self {
        Self { size, etag: None, version: None }
    }

    /// Sets the entity tag.
    pub fn with_etag(mut self, etag: impl Into<Option<ETag>>) -> Self {
        self.etag = etag.into();
        self
    }

    /// Sets the version.
    pub fn with_version(mut self, version: impl Into<Option<String>>) -> Self {
        self.version = version.into();
        self
    }
}

/// What a conditional read came to.
#[derive(Debug)]
pub enum GetOutcome {
    /// The object, or the range of it.
    Object(Box<Object>),
    /// The object is still what the caller has.
    NotModified {
        /// Its entity tag.
        etag: Option<ETag>,
        /// When it was last written, if the store said so.
        last_modified: Option<SystemTime>,
    },
}

impl From<Object> for GetOutcome {
    fn from(object: Object) -> Self {
        Self::Object(Box::new(object))
    }
}

impl GetOutcome {
    /// The object. For a call without `if_none_match` and `if_modified_since`, where there is always one.
    ///
    /// # Errors
    ///
    /// [`PreconditionFailed`](ErrorKind::PreconditionFailed) if the object is not modified.
    pub fn into_object(self) -> Result<Object> {
        match self {
            Self::Object(object) => Ok(*object),
            Self::NotModified { .. } => {
                Err(Error::new(ErrorKind::PreconditionFailed, "the object is not modified"))
            }
        }
    }
}

/// What [`Storage::delete_many`](crate::Storage::delete_many) could not delete.
#[derive(Debug, Default)]
#[must_use = "some keys may not have been deleted"]
#[non_exhaustive]
pub struct Deletion {
    /// Each key that is still there, and why.
    pub failed: Vec<(RawKey, Error)>,
}

impl Deletion {
    /// A deletion in which these keys failed.
    pub fn new(failed: Vec<(RawKey, Error)>) -> Self {
        Self { failed }
    }

    /// Makes a partial failure an error.
    ///
    /// # Errors
    ///
    /// The first failure; its message says how many there are.
    pub fn into_result(self) -> Result<()> {
        let count = self.failed.len();
        match self.failed.into_iter().next() {
            None => Ok(()),
            Some((_, error)) if count == 1 => Err(error),
            Some((key, error)) => {
                Err(Error::new(error.kind(), format!("{count} keys were not deleted; the first"))
                    .with_operation("delete_many")
                    .with_key(&key)
                    .with_source(error))
            }
        }
    }
}
