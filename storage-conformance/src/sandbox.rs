use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use storage_core::capability::Ability;
use storage_core::key::RawKey;
use storage_core::list::{LevelItem, ListItem, ListOptions, RawEntry};
use storage_core::{
    Body, ByteRange, ETag, ErrorKind, GetOptions, Object, ObjectEntry, ObjectKey, PutOptions, Result, Storage,
};

use crate::outcome::{Outcome, Stop, refused, same_bytes};

/// From here on a store without a limit of its own is not asked for single requests any larger.
const LARGEST_LIMIT: usize = 64 * 1024 * 1024;

/// What is taken for a part where the store's limit does not say.
const PART_BYTES: usize = 5 * 1024 * 1024;

/// The store under test, and the fresh prefix that one case works below.
#[derive(Clone, Debug)]
pub(crate) struct Sandbox {
    storage: Arc<dyn Storage>,
    prefix: Arc<str>,
}

/// No case stores anything that is no valid key.
#[track_caller]
fn odd_entry(entry: &RawEntry) -> Stop {
    Stop::failed(format!("`{}` is listed, but nobody stored it", entry.key))
}

impl Deref for Sandbox {
    type Target = dyn Storage;

    fn deref(&self) -> &Self::Target {
        &*self.storage
    }
}

impl Sandbox {
    pub(crate) fn new(storage: Arc<dyn Storage>) -> Outcome<Self> {
        let random = getrandom::u64()?;
        Ok(Self { storage, prefix: format!("conformance-{random:016x}/").into() })
    }

    pub(crate) fn storage(&self) -> Arc<dyn Storage> {
        Arc::clone(&self.storage)
    }

    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// A name of this case as the store sees it.
    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    pub(crate) fn key(&self, name: &str) -> Result<ObjectKey> {
        Ok(ObjectKey::new(self.path(name))?)
    }

    pub(crate) fn raw(&self, name: &str) -> RawKey {
        RawKey::new(self.path(name))
    }

    /// A listing of this case's part of the store.
    pub(crate) fn within(&self, prefix: &str) -> ListOptions {
        ListOptions::new().prefix(self.path(prefix))
    }

    /// A size that is sent in more than one part: so much, and a bit more.
    pub(crate) fn part_bytes(&self) -> usize {
        let limit = usize::try_from(self.capabilities().single_put_limit).unwrap_or(usize::MAX);
        if limit < LARGEST_LIMIT { limit } else { PART_BYTES }
    }

    /// Three parts and a bit.
    pub(crate) fn large_bytes(&self) -> usize {
        3 * self.part_bytes() + 12_345
    }

    /// Options with an entry of metadata, where the store keeps any.
    pub(crate) fn marked(&self, name: &str, value: &str) -> PutOptions {
        match self.capabilities().has(Ability::Attributes) {
            true => PutOptions::new().metadata(name, value),
            false => PutOptions::new(),
        }
    }

    /// Stores something plainly.
    pub(crate) async fn write(&self, name: &str, body: impl Into<Body> + Send) -> Result<ObjectKey> {
        let key = self.key(name)?;
        self.put(&key, body.into(), PutOptions::new()).await?;
        Ok(key)
    }

    pub(crate) async fn open(&self, key: &ObjectKey) -> Result<Object> {
        self.open_with(key, GetOptions::new()).await
    }

    pub(crate) async fn open_with(&self, key: &ObjectKey, options: GetOptions) -> Result<Object> {
        self.get(key, options).await?.into_object()
    }

    pub(crate) async fn read(&self, key: &ObjectKey) -> Result<Bytes> {
        self.open(key).await?.bytes().await
    }

    pub(crate) async fn read_range(
        &self,
        key: &ObjectKey,
        range: impl Into<ByteRange> + Send,
    ) -> Result<Bytes> {
        self.open_with(key, GetOptions::new().range(range)).await?.bytes().await
    }

    /// The object's entity tag. A case that needs one cannot run without.
    pub(crate) async fn etag(&self, key: &ObjectKey) -> Outcome<ETag> {
        self.stat(key).await?.etag.ok_or_else(|| Stop::cannot_run("needs: an entity tag of each object"))
    }

    /// Fails unless the object is there with these bytes.
    pub(crate) async fn holds(&self, key: &ObjectKey, expected: &[u8]) -> Outcome {
        let object = self.open(key).await?;
        let size = object.meta().size;
        same_bytes(&object.bytes().await?, expected)?;
        match size == expected.len() as u64 && self.stat(key).await?.size == size {
            true => Ok(()),
            false => Err(Stop::failed(format!("the metadata of `{key}` has another size than its bytes"))),
        }
    }

    /// Fails if anything at all is visible under the key.
    pub(crate) async fn is_free(&self, key: &ObjectKey) -> Outcome {
        refused(self.stat(key).await, ErrorKind::NotFound)?;
        refused(self.get(key, GetOptions::new()).await, ErrorKind::NotFound)?;
        let listed = self.names().await?;
        match listed.iter().any(|name| self.path(name) == key.as_str()) {
            true => Err(Stop::failed(format!("`{key}` is listed, but must not be there"))),
            false => Ok(()),
        }
    }

    /// The names of all that this case has stored, in the order of the listing.
    pub(crate) async fn names(&self) -> Outcome<Vec<String>> {
        self.names_of(self.within("")).await
    }

    pub(crate) async fn names_of(&self, options: ListOptions) -> Outcome<Vec<String>> {
        let entries = self.entries(options).await?;
        entries.iter().map(|entry| self.name_of(entry.key.as_str())).collect()
    }

    pub(crate) async fn entries(&self, options: ListOptions) -> Outcome<Vec<ObjectEntry>> {
        let mut items = self.list(options);
        let mut entries = Vec::new();
        while let Some(item) = items.next().await {
            match item? {
                ListItem::Object(entry) => entries.push(entry),
                ListItem::Unaddressable(entry) => return Err(odd_entry(&entry)),
            }
        }
        Ok(entries)
    }

    /// The names of one level, folders with their `/`, in the order of the listing.
    pub(crate) async fn level(&self, options: ListOptions) -> Outcome<Vec<String>> {
        let mut items = self.list_level(options);
        let mut names = Vec::new();
        while let Some(item) = items.next().await {
            match item? {
                LevelItem::Object(entry) => names.push(self.name_of(entry.key.as_str())?),
                LevelItem::Folder(folder) => names.push(self.name_of(&folder)?),
                LevelItem::Unaddressable(entry) => return Err(odd_entry(&entry)),
            }
        }
        Ok(names)
    }

    fn name_of(&self, key: &str) -> Outcome<String> {
        match key.strip_prefix(&*self.prefix) {
            Some(name) => Ok(name.to_owned()),
            None => {
                Err(Stop::failed(format!("`{key}` is listed, but does not begin with the prefix asked for")))
            }
        }
    }

    /// Deletes all that the case has stored.
    pub(crate) async fn clear(&self) -> Result<()> {
        let mut items = self.list(self.within(""));
        let mut keys = Vec::new();
        while let Some(item) = items.next().await {
            match item? {
                ListItem::Object(entry) => keys.push(RawKey::from(entry.key)),
                ListItem::Unaddressable(entry) => keys.push(entry.key),
            }
        }
        match keys.is_empty() {
            true => Ok(()),
            false => self.delete_many(keys).await?.into_result(),
        }
    }
}
