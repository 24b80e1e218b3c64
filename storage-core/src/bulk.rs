//! Many small objects at once.

use async_trait::async_trait;
use bytes::Bytes;

use crate::attributes::Attributes;
use crate::{Error, ObjectKey, Result, Storage};

/// An object of a [`BulkPut`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BulkObject {
    /// Where it is stored, over what is there.
    pub key: ObjectKey,
    /// What it holds.
    pub content: Bytes,
    /// Headers and user metadata.
    pub attributes: Attributes,
}

impl BulkObject {
    /// An object without headers.
    pub fn new(key: ObjectKey, content: impl Into<Bytes>) -> Self {
        Self { key, content: content.into(), attributes: Attributes::default() }
    }

    /// Sets headers and user metadata.
    pub fn attributes(mut self, attributes: Attributes) -> Self {
        self.attributes = attributes;
        self
    }
}

/// A store that takes many objects in one request, reached by [`Storage::bulk_put`].
#[async_trait]
pub trait BulkPut: Send + Sync {
    /// Whether the server behind the store does it, which is tried out once: what it cannot, it does not say.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from answering.
    async fn works(&self) -> Result<bool>;

    /// How many bytes of content one call takes at best. They are held in memory meanwhile.
    fn batch_size(&self) -> u64;

    /// Stores all of them, over what is there. It is not one act: if it fails some may be stored, and a server may leave one out without a word.
    /// Whoever needs to know lists the keys afterwards.
    ///
    /// # Errors
    ///
    /// Those of [`Storage::put`].
    async fn put_bulk(&self, objects: Vec<BulkObject>) -> Result<()>;
}

/// What a store around another one hands on to. It says that it has it only if the inner one has.
pub(crate) fn inner(storage: &dyn Storage) -> Result<&dyn BulkPut> {
    storage.bulk_put().ok_or_else(|| Error::unsupported("the store takes one object at a time"))
}
