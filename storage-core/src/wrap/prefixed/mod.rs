mod bulk;
mod map;
mod urls;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::admin::BucketAdmin;
use crate::bulk::BulkPut;
use crate::capability::Capabilities;
use crate::health::Health;
use crate::key::RawKey;
use crate::list::{LevelItem, LevelStream, ListItem, ListOptions, ListStream, RawEntry};
use crate::outcome::{Deletion, GetOutcome, PutOutcome};
use crate::url::{UploadSigner, UrlSigner, UrlVerifier};
use crate::{
    Body, CopyOptions, CopySource, Error, GetOptions, Object, ObjectEntry, ObjectKey, ObjectMeta, PutOptions,
    Result, Storage,
};

/// The part of a store below one prefix, as a store of its own. Nothing outside the prefix can be reached through it.
///
/// Keys are relative to the prefix, which therefore counts towards their limit of 1,024 bytes; errors name them as the caller does.
///
/// ```
/// use std::sync::Arc;
/// use storage_core::{Bucket, Storage};
/// use storage_core::wrap::Prefixed;
///
/// # fn example(storage: Arc<dyn Storage>) -> storage_core::Result<()> {
/// let avatars = Bucket::new(Arc::new(Prefixed::new(storage, "avatars/2026")?));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Prefixed {
    inner: Arc<dyn Storage>,
    /// Ends with `/`.
    prefix: String,
}

impl Prefixed {
    /// The part of `inner` below `prefix`. A slash at its end may be left out.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the prefix could not be part of a key.
    pub fn new(inner: Arc<dyn Storage>, prefix: impl AsRef<str>) -> Result<Self> {
        let prefix = prefix.as_ref();
        let prefix = ObjectKey::new(prefix.strip_suffix('/').unwrap_or(prefix))?;
        Ok(Self { inner, prefix: format!("{prefix}/") })
    }

    /// The prefix, with its slash.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    fn full(&self, key: &ObjectKey) -> Result<ObjectKey> {
        Ok(ObjectKey::new(format!("{}{key}", self.prefix))?)
    }

    fn full_list_options(&self, options: ListOptions) -> ListOptions {
        ListOptions {
            prefix: format!("{}{}", self.prefix, options.prefix),
            start_after: options.start_after.map(|key| format!("{}{key}", self.prefix)),
        }
    }

    /// An error that names the key as the caller did.
    fn relative_error(&self, error: Error) -> Error {
        match error.key().and_then(|key| key.strip_prefix(&self.prefix)).map(str::to_owned) {
            Some(key) => error.with_key(key),
            None => error,
        }
    }

    fn relative_meta(&self, mut meta: ObjectMeta) -> Result<ObjectMeta> {
        meta.key = relative(&self.prefix, meta.key.as_str())?;
        Ok(meta)
    }
}

/// What is left of a full key. A store that answers with a key outside the prefix is broken, and found out here.
fn relative(prefix: &str, key: &str) -> Result<ObjectKey> {
    let relative = key.strip_prefix(prefix).ok_or_else(|| {
        Error::new(
            crate::ErrorKind::Corrupt,
            format!("the store answered with a key that is not below `{prefix}`"),
        )
        .with_key(key)
    })?;
    Ok(ObjectKey::new(relative)?)
}

/// An object below the prefix. The marker of the prefix itself, `prefix/`, is no valid key there.
fn relative_entry(prefix: &str, mut entry: ObjectEntry) -> Result<ObjectEntry> {
    entry.key = relative(prefix, entry.key.as_str())?;
    Ok(entry)
}

fn relative_raw(prefix: &str, mut entry: RawEntry) -> RawEntry {
    if let Some(key) = entry.key.as_str().strip_prefix(prefix) {
        entry.key = RawKey::new(key);
    }
    entry
}

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method would leave the prefix")]
impl Storage for Prefixed {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn probe(&self) -> Result<Capabilities> {
        self.inner.probe().await
    }

    async fn probe_for(&self, size: Option<u64>) -> Result<Capabilities> {
        self.inner.probe_for(size).await
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        let full = self.full(key)?;
        self.inner.put(&full, body, options).await.map_err(|error| self.relative_error(error))
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        let full = self.full(key)?;
        match self.inner.get(&full, options).await.map_err(|error| self.relative_error(error))? {
            GetOutcome::Object(object) => {
                let (meta, range, stream) = object.into_parts();
                Ok(GetOutcome::Object(Box::new(Object::new(self.relative_meta(meta)?, range, stream))))
            }
            outcome @ GetOutcome::NotModified { .. } => Ok(outcome),
        }
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        let full = self.full(key)?;
        self.relative_meta(self.inner.stat(&full).await.map_err(|error| self.relative_error(error))?)
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        let full = self.full(key)?;
        self.inner.tags(&full).await.map_err(|error| self.relative_error(error))
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        let full = self.full(key)?;
        self.inner.delete(&full).await.map_err(|error| self.relative_error(error))
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        let full = keys.iter().map(|key| RawKey::new(format!("{}{}", self.prefix, key.as_str()))).collect();
        let mut deletion = self.inner.delete_many(full).await.map_err(|error| self.relative_error(error))?;
        for (key, error) in &mut deletion.failed {
            if let Some(relative) = key.as_str().strip_prefix(&self.prefix) {
                *key = RawKey::new(relative);
            }
            let original = std::mem::replace(error, Error::new(crate::ErrorKind::Other, ""));
            *error = self.relative_error(original);
        }
        Ok(deletion)
    }

    fn list(&self, options: ListOptions) -> ListStream {
        let prefix = self.prefix.clone();
        let items = self.inner.list(self.full_list_options(options));
        map::map(items, move |item| match item? {
            ListItem::Object(entry) => Ok(ListItem::Object(relative_entry(&prefix, entry)?)),
            ListItem::Unaddressable(entry) => Ok(ListItem::Unaddressable(relative_raw(&prefix, entry))),
        })
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        let prefix = self.prefix.clone();
        let items = self.inner.list_level(self.full_list_options(options));
        map::map(items, move |item| match item? {
            LevelItem::Folder(folder) => Ok(LevelItem::Folder(
                folder.strip_prefix(&prefix).map_or_else(|| folder.clone(), str::to_owned),
            )),
            LevelItem::Object(entry) => Ok(LevelItem::Object(relative_entry(&prefix, entry)?)),
            LevelItem::Unaddressable(entry) => Ok(LevelItem::Unaddressable(relative_raw(&prefix, entry))),
        })
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let (from, to) = (self.full(from)?, self.full(to)?);
        self.inner.copy(&from, &to, options).await.map_err(|error| self.relative_error(error))
    }

    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        let full = self.full(to)?;
        self.inner.copy_from(source, from, &full, options).await.map_err(|error| self.relative_error(error))
    }

    fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
        self.inner.copy_source(&self.full(key).ok()?)
    }

    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let (from, to) = (self.full(from)?, self.full(to)?);
        self.inner.rename(&from, &to, options).await.map_err(|error| self.relative_error(error))
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        self.inner.url_signer().map(|_| self as &dyn UrlSigner)
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        self.inner.upload_signer().map(|_| self as &dyn UploadSigner)
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        self.inner.url_verifier().map(|_| self as &dyn UrlVerifier)
    }

    fn bulk_put(&self) -> Option<&dyn BulkPut> {
        self.inner.bulk_put().map(|_| self as &dyn BulkPut)
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        None
    }

    fn health(&self) -> Option<&dyn Health> {
        self.inner.health()
    }
}
