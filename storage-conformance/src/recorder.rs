use std::collections::BTreeMap;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use futures_util::stream;
use storage_core::admin::BucketAdmin;
use storage_core::capability::Capabilities;
use storage_core::health::Health;
use storage_core::key::RawKey;
use storage_core::list::{LevelStream, ListOptions, ListStream};
use storage_core::outcome::GetOutcome;
use storage_core::outcome::{Deletion, PutOutcome};
use storage_core::url::{UploadSigner, UrlSigner, UrlVerifier};
use storage_core::{
    Body, CopyOptions, CopySource, Error, ErrorKind, GetOptions, ObjectKey, ObjectMeta, PutOptions, Result,
    Storage,
};

/// Counts the calls that reach a store, and may let none through any more after so many.
#[derive(Debug)]
pub(crate) struct Recorder {
    storage: Arc<dyn Storage>,
    calls: AtomicUsize,
    most: usize,
}

impl Recorder {
    pub(crate) fn new(storage: Arc<dyn Storage>) -> Arc<Self> {
        Self::dying_after(usize::MAX, storage)
    }

    /// Fails from the call after so many on, as for a program that has died.
    pub(crate) fn dying_after(most: usize, storage: Arc<dyn Storage>) -> Arc<Self> {
        Arc::new(Self { storage, calls: AtomicUsize::new(0), most })
    }

    /// How many calls there were that may send a request.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    fn called(&self) -> Result<&dyn Storage> {
        match self.calls.fetch_add(1, Ordering::SeqCst) < self.most {
            true => Ok(&*self.storage),
            false => Err(Error::new(ErrorKind::Unavailable, "nobody is there any more")),
        }
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a call that is not forwarded is not counted")]
impl Storage for Recorder {
    fn name(&self) -> &str {
        self.storage.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.storage.capabilities()
    }

    async fn probe(&self) -> Result<Capabilities> {
        self.storage.probe().await
    }

    async fn probe_for(&self, size: Option<u64>) -> Result<Capabilities> {
        self.storage.probe_for(size).await
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        self.called()?.put(key, body, options).await
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        self.called()?.get(key, options).await
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        self.called()?.stat(key).await
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        self.called()?.tags(key).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        self.called()?.delete(key).await
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        self.called()?.delete_many(keys).await
    }

    fn list(&self, options: ListOptions) -> ListStream {
        match self.called() {
            Ok(storage) => storage.list(options),
            Err(error) => Box::pin(stream::once(ready(Err(error)))),
        }
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        match self.called() {
            Ok(storage) => storage.list_level(options),
            Err(error) => Box::pin(stream::once(ready(Err(error)))),
        }
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.called()?.copy(from, to, options).await
    }

    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.called()?.rename(from, to, options).await
    }

    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        self.called()?.copy_from(source, from, to, options).await
    }

    fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
        self.storage.copy_source(key)
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        self.storage.url_signer()
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        self.storage.upload_signer()
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        self.storage.url_verifier()
    }

    fn bulk_put(&self) -> Option<&dyn storage_core::bulk::BulkPut> {
        None
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        self.storage.bucket_admin()
    }

    fn health(&self) -> Option<&dyn Health> {
        self.storage.health()
    }
}
