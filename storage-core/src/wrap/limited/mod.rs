mod bulk;
mod listing;
mod permits;
mod reading;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use self::listing::Gated;
use self::permits::Permits;
use self::reading::Held;
use crate::admin::BucketAdmin;
use crate::bulk::BulkPut;
use crate::capability::Capabilities;
use crate::health::Health;
use crate::key::RawKey;
use crate::list::{LevelStream, ListOptions, ListStream};
use crate::outcome::{Deletion, GetOutcome, PutOutcome};
use crate::url::{UploadSigner, UrlSigner, UrlVerifier};
use crate::{
    Body, CopyOptions, CopySource, Error, ErrorKind, GetOptions, Object, ObjectKey, ObjectMeta, PutOptions,
    Result, Storage,
};

/// A store that is asked for so much at once, and not more. Who comes later waits, first come, first served.
///
/// So many of each kind are under way at once:
///
/// - calls, from their beginning to their answer;
/// - objects that are read, from the call to the end of their bytes, or until they are dropped;
/// - pages of listings that are waited for. Between items a listing holds nothing.
///
/// They are counted apart, so that whoever reads an object or a listing, and calls the store for what it finds, never waits for
/// itself. Only who opens several objects and reads none to its end may: take a limit above the number that is opened together.
///
/// Clones share their limits; two stores made of one do not. Making URLs takes no time and is not counted. A call that is dropped while it
/// waits has lost nothing but its place, so that a time-out may be put around it. Without
/// [`max_waiting`](Self::max_waiting) any number may wait.
///
/// ```
/// use storage_core::{Bucket, wrap::Limited};
///
/// # fn example(photos: Bucket) {
/// let photos = photos.wrapped(|storage| Limited::new(storage, 32).max_waiting(1_000));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Limited {
    inner: Arc<dyn Storage>,
    calls: Permits,
    reads: Permits,
    pages: Permits,
}

impl Limited {
    /// `inner`, asked for `max` things of a kind at once; 0 is taken for 1.
    pub fn new(inner: Arc<dyn Storage>, max: usize) -> Self {
        Self { inner, calls: Permits::new(max), reads: Permits::new(max), pages: Permits::new(max) }
    }

    /// Lets no more than so many wait for each kind. Further calls fail at once with [`Throttled`](ErrorKind::Throttled), retryable:
    /// where the store is too slow for what comes in, an early refusal is better than an answer that nobody waits for any more.
    pub fn max_waiting(mut self, max: usize) -> Self {
        for permits in [&mut self.calls, &mut self.reads, &mut self.pages] {
            permits.limit_waiting(max);
        }
        self
    }

    /// A place among the calls, kept until it is dropped.
    async fn turn(&self, operation: &'static str, key: Option<&ObjectKey>) -> Result<permits::Permit> {
        self.calls.acquire().await.map_err(|error| self.describe(error, operation, key))
    }

    fn describe(&self, error: Error, operation: &'static str, key: Option<&ObjectKey>) -> Error {
        let error = error.with_operation(operation).with_store(self.inner.name());
        match key {
            Some(key) => error.with_key(key),
            None => error,
        }
    }
}

/// More wait already than may.
fn overloaded(waiting: usize) -> Error {
    Error::new(ErrorKind::Throttled, format!("{waiting} calls wait for this store already"))
        .with_hint("try again later, or allow more at once")
}

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method would not be counted, or counted twice")]
impl Storage for Limited {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn probe(&self) -> Result<Capabilities> {
        let _turn = self.turn("probe", None).await?;
        self.inner.probe().await
    }

    async fn probe_for(&self, size: Option<u64>) -> Result<Capabilities> {
        let _turn = self.turn("probe", None).await?;
        self.inner.probe_for(size).await
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        let _turn = self.turn("put", Some(key)).await?;
        self.inner.put(key, body, options).await
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        let permit = self.reads.acquire().await.map_err(|error| self.describe(error, "get", Some(key)))?;
        match self.inner.get(key, options).await? {
            GetOutcome::Object(object) => {
                let (meta, range, stream) = object.into_parts();
                Ok(Object::new(meta, range, Box::pin(Held::new(stream, permit))).into())
            }
            unmodified @ GetOutcome::NotModified { .. } => Ok(unmodified),
        }
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        let _turn = self.turn("stat", Some(key)).await?;
        self.inner.stat(key).await
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        let _turn = self.turn("tags", Some(key)).await?;
        self.inner.tags(key).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        let _turn = self.turn("delete", Some(key)).await?;
        self.inner.delete(key).await
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        let _turn = self.turn("delete_many", None).await?;
        self.inner.delete_many(keys).await
    }

    fn list(&self, options: ListOptions) -> ListStream {
        let store = self.clone();
        let describe = move |error| store.describe(error, "list", None);
        Box::pin(Gated::new(self.inner.list(options), self.pages.clone(), describe))
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        let store = self.clone();
        let describe = move |error| store.describe(error, "list_level", None);
        Box::pin(Gated::new(self.inner.list_level(options), self.pages.clone(), describe))
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let _turn = self.turn("copy", Some(from)).await?;
        self.inner.copy(from, to, options).await
    }

    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        let _turn = self.turn("copy_from", Some(to)).await?;
        self.inner.copy_from(source, from, to, options).await
    }

    fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
        self.inner.copy_source(key)
    }

    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let _turn = self.turn("rename", Some(from)).await?;
        self.inner.rename(from, to, options).await
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        self.inner.url_signer()
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        self.inner.upload_signer()
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        self.inner.url_verifier()
    }

    fn bulk_put(&self) -> Option<&dyn BulkPut> {
        self.inner.bulk_put().map(|_| self as &dyn BulkPut)
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        self.inner.bucket_admin()
    }

    fn health(&self) -> Option<&dyn Health> {
        self.inner.health()
    }
}
