//! The way back: a store of ours for everything that reads and writes through `object_store`.

mod delete;
mod get;
mod list;
mod multipart;
mod put;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyMode, CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, RenameOptions, RenameTargetMode, Result,
};
use storage_core::{ErrorKind, ObjectKey, Storage};

use crate::translate::errors::into_foreign;

/// Any [`Storage`] as an [`ObjectStore`], so that Arrow, `DataFusion` and others can read what an application stored.
///
/// ```
/// use std::sync::Arc;
/// use storage_core::Storage;
/// use storage_object_store::AsObjectStore;
/// use storage_object_store::object_store::{ObjectStore, ObjectStoreExt};
///
/// # async fn example(storage: Arc<dyn Storage>) -> Result<(), Box<dyn std::error::Error>> {
/// let objects: Arc<dyn ObjectStore> = Arc::new(AsObjectStore::new(storage));
/// let footer = objects.get_range(&"sales/2026.parquet".into(), 0..8).await?;
/// # Ok(()) }
/// ```
///
/// - A path is the key, to the letter. Objects under keys that no path can hold, as `a//b`, are left out of listings; nothing else
///   could be done with them here.
/// - The store's own errors are the source of each error, and can be downcast to [`storage_core::Error`]. A dead server is never "not found".
/// - An upload in parts is one write of the store, fed as parts are given: what is held in memory are the parts that the caller does not wait
///   for. Parts are in the order of the calls, of any size. One that is dropped before it is complete leaves nothing.
/// - Tags are kept where the store keeps tags, and else ignored, as `object_store` asks for. A version to read is refused.
/// - Uploads in parts and deletions run on tokio.
#[derive(Clone, Debug)]
pub struct AsObjectStore {
    storage: Arc<dyn Storage>,
}

impl AsObjectStore {
    /// Takes the store.
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage }
    }

    /// The store behind it.
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.storage
    }
}

impl fmt::Display for AsObjectStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsObjectStore({})", self.storage.name())
    }
}

#[async_trait]
impl ObjectStore for AsObjectStore {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        put::put(&*self.storage, location, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let upload = multipart::Upload::begin(&self.storage, location, options)?;
        Ok(Box::new(upload))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        get::get(&*self.storage, location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        delete::delete(Arc::clone(&self.storage), locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        list::flat(&*self.storage, prefix, None)
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        list::flat(&*self.storage, prefix, Some(offset))
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        list::level(&*self.storage, prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        let (from, to) = (key_of(from)?, key_of(to)?);
        let copied = self.storage.copy(&from, &to, copy_options(options.mode == CopyMode::Create)).await;
        copied.map(drop).map_err(into_foreign)
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        let (from, to) = (key_of(from)?, key_of(to)?);
        let is_create = options.target_mode == RenameTargetMode::Create;
        let renamed = self.storage.rename(&from, &to, copy_options(is_create)).await;
        renamed.map(drop).map_err(into_foreign)
    }
}

fn copy_options(is_create: bool) -> storage_core::CopyOptions {
    match is_create {
        true => storage_core::CopyOptions::new().if_absent(),
        false => storage_core::CopyOptions::new(),
    }
}

/// The key that is exactly this path.
fn key_of(path: &Path) -> Result<ObjectKey> {
    ObjectKey::new(path.as_ref()).map_err(|error| {
        into_foreign(storage_core::Error::new(ErrorKind::InvalidInput, error.to_string()).with_key(path))
    })
}
