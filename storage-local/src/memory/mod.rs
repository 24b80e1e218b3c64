//! Objects in this process's memory.

mod admin;
mod builder;
mod collect;
mod list;
mod objects;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use storage_core::admin::BucketAdmin;
use storage_core::backend::copy_within;
use storage_core::capability::Capabilities;
use storage_core::clock::Clock;
use storage_core::health::Health;
use storage_core::key::RawKey;
use storage_core::list::{LevelStream, ListOptions, ListStream};
use storage_core::outcome::GetOutcome;
use storage_core::outcome::{Deletion, PutOutcome};
use storage_core::url::{UploadSigner, UrlSigner, UrlVerifier};
use storage_core::{
    Body, CopyOptions, CopySource, Error, GetOptions, Object, ObjectKey, ObjectMeta, PutOptions, Result,
    Storage,
};

pub use builder::MemoryStorageBuilder;
use objects::{Content, Objects};

use crate::abilities::{CAPABILITIES, check_get, check_put};
use crate::conditions::{Decision, decide};
use crate::signed_url::{Signer, SigningKey};

/// A store in this process's memory, for tests and for what may be lost.
///
/// It does all that a folder or a server does, signed URLs included, and its ETags are made as those of a folder. A clone is the same store. What is stored takes its size in
/// memory, and ends with the last clone.
///
/// ```
/// use storage_local::MemoryStorage;
///
/// let storage = MemoryStorage::new();
/// let named = MemoryStorage::builder().name("photos").base_url("https://example.org/files").build()?;
/// # Ok::<(), storage_core::Error>(())
/// ```
#[derive(Clone)]
pub struct MemoryStorage(Arc<Inner>);

struct Inner {
    name: String,
    clock: Clock,
    signer: Signer,
    objects: Objects,
    policy: Mutex<Option<String>>,
}

impl MemoryStorage {
    /// An empty store named `memory`, with URLs below `/files` that end with the process.
    pub fn new() -> Self {
        builder::default_store()
    }

    /// Sets up a store.
    pub fn builder() -> MemoryStorageBuilder {
        MemoryStorageBuilder::default()
    }

    /// A store whose clock and key are given, and cannot be wrong.
    pub(crate) fn for_tests(name: String, clock: Clock, key: &[u8]) -> Self {
        builder::with_key(name, clock, SigningKey::from_bytes(key))
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.0.signer
    }

    pub(crate) fn keys(&self) -> Vec<ObjectKey> {
        self.0.objects.keys()
    }

    pub(crate) fn content(&self, key: &str) -> Option<Bytes> {
        self.0.objects.content(key)
    }

    fn describe(&self, operation: &'static str, key: Option<&ObjectKey>, error: Error) -> Error {
        // An error that names its operation came out of another store, through the body.
        if error.operation().is_some() {
            return error;
        }
        let error = error.with_operation(operation).with_store(&self.0.name);
        match key {
            Some(key) => error.with_key(key),
            None => error,
        }
    }

    async fn store(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        check_put(&options)?;
        self.0.objects.check_mode(key, &options.mode)?;
        let total = body.len();
        let (bytes, etag) = collect::collect(body, options.checksum, options.progress.as_ref()).await?;
        let size = bytes.len() as u64;
        let content = Content {
            bytes,
            etag: etag.clone(),
            modified: self.0.clock.now(),
            attributes: options.attributes,
            tags: options.tags,
        };
        self.0.objects.insert(key, content, &options.mode)?;
        if let Some(progress) = &options.progress {
            progress.report(size, total);
        }
        Ok(PutOutcome::new(size).with_etag(Some(etag)))
    }

    fn open(&self, key: &ObjectKey, options: &GetOptions) -> Result<GetOutcome> {
        check_get(options)?;
        let content = self.0.objects.find(key)?;
        match decide(options, content.bytes.len() as u64, &content.etag, content.modified)? {
            Decision::NotModified => Ok(GetOutcome::NotModified {
                etag: Some(content.etag.clone()),
                last_modified: Some(content.modified),
            }),
            Decision::Send(range) => {
                let meta = content.meta(key);
                let to_index = |offset| usize::try_from(offset).unwrap_or(usize::MAX);
                let bytes = content.bytes.slice(to_index(range.start)..to_index(range.end));
                let stream = Body::from_bytes(bytes).into_stream();
                Ok(GetOutcome::Object(Box::new(Object::new(meta, range, stream))))
            }
        }
    }
}

impl Default for MemoryStorage {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStorage").field("name", &self.0.name).finish_non_exhaustive()
    }
}

#[async_trait]
impl Storage for MemoryStorage {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        self.store(key, body, options).await.map_err(|error| self.describe("put", Some(key), error))
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        self.open(key, &options).map_err(|error| self.describe("get", Some(key), error))
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        match self.0.objects.find(key) {
            Ok(content) => Ok(content.meta(key)),
            Err(error) => Err(self.describe("stat", Some(key), error)),
        }
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        match self.0.objects.find(key) {
            Ok(content) => Ok(content.tags.clone()),
            Err(error) => Err(self.describe("tags", Some(key), error)),
        }
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        self.0.objects.remove(key.as_str());
        Ok(())
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        for key in keys {
            self.0.objects.remove(key.as_str());
        }
        Ok(Deletion::default())
    }

    fn list(&self, options: ListOptions) -> ListStream {
        list::flat(Arc::clone(&self.0), options)
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        list::level(Arc::clone(&self.0), options)
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let copied = self.0.objects.copy(from, to, options, self.0.clock.now());
        copied.map_err(|error| self.describe("copy", Some(from), error))
    }

    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let moved = match from == to {
            true => self.0.objects.copy(from, to, options, self.0.clock.now()),
            false => self.0.objects.rename(from, to, options),
        };
        moved.map_err(|error| self.describe("rename", Some(from), error))
    }

    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        copy_within(self, source, from, to, options).await
    }

    fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
        let place = format!("memory:{:p}", Arc::as_ptr(&self.0));
        Some(CopySource::new(place, self.name(), key.clone()))
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        Some(&self.0.signer)
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        Some(&self.0.signer)
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        Some(&self.0.signer)
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        Some(self)
    }

    fn health(&self) -> Option<&dyn Health> {
        Some(self)
    }
}
