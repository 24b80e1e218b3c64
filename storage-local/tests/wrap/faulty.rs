use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use storage_core::admin::BucketAdmin;
use storage_core::capability::Capabilities;
use storage_core::health::Health;
use storage_core::key::RawKey;
use storage_core::list::{LevelStream, ListOptions, ListStream};
use storage_core::outcome::{Deletion, GetOutcome, PutOutcome};
use storage_core::url::{UploadSigner, UrlSigner, UrlVerifier};
use storage_core::{
    Body, CopyOptions, CopySource, Error, ErrorKind, GetOptions, ObjectKey, ObjectMeta, PutOptions, Result,
    Storage,
};
use tokio::sync::Semaphore;

/// A store that fails, waits and counts as it is told.
#[derive(Debug)]
pub(crate) struct Faulty {
    inner: Arc<dyn Storage>,
    failing: Mutex<Option<ErrorKind>>,
    /// What calls wait for, if it is closed to them.
    gate: Semaphore,
    pub(crate) calls: AtomicU64,
    /// How many calls are under way, and the most that were.
    now: AtomicU64,
    pub(crate) most: AtomicU64,
}

impl Faulty {
    pub(crate) fn new(inner: Arc<dyn Storage>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            failing: Mutex::default(),
            gate: Semaphore::new(1_000),
            calls: AtomicU64::default(),
            now: AtomicU64::default(),
            most: AtomicU64::default(),
        })
    }

    pub(crate) fn fail(&self, kind: impl Into<Option<ErrorKind>>) {
        *self.failing.lock().unwrap() = kind.into();
    }

    /// Calls wait until the gate is opened.
    pub(crate) fn shut(&self) {
        self.gate.forget_permits(1_000);
    }

    pub(crate) fn open(&self) {
        self.gate.add_permits(1_000);
    }

    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    fn failure(&self) -> Result<()> {
        match *self.failing.lock().unwrap() {
            Some(kind) => {
                Err(Error::new(kind, "told to").with_store(self.inner.name()).with_operation("faulty"))
            }
            None => Ok(()),
        }
    }

    async fn enter(&self) -> Result<Inside<'_>> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let inside = Inside(self);
        drop(self.gate.acquire().await.unwrap());
        tokio::task::yield_now().await;
        self.failure()?;
        Ok(inside)
    }
}

struct Inside<'a>(&'a Faulty);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "each can fail")]
impl Storage for Faulty {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn probe(&self) -> Result<Capabilities> {
        let _inside = self.enter().await?;
        self.inner.probe().await
    }

    async fn probe_for(&self, size: Option<u64>) -> Result<Capabilities> {
        let _inside = self.enter().await?;
        self.inner.probe_for(size).await
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        let _inside = self.enter().await?;
        self.inner.put(key, body, options).await
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        let _inside = self.enter().await?;
        self.inner.get(key, options).await
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        let _inside = self.enter().await?;
        self.inner.stat(key).await
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        let _inside = self.enter().await?;
        self.inner.tags(key).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        let _inside = self.enter().await?;
        self.inner.delete(key).await
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        let _inside = self.enter().await?;
        self.inner.delete_many(keys).await
    }

    fn list(&self, options: ListOptions) -> ListStream {
        match self.failure() {
            Ok(()) => self.inner.list(options),
            Err(error) => Box::pin(futures_util::stream::iter([Err(error)])),
        }
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        match self.failure() {
            Ok(()) => self.inner.list_level(options),
            Err(error) => Box::pin(futures_util::stream::iter([Err(error)])),
        }
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let _inside = self.enter().await?;
        self.inner.copy(from, to, options).await
    }

    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let _inside = self.enter().await?;
        self.inner.rename(from, to, options).await
    }

    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        let _inside = self.enter().await?;
        self.inner.copy_from(source, from, to, options).await
    }

    fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
        self.inner.copy_source(key)
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        self.inner.url_signer()
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        Some(self)
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        self.inner.url_verifier()
    }

    fn bulk_put(&self) -> Option<&dyn storage_core::bulk::BulkPut> {
        None
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        self.inner.bucket_admin()
    }

    fn health(&self) -> Option<&dyn Health> {
        self.inner.health()
    }
}

/// That there is one is all that matters.
impl UploadSigner for Faulty {
    fn upload_url(
        &self,
        _: &ObjectKey,
        _: &storage_core::url::UploadOptions,
    ) -> Result<storage_core::url::SignedUpload> {
        Err(Error::unsupported(""))
    }

    fn upload_form(
        &self,
        _: &storage_core::url::FormKey,
        _: &storage_core::url::FormOptions,
    ) -> Result<storage_core::url::UploadForm> {
        Err(Error::unsupported(""))
    }
}
