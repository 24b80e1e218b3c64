use std::future::Future;

use bytes::Bytes;

use crate::{ByteRange, GetOptions, ObjectKey, Result, Storage};

/// Sugar over any [`Storage`].
pub trait StorageExt: Storage {
    /// The whole object, held in memory. Its metadata and a bound on its size are to be had through `get`.
    ///
    /// # Errors
    ///
    /// As [`Storage::get`], and whatever breaks the transfer.
    fn read(&self, key: &ObjectKey) -> impl Future<Output = Result<Bytes>> + Send {
        async move { self.get(key, GetOptions::new()).await?.into_object()?.bytes().await }
    }

    /// A range of the object, held in memory.
    ///
    /// # Errors
    ///
    /// As [`Storage::get`], and whatever breaks the transfer.
    fn read_range(
        &self,
        key: &ObjectKey,
        range: impl Into<ByteRange> + Send,
    ) -> impl Future<Output = Result<Bytes>> + Send {
        let options = GetOptions::new().range(range);
        async move { self.get(key, options).await?.into_object()?.bytes().await }
    }

    /// Whether there is an object under the key.
    ///
    /// # Errors
    ///
    /// Anything but "not found": a missing bucket, a refusal and a dead server are errors, never `false`.
    fn exists(&self, key: &ObjectKey) -> impl Future<Output = Result<bool>> + Send {
        async move {
            match self.stat(key).await {
                Ok(_) => Ok(true),
                Err(error) if error.is_not_found() => Ok(false),
                Err(error) => Err(error),
            }
        }
    }

    /// The object's size in bytes.
    ///
    /// # Errors
    ///
    /// As [`Storage::stat`].
    fn size(&self, key: &ObjectKey) -> impl Future<Output = Result<u64>> + Send {
        async move { Ok(self.stat(key).await?.size) }
    }
}

impl<T: Storage + ?Sized> StorageExt for T {}
