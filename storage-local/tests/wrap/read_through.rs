//! A store that is written directly and read through [`ReadOnly`].

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use storage_core::admin::BucketAdmin;
use storage_core::backend::copy_by_stream;
use storage_core::capability::Capabilities;
use storage_core::health::Health;
use storage_core::key::RawKey;
use storage_core::list::{LevelStream, ListOptions, ListStream};
use storage_core::outcome::{Deletion, GetOutcome, PutOutcome};
use storage_core::url::{UploadSigner, UrlSigner, UrlVerifier};
use storage_core::wrap::ReadOnly;
use storage_core::{
    Body, CopyOptions, CopySource, GetOptions, ObjectKey, ObjectMeta, PutOptions, Result, Storage,
};
use storage_local::MemoryStorage;

#[derive(Debug)]
pub(crate) struct ReadThrough {
    writes: MemoryStorage,
    reads: ReadOnly,
}

impl ReadThrough {
    pub(crate) fn new(storage: MemoryStorage) -> Self {
        Self { reads: ReadOnly::new(Arc::new(storage.clone())), writes: storage }
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "each is a write or a read")]
impl Storage for ReadThrough {
    fn name(&self) -> &str {
        self.reads.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.writes.capabilities()
    }

    async fn probe(&self) -> Result<Capabilities> {
        self.writes.probe().await
    }

    async fn probe_for(&self, size: Option<u64>) -> Result<Capabilities> {
        self.writes.probe_for(size).await
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        self.writes.put(key, body, options).await
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        self.reads.get(key, options).await
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        self.reads.stat(key).await
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        self.reads.tags(key).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        Storage::delete(&self.writes, key).await
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        self.writes.delete_many(keys).await
    }

    fn list(&self, options: ListOptions) -> ListStream {
        self.reads.list(options)
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        self.reads.list_level(options)
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.writes.copy(from, to, options).await
    }

    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        copy_by_stream(self, source, from, to, options).await
    }

    fn copy_source(&self, _: &ObjectKey) -> Option<CopySource> {
        None
    }

    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.writes.rename(from, to, options).await
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        self.reads.url_signer()
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        self.reads.upload_signer()
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        self.reads.url_verifier()
    }

    fn bulk_put(&self) -> Option<&dyn storage_core::bulk::BulkPut> {
        None
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        self.reads.bucket_admin()
    }

    fn health(&self) -> Option<&dyn Health> {
        self.reads.health()
    }
}
