use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::admin::BucketAdmin;
use crate::bulk::BulkPut;
use crate::capability::Capabilities;
use crate::health::Health;
use crate::key::RawKey;
use crate::list::{LevelStream, ListOptions, ListStream};
use crate::outcome::{Deletion, GetOutcome, PutOutcome};
use crate::url::{UploadSigner, UrlSigner, UrlVerifier};
use crate::{Body, CopyOptions, CopySource, Error, GetOptions, ObjectKey, ObjectMeta, PutOptions, Result};

/// A place for objects: one bucket, or a prefix in one. Used as `Arc<dyn Storage>`.
///
/// Applications hold a [`Bucket`](crate::Bucket), which adds names, content types and URLs, and find sugar for this trait in
/// [`StorageExt`](crate::StorageExt). What follows is for those who write a store.
///
/// # Contract
///
/// - A key means one object. Writes are atomic: a reader sees the old object or the new one, whole, content and attributes together.
/// - What a call cannot honour is an [`Unsupported`](crate::ErrorKind::Unsupported) error. An option is never dropped silently.
/// - "Not found" is said only by a store that answered. Whatever keeps it from answering is another kind of error.
/// - Streams that are returned are `'static`: they outlive the handle that they came from. A future or a stream may be dropped at any
///   point; what it was about to write then either is there whole or not at all, and nothing is left behind.
/// - Memory is bounded, whatever the size of an object or a bucket.
/// - Errors name the operation, the key and the store.
/// - A mode, an option or a condition that the store does not know is an [`Unsupported`](crate::ErrorKind::Unsupported) error.
///
/// Write it with the crate `async-trait`. A store around another store forwards every method on purpose, also those that have a default: put
/// `#[deny(clippy::missing_trait_methods)]` on it.
///
/// The crate `storage-conformance` checks all of this.
#[async_trait]
pub trait Storage: fmt::Debug + Send + Sync + 'static {
    /// What errors, logs and signed URLs call this store; usually the bucket's name.
    fn name(&self) -> &str;

    /// What this store can do beyond what every store must, as far as it is known without asking anybody.
    fn capabilities(&self) -> Capabilities;

    /// What this store can do, found out by trying where nothing else tells: a server may take a condition and ignore it. What was found
    /// is remembered, so that only the first call may take requests; but what was denied to be tried, or was found of a server that another
    /// one has replaced, is tried again. Whoever relies on
    /// [`CreateIfAbsent`](crate::capability::Ability::CreateIfAbsent), [`PutIfMatch`](crate::capability::Ability::PutIfMatch) or
    /// [`CopyIfAbsent`](crate::capability::Ability::CopyIfAbsent) asks this. By default it is [`capabilities`](Self::capabilities).
    ///
    /// # Errors
    ///
    /// What kept the store from finding out. The next call tries again.
    async fn probe(&self) -> Result<Capabilities> {
        Ok(self.capabilities())
    }

    /// The same for an object of `size` bytes, `None` if that is not known: a store may write large objects another way than small ones,
    /// and honour a condition on one of them only. By default it is [`probe`](Self::probe).
    ///
    /// # Errors
    ///
    /// What kept the store from finding out. The next call tries again.
    async fn probe_for(&self, size: Option<u64>) -> Result<Capabilities> {
        let _ = size;
        self.probe().await
    }

    /// Stores `body` under `key`.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists) and [`PreconditionFailed`](crate::ErrorKind::PreconditionFailed) as the
    /// [mode](PutOptions::mode) says; [`InvalidInput`](crate::ErrorKind::InvalidInput) for options out of their limits or a body that
    /// does not have its declared length. Nothing is left behind.
    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome>;

    /// Opens the object: metadata and first bytes in one request.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound); [`PreconditionFailed`](crate::ErrorKind::PreconditionFailed) if `if_match` does not hold;
    /// [`RangeNotSatisfiable`](crate::ErrorKind::RangeNotSatisfiable) for a range outside the object.
    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome>;

    /// The object's metadata.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound).
    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta>;

    /// The tags that are kept with the object. They are no part of its metadata, as S3 gives them by a request of their own.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound); [`Unsupported`](crate::ErrorKind::Unsupported) without
    /// [`Ability::Tags`](crate::capability::Ability::Tags).
    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        let error = Error::unsupported("this store keeps no tags").with_operation("tags");
        Err(error.with_key(key).with_store(self.name()))
    }

    /// Deletes the object. It is fine if there is none.
    ///
    /// # Errors
    ///
    /// What kept the store from deleting it.
    async fn delete(&self, key: &ObjectKey) -> Result<()>;

    /// Deletes many objects, valid keys or not, in as few requests as the store allows. It is fine if some do not exist.
    ///
    /// # Errors
    ///
    /// The request as a whole failed. Keys that failed one by one are in the [`Deletion`].
    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion>;

    /// Lists all objects, page by page as the stream is read. Errors come as items; the stream ends after one.
    fn list(&self, options: ListOptions) -> ListStream;

    /// Lists the objects and folders of one level, that is of the keys that begin with the prefix those without a further `/`, and
    /// the folders of the rest. Page by page as the stream is read; the stream ends after an error.
    fn list_level(&self, options: ListOptions) -> LevelStream;

    /// Copies an object within the store, content and attributes, without bringing its bytes here. Onto itself it
    /// replaces the attributes.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for the source; [`AlreadyExists`](crate::ErrorKind::AlreadyExists) and
    /// [`PreconditionFailed`](crate::ErrorKind::PreconditionFailed) as the options say.
    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome>;

    /// Copies an object of another store into this one. Stores on one server do it there; by default the bytes are
    /// [read here](crate::backend::copy_by_stream), in bounded memory.
    ///
    /// # Errors
    ///
    /// As [`copy`](Self::copy), and as [`get`](Self::get) of the source.
    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        crate::backend::copy_by_stream(self, source, from, to, options).await
    }

    /// The object as the server knows it, if other stores on the same server may copy it there.
    fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
        let _ = key;
        None
    }

    /// Moves an object. By default, and on S3, it is copied and the source is deleted then: a failure in between leaves both, never
    /// none; but what somebody else writes under the source's key in between is deleted with it. Onto itself it does nothing but what
    /// `copy` does.
    ///
    /// # Errors
    ///
    /// As [`copy`](Self::copy), and what kept the source from being deleted.
    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let outcome = self.copy(from, to, options).await?;
        if from != to {
            self.delete(from).await?;
        }
        Ok(outcome)
    }

    /// The store's maker of URLs, if it has one.
    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        None
    }

    /// The store's maker of addresses to upload to, if it has one. What the store does on the way of a [`put`](Self::put), a direct upload
    /// goes around: a store that changes or checks content has none.
    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        None
    }

    /// The check of URLs that this store signed and that nobody else answers; an S3 server checks its own.
    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        None
    }

    /// The bucket behind the store, if it has one that can be looked after. A store that is only a part of one, or must not change it,
    /// has none.
    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        None
    }

    /// The check whether the store is up, if it has one.
    fn health(&self) -> Option<&dyn Health> {
        None
    }

    /// The storing of many small objects at once, if there is such a thing. A store that checks or counts what goes through it has none.
    fn bulk_put(&self) -> Option<&dyn BulkPut> {
        None
    }
}

/// Pointers to a store are stores.
macro_rules! forward {
    ($pointer:ident) => {
        #[async_trait]
        #[deny(clippy::missing_trait_methods, reason = "a forgotten method would change what the store does")]
        impl<T: Storage + ?Sized> Storage for $pointer<T> {
            fn name(&self) -> &str {
                (**self).name()
            }

            fn capabilities(&self) -> Capabilities {
                (**self).capabilities()
            }

            async fn probe(&self) -> Result<Capabilities> {
                (**self).probe().await
            }

            async fn probe_for(&self, size: Option<u64>) -> Result<Capabilities> {
                (**self).probe_for(size).await
            }

            async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
                (**self).put(key, body, options).await
            }

            async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
                (**self).get(key, options).await
            }

            async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
                (**self).stat(key).await
            }

            async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
                (**self).tags(key).await
            }

            async fn delete(&self, key: &ObjectKey) -> Result<()> {
                (**self).delete(key).await
            }

            async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
                (**self).delete_many(keys).await
            }

            fn list(&self, options: ListOptions) -> ListStream {
                (**self).list(options)
            }

            fn list_level(&self, options: ListOptions) -> LevelStream {
                (**self).list_level(options)
            }

            async fn copy(
                &self,
                from: &ObjectKey,
                to: &ObjectKey,
                options: CopyOptions,
            ) -> Result<PutOutcome> {
                (**self).copy(from, to, options).await
            }

            async fn copy_from(
                &self,
                source: &dyn Storage,
                from: &ObjectKey,
                to: &ObjectKey,
                options: CopyOptions,
            ) -> Result<PutOutcome> {
                (**self).copy_from(source, from, to, options).await
            }

            fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
                (**self).copy_source(key)
            }

            async fn rename(
                &self,
                from: &ObjectKey,
                to: &ObjectKey,
                options: CopyOptions,
            ) -> Result<PutOutcome> {
                (**self).rename(from, to, options).await
            }

            fn url_signer(&self) -> Option<&dyn UrlSigner> {
                (**self).url_signer()
            }

            fn upload_signer(&self) -> Option<&dyn UploadSigner> {
                (**self).upload_signer()
            }

            fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
                (**self).url_verifier()
            }

            fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
                (**self).bucket_admin()
            }

            fn health(&self) -> Option<&dyn Health> {
                (**self).health()
            }

            fn bulk_put(&self) -> Option<&dyn BulkPut> {
                (**self).bulk_put()
            }
        }
    };
}

forward!(Arc);
forward!(Box);
