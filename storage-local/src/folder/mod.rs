//! Objects as files in a folder.

mod admin;
mod builder;
mod disk;
mod durability;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod health;
mod listing;
mod place;
mod read;
mod record;
mod session;
mod url_key;
mod writing;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use storage_core::admin::BucketAdmin;
use storage_core::backend::copy_within;
use storage_core::capability::Capabilities;
use storage_core::health::Health;
use storage_core::key::RawKey;
use storage_core::list::{LevelStream, ListOptions, ListStream};
use storage_core::outcome::GetOutcome;
use storage_core::outcome::{Deletion, PutOutcome};
use storage_core::url::{UploadSigner, UrlSigner, UrlVerifier};
use storage_core::{
    Body, CopyOptions, CopySource, Error, GetOptions, ObjectKey, ObjectMeta, PutOptions, Result, Storage,
};

pub use builder::LocalStorageBuilder;
use disk::blocking::blocking;
pub use durability::Durability;
use listing::list;
use session::Store;
use writing::{copy, delete, rename, upload};

use crate::abilities::CAPABILITIES;
use crate::signed_url::Signer;

/// A store in a folder on disk. Unix only.
///
/// The object `cats/tom.jpg` is the file `cats/tom.jpg` in the folder: people can look at it, put files in, change and remove them. A
/// file that somebody put there is an object whose content type its name says.
///
/// Everything that belongs to the store itself has a name that begins with `.storage`. The folder `.storage` holds what is stored
/// beside the content (`records`), files that are still written (`tmp`), the lock of writers and the key that signs URLs. An object in
/// whose place a folder is (`f` beside `f/g`) is `.storage-object.f`; a segment of a key that is too long for a file name is spread over
/// folders `.storage-part.…`; one that looks like one of these names is `.storage-name.…`.
///
/// - Content and metadata change together, in one rename. No reader, in this process or another, sees half an object; a crash at
///   any point leaves the old object or the new one. What a killed process had not finished is unseen, and is removed when the
///   folder is opened a minute later or more.
/// - Metadata belongs to a file by its size and time of change. A copy of the folder keeps it if it keeps the times (`cp -a`,
///   `rsync -a`); a file that was edited, or touched, by hand is a plain file again.
/// - Content of up to 1 MiB has its MD5 as its ETag, as on S3; larger content has one of its own for each writing, as uploads in parts have
///   there, because hashing would take longer than writing. A copy has that of its source, and a file that somebody put there has its
///   size and time of change.
/// - Links and devices are no objects, and nothing is read or written through them.
/// - On a file system that takes `A` for `a`, a key is found under its own spelling only, and one that another spelling is in the way of
///   is refused with an error that names both.
/// - A file whose name no key can be (with a line break in it, say) is listed as unaddressable. So is one whose name is not UTF-8,
///   with U+FFFD in place of what cannot be said; it cannot be deleted by its key.
///
/// Several processes may use one folder, if the file system has `flock`. Writers take turns for the moment of a rename; readers
/// wait for nobody. Calls run on tokio's blocking threads and panic outside of a tokio runtime.
///
/// A clone is the same store.
///
/// ```
/// use storage_core::{ObjectKey, PutOptions, Storage, StorageExt};
/// use storage_local::LocalStorage;
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let folder = folder.path();
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let storage = LocalStorage::open(folder.join("media"))?;
/// let key: ObjectKey = "notes/hello.txt".parse()?;
/// storage.put(&key, "hello".into(), PutOptions::new()).await?;
/// assert_eq!(std::fs::read_to_string(folder.join("media/notes/hello.txt")).unwrap(), "hello");
/// # Ok::<(), storage_core::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct LocalStorage {
    store: Arc<Store>,
    signer: Arc<Signer>,
}

impl LocalStorage {
    /// Opens the folder `root` with the settings' defaults. See [`LocalStorageBuilder::build`].
    ///
    /// # Errors
    ///
    /// [`PermissionDenied`](storage_core::ErrorKind::PermissionDenied) if the folder cannot be made, read and written.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        Self::builder(root).build()
    }

    /// Sets up a store on the folder `root`.
    pub fn builder(root: impl Into<PathBuf>) -> LocalStorageBuilder {
        LocalStorageBuilder::new(root.into())
    }

    /// The folder, as an absolute path without links.
    pub fn root(&self) -> &Path {
        &self.store.root
    }

    /// Runs `work` on a blocking thread, and has its error name operation, key and store.
    async fn run<T: Send + 'static>(
        &self,
        operation: &'static str,
        key: &ObjectKey,
        work: impl FnOnce(&Arc<Store>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = Arc::clone(&self.store);
        blocking(move || work(&store)).await.map_err(|error| self.describe(operation, key, error))
    }

    fn describe(&self, operation: &'static str, key: &ObjectKey, error: Error) -> Error {
        match error.operation() {
            None => error.with_operation(operation).with_key(key).with_store(&self.store.name),
            // It came out of another store, through the body.
            Some(_) => error,
        }
    }
}

impl fmt::Debug for LocalStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalStorage")
            .field("name", &self.store.name)
            .field("root", &self.store.root)
            .field("durability", &self.store.durability)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Storage for LocalStorage {
    fn name(&self) -> &str {
        &self.store.name
    }

    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        let stored = upload::put(&self.store, key, body, options).await;
        stored.map_err(|error| self.describe("put", key, error))
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        let wanted = key.clone();
        self.run("get", key, move |store| read::get(store, &wanted, &options)).await
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        let wanted = key.clone();
        self.run("stat", key, move |store| read::stat(store, &wanted)).await
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        let wanted = key.clone();
        self.run("tags", key, move |store| read::tags(store, &wanted)).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        let wanted = key.clone();
        self.run("delete", key, move |store| delete::delete(store, wanted.as_str())).await
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        let store = Arc::clone(&self.store);
        let deleted = blocking(move || delete::delete_many(&store, keys)).await;
        deleted.map_err(|error| error.with_operation("delete_many").with_store(&self.store.name))
    }

    fn list(&self, options: ListOptions) -> ListStream {
        list::flat(Arc::clone(&self.store), options)
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        list::level(Arc::clone(&self.store), options)
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let (source, target) = (from.clone(), to.clone());
        self.run("copy", from, move |store| copy::copy(store, &source, &target, &options)).await
    }

    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let (source, target) = (from.clone(), to.clone());
        self.run("rename", from, move |store| rename::rename(store, &source, &target, &options)).await
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
        let place = format!("folder:{}", self.root().display());
        Some(CopySource::new(place, self.name(), key.clone()))
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        Some(&*self.signer)
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        Some(&*self.signer)
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        Some(&*self.signer)
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        Some(self)
    }

    fn health(&self) -> Option<&dyn Health> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use storage_core::clock::Clock;

    use super::disk::case::NameCase;
    use super::session::Session;
    use super::*;

    /// A store without `fsync` at `root`, with its clock stopped.
    pub(super) fn session_at(root: &Path, now: SystemTime) -> Session {
        session(root, Clock::fixed(now), NameCase::Distinct)
    }

    pub(super) fn session(root: &Path, clock: Clock, case: NameCase) -> Session {
        let store = Store::new(root.to_owned(), "test".to_owned(), Durability::None, clock, case);
        Session::open(&Arc::new(store)).unwrap()
    }

    pub(super) fn names_in(dir: &Path) -> Vec<String> {
        let names =
            std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }
}
