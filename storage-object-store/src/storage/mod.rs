//! The store: what [`Storage`] asks for, in terms of `object_store`.

mod aside;
mod attempts;
mod bucket;
mod conditions;
mod copy;
mod delete;
mod folder;
mod get;
mod list_levels;
mod list_pages;
mod lost_answer;
mod probe;
mod put;
mod put_parts;
mod upload;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use async_trait::async_trait;
use object_store::ObjectStore;
use object_store::list::PaginatedListStore;
use storage_core::backend::copy_within;
use storage_core::capability::{Ability, Capabilities};
use storage_core::key::RawKey;
use storage_core::list::{LevelStream, ListOptions, ListStream};
use storage_core::outcome::{Deletion, GetOutcome, PutOutcome};
use storage_core::url::UrlSigner;
use storage_core::{
    Body, CopyOptions, CopySource, Error, ErrorKind, GetOptions, ObjectKey, ObjectMeta, PutOptions, Result,
    Storage,
};

#[cfg(feature = "_http")]
pub(crate) use attempts::Attempts;
pub(crate) use conditions::Knowledge;
pub(crate) use folder::Turns;

use crate::public_urls::PublicUrls;
use crate::translate::etag_form::EtagForm;
use crate::{Backend, ObjectStoreStorageBuilder};

/// Any [`ObjectStore`] as a store.
///
/// ```
/// use std::sync::Arc;
/// use object_store::memory::InMemory;
/// use storage_core::Bucket;
/// use storage_object_store::{Backend, ObjectStoreStorage};
///
/// # async fn example() -> storage_core::Result<()> {
/// let storage = ObjectStoreStorage::builder(Arc::new(InMemory::new())).backend(Backend::Memory).build()?;
/// let photos = Bucket::new(Arc::new(storage));
/// let saved = photos.save("cats/tom.jpg", "content").await?;
/// # Ok(()) }
/// ```
///
/// # Limits
///
/// Those of `object_store` are errors here, never panics or losses:
///
/// - Keys are stored as they are. `a//b` and `a/` cannot be addressed: [`from_url`](crate::from_url)'s stores list what others stored under
///   such a key as unaddressable and cannot delete it; others fail to list where they meet one, and name it.
/// - Metadata that is not ASCII is encoded (RFC 2047); what would break a header is refused before `object_store` panics on it.
/// - A large create is one conditional write all the same: a conditional completion on S3 through [`from_url`](crate::from_url), else
///   stored aside and put into its place by a conditional copy, else held in memory up to
///   [a limit](ObjectStoreStorageBuilder::held_limit). What can do none of them says so.
/// - A copy that changes attributes, or depends on the source's entity tag, brings the bytes here and back; they are streamed.
/// - URLs: public ones below [a base](ObjectStoreStorageBuilder::public_base_url). None is signed: `object_store` signs by asking a server.
/// - No tags, no encryption by request, no checksums.
/// - A store that is not known to list page by page is listed level by level, and each folder is one request. `object_store` gives a level as a
///   whole: it is held in memory, some 300 bytes for each name, and of every folder on the way down to where the listing is, what is still
///   to come. Where folders hold millions of names, take a store that lists by pages.
pub struct ObjectStoreStorage {
    store: Arc<Store>,
    urls: Option<PublicUrls>,
}

/// What the operations work with, and their streams keep alive.
pub(crate) struct Store {
    pub(crate) name: String,
    pub(crate) objects: Arc<dyn ObjectStore>,
    pub(crate) listing: Listing,
    pub(crate) backend: Backend,
    pub(crate) capabilities: Capabilities,
    pub(crate) part_size: u64,
    pub(crate) held_limit: u64,
    pub(crate) completes_conditionally: bool,
    pub(crate) etag_form: EtagForm,
    pub(crate) turns: Turns,
    pub(crate) conditions: Knowledge,
    pub(crate) probe_folder: String,
    pub(crate) has_seen_bucket: AtomicBool,
}

/// How the store is listed.
#[derive(Clone)]
pub(crate) enum Listing {
    /// In the order of bytes, by any prefix, page by page.
    Pages(Arc<dyn PaginatedListStore>),
    /// Folder by folder: `object_store` promises no order.
    Levels,
}

impl ObjectStoreStorage {
    /// A store of which nothing is known; see [`builder`](Self::builder) to say more.
    ///
    /// # Errors
    ///
    /// None with these defaults.
    pub fn new(objects: Arc<dyn ObjectStore>) -> Result<Self> {
        Self::builder(objects).build()
    }

    /// Begins to describe a store.
    pub fn builder(objects: Arc<dyn ObjectStore>) -> ObjectStoreStorageBuilder {
        ObjectStoreStorageBuilder::new(objects)
    }

    /// Begins to describe a store that can be listed page by page in the order of bytes: S3, Google Cloud Storage and Azure, given as the
    /// type that they have, can.
    pub fn paged<S: ObjectStore + PaginatedListStore>(objects: Arc<S>) -> ObjectStoreStorageBuilder {
        let pages: Arc<dyn PaginatedListStore> = objects.clone();
        ObjectStoreStorageBuilder::new(objects).pages(pages)
    }

    pub(crate) fn from_parts(store: Store, urls: Option<PublicUrls>) -> Self {
        Self { store: Arc::new(store), urls }
    }

    /// The `ObjectStore` behind it.
    pub fn objects(&self) -> &Arc<dyn ObjectStore> {
        &self.store.objects
    }

    fn named(&self, error: Error, operation: &'static str) -> Error {
        error.with_operation(operation).with_store(self.name())
    }
}

#[async_trait]
impl Storage for ObjectStoreStorage {
    fn name(&self) -> &str {
        &self.store.name
    }

    fn capabilities(&self) -> Capabilities {
        self.store.known_capabilities()
    }

    async fn probe(&self) -> Result<Capabilities> {
        self.store.probed_capabilities().await.map_err(|error| self.named(error, "probe"))
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        self.store
            .put(key, body, options)
            .await
            .map_err(|error| self.named(self.store.explain_refused_key(error, key), "put").with_key(key))
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        self.store.get(key, options).await.map_err(|error| self.named(error, "get").with_key(key))
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        self.store.stat(key).await.map_err(|error| self.named(error, "stat").with_key(key))
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        self.store.delete(key).await.map_err(|error| self.named(error, "delete").with_key(key))
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        let failed = self.store.delete_many(keys).await.map_err(|error| self.named(error, "delete_many"))?;
        let named = |(key, error): (RawKey, Error)| {
            let error = self.named(error, "delete_many").with_key(&key);
            (key, error)
        };
        Ok(Deletion::new(failed.into_iter().map(named).collect()))
    }

    fn list(&self, options: ListOptions) -> ListStream {
        match &self.store.listing {
            Listing::Pages(pages) => list_pages::flat(&self.store, pages, options),
            Listing::Levels => list_levels::flat(&self.store, options),
        }
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        match &self.store.listing {
            Listing::Pages(pages) => list_pages::level(&self.store, pages, options),
            Listing::Levels => list_levels::level(&self.store, options),
        }
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.store.copy(from, to, options).await.map_err(|error| {
            // The source is what is missing or has changed; all else concerns the target.
            let is_source = error.is_not_found() || error.kind() == ErrorKind::PreconditionFailed;
            let error = self.named(self.store.explain_refused_key(error, to), "copy");
            error.with_key(if is_source { from } else { to })
        })
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
        let place = format!("object_store:{:p}", Arc::as_ptr(&self.store));
        Some(CopySource::new(place, self.name(), key.clone()))
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        self.urls.as_ref().map(|urls| urls as &dyn UrlSigner)
    }
}

impl Store {
    /// What a server refuses that keeps objects in files, and so cannot name them as it likes, is not the caller's fault.
    fn explain_refused_key(&self, error: Error, key: &ObjectKey) -> Error {
        const LONGEST_FILE_NAME: usize = 255;
        let is_refused = error.kind() == ErrorKind::InvalidInput && error.http_status().is_some();
        let is_long = key.segments().any(|segment| segment.len() > LONGEST_FILE_NAME);
        match is_refused && is_long && !self.capabilities.has(Ability::LongSegments) {
            true => Error::unsupported("this server cannot store a segment of more than 255 bytes")
                .with_source(error),
            false => error,
        }
    }
}

impl fmt::Debug for ObjectStoreStorage {
    /// Without the `ObjectStore`, which may show its credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectStoreStorage")
            .field("name", &self.store.name)
            .field("backend", &self.store.backend)
            .field("capabilities", &self.store.capabilities)
            .field("part_size", &self.store.part_size)
            .field("held_limit", &self.store.held_limit)
            .finish_non_exhaustive()
    }
}
