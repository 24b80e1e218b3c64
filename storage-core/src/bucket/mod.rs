//! What an application holds: a store with its rules for names, types and addresses, and what its calls take and give.

#[cfg(feature = "sniff")]
mod accept;
mod options;
mod save;
mod staged;
mod urls;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

#[cfg(feature = "sniff")]
pub use accept::{AcceptOptions, AcceptOutcome, Rejection};
pub use options::{SaveOptions, Saved};

use crate::Collision;
use crate::body::IntoBody;
use crate::content_type::ContentTypeRule;
use crate::key::{IntoKey, MAX_KEY_BYTES, RawKey};
use crate::list::{LevelStream, ListOptions, ListStream};
use crate::naming::{AsGiven, Naming};
use crate::outcome::GetOutcome;
use crate::outcome::{Deletion, PutOutcome};
use crate::url::MAX_EXPIRY;
use crate::wrap::Prefixed;
use crate::{ByteRange, CopyOptions, GetOptions, Object, ObjectMeta, Result, Storage, StorageExt};

/// Who may read a bucket's objects by their plain address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Nobody: URLs are signed and expire.
    #[default]
    Private,
    /// Everybody: URLs are plain. The store has to allow it; a bucket policy does on S3.
    Public,
}

/// What an application holds: a store, with the rules for names, content types and URLs. A clone costs a few counters.
///
/// ```
/// use std::sync::Arc;
/// use storage_core::{Bucket, Storage, Visibility, naming};
///
/// # async fn example(storage: Arc<dyn Storage>) -> storage_core::Result<()> {
/// let photos = Bucket::new(storage).with_naming(naming::date_prefix()).with_visibility(Visibility::Private);
///
/// let saved = photos.save("tom.jpg", "any content").await?;
/// let file = photos.open(&saved.key).await?;
/// println!("{} {} bytes", file.meta().content_type, file.meta().size);
/// println!("{}", photos.url(&saved.key)?);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Bucket {
    storage: Arc<dyn Storage>,
    naming: Arc<dyn Naming>,
    collision: Collision,
    content_type_rule: ContentTypeRule,
    visibility: Visibility,
    url_expiry: Duration,
    stable_for: Option<Duration>,
    max_key_bytes: usize,
}

impl Bucket {
    /// A private bucket that stores under the names given, renames on a collision, and takes content types from names.
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self {
            storage,
            naming: Arc::new(AsGiven),
            collision: Collision::default(),
            content_type_rule: ContentTypeRule::default(),
            visibility: Visibility::default(),
            url_expiry: MAX_EXPIRY,
            stable_for: None,
            max_key_bytes: MAX_KEY_BYTES,
        }
    }

    /// Sets how names become keys; default: [as given](crate::naming::as_given).
    pub fn with_naming(mut self, naming: impl Naming) -> Self {
        self.naming = Arc::new(naming);
        self
    }

    /// Sets what saving does when a name is taken; default: [rename](Collision::Rename).
    pub fn with_collision(mut self, collision: Collision) -> Self {
        self.collision = collision;
        self
    }

    /// Sets where content types come from when the caller says none; default: the [name](ContentTypeRule::Name).
    pub fn with_content_type_rule(mut self, rule: ContentTypeRule) -> Self {
        self.content_type_rule = rule;
        self
    }

    /// Sets whether URLs are plain or signed; default: [private](Visibility::Private), signed.
    pub fn with_visibility(mut self, visibility: Visibility) -> Self {
        self.visibility = visibility;
        self
    }

    /// Sets how long signed URLs live, 1 second to 7 days; default: 7 days. Out of these bounds, making a URL fails.
    pub fn with_url_expiry(mut self, expiry: Duration) -> Self {
        self.url_expiry = expiry;
        self
    }

    /// Makes signed URLs to read the same, byte for byte, within each window of this length, unless a call sets
    /// [another](crate::UrlOptions::stable_for): browsers and CDNs can cache what they lead to. 1 second to 7 days less one second, in whole
    /// seconds; out of these bounds, making a URL fails. A call that asks for a life to which the window cannot be added gets a URL of its own.
    /// Default: none.
    pub fn with_stable_urls(mut self, window: Duration) -> Self {
        self.stable_for = Some(window);
        self
    }

    /// Sets the longest key that is saved, in bytes of UTF-8, at most and by default 1,024. Longer names are shortened in their stem.
    pub fn with_max_key_bytes(mut self, bytes: usize) -> Self {
        self.max_key_bytes = bytes.min(MAX_KEY_BYTES);
        self
    }

    /// The part of this bucket below `prefix`, under the same rules. Keys are relative to it, and nothing outside can be reached.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the prefix could not be part of a key.
    pub fn prefixed(&self, prefix: impl AsRef<str>) -> Result<Self> {
        let storage = Prefixed::new(Arc::clone(&self.storage), prefix)?;
        let max_key_bytes = self.max_key_bytes.saturating_sub(storage.prefix().len());
        Ok(Self { storage: Arc::new(storage), max_key_bytes, ..self.clone() })
    }

    /// This bucket with its store in another one, such as those of [`wrap`](crate::wrap), under the same rules. The last one is the outermost:
    /// it is asked first. For a part of the bucket, [`prefixed`](Self::prefixed) knows how much shorter keys have to be.
    ///
    /// ```
    /// use storage_core::{Bucket, wrap::{Limited, ReadOnly}};
    ///
    /// # fn example(photos: Bucket) {
    /// let archive = photos.wrapped(|storage| Limited::new(storage, 16)).wrapped(ReadOnly::new);
    /// # }
    /// ```
    pub fn wrapped<S: Storage>(&self, around: impl FnOnce(Arc<dyn Storage>) -> S) -> Self {
        Self { storage: Arc::new(around(Arc::clone(&self.storage))), ..self.clone() }
    }

    /// The store below.
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.storage
    }

    /// The store's name; usually that of its S3 bucket.
    pub fn name(&self) -> &str {
        self.storage.name()
    }

    /// Whether URLs are plain or signed.
    pub fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// Stores `content` under a name that is free, and returns the key really used. One request in the usual case.
    ///
    /// Nothing is ever overwritten unless asked for, whoever else saves the same name at the same time. HTML, SVG, XML, JavaScript and other
    /// [active](crate::content_type::is_active) types, and content of which no type is known, are stored with
    /// `Content-Disposition: attachment`.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a name that is absolute, holds `..`, a backslash, a drive letter or a control
    /// character, before the store is asked; [`AlreadyExists`](crate::ErrorKind::AlreadyExists), retryable, if a large stream that can be
    /// read only once lost its name while it was sent; else whatever the store says. Nothing is left behind.
    pub async fn save(&self, name: impl AsRef<str> + Send, content: impl IntoBody) -> Result<Saved> {
        self.save_with(name, content, SaveOptions::new()).await
    }

    /// Stores `content` as the options say.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save), and [`AlreadyExists`](crate::ErrorKind::AlreadyExists) under [`Collision::Reject`].
    pub async fn save_with(
        &self,
        name: impl AsRef<str> + Send,
        content: impl IntoBody,
        options: SaveOptions,
    ) -> Result<Saved> {
        // Nothing that the caller gave is held across an await, so that the future is `Send` whatever it is.
        let (name, body) = (name.as_ref().to_owned(), content.into_body());
        save::save(self, &name, body?, options).await
    }

    /// Stores `content` under exactly this key, without asking the naming strategy, and replaces what is there, atomically.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save), but for collisions.
    pub async fn replace(&self, key: impl IntoKey, content: impl IntoBody) -> Result<Saved> {
        self.replace_with(key, content, SaveOptions::new()).await
    }

    /// Stores `content` under exactly this key as the options say, whose collision rule does not matter here.
    ///
    /// # Errors
    ///
    /// As [`replace`](Self::replace), and [`PreconditionFailed`](crate::ErrorKind::PreconditionFailed) under [`SaveOptions::if_match`].
    pub async fn replace_with(
        &self,
        key: impl IntoKey,
        content: impl IntoBody,
        options: SaveOptions,
    ) -> Result<Saved> {
        let (key, body) = (key.into_key(), content.into_body());
        save::replace(self, key?, body?, options).await
    }

    /// Opens an object: its metadata and a stream of its bytes, in one request.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), or whatever the store says.
    pub async fn open(&self, key: impl IntoKey) -> Result<Object> {
        self.open_with(key, GetOptions::new()).await?.into_object()
    }

    /// Opens a range of an object, or opens it on a condition.
    ///
    /// # Errors
    ///
    /// As [`Storage::get`].
    pub async fn open_with(&self, key: impl IntoKey, options: GetOptions) -> Result<GetOutcome> {
        let key = key.into_key()?;
        self.storage.get(&key, options).await
    }

    /// The whole object, held in memory. [`open`](Self::open) and [`Object::bytes_up_to`] bound it.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn read(&self, key: impl IntoKey) -> Result<Bytes> {
        let key = key.into_key()?;
        self.storage.read(&key).await
    }

    /// A range of the object, held in memory: `0..10`, `10..`, [`ByteRange::Last`].
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and [`RangeNotSatisfiable`](crate::ErrorKind::RangeNotSatisfiable).
    pub async fn read_range(&self, key: impl IntoKey, range: impl Into<ByteRange> + Send) -> Result<Bytes> {
        let (key, range) = (key.into_key()?, range.into());
        self.storage.read_range(&key, range).await
    }

    /// The object's metadata.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), or whatever the store says.
    pub async fn stat(&self, key: impl IntoKey) -> Result<ObjectMeta> {
        let key = key.into_key()?;
        self.storage.stat(&key).await
    }

    /// The tags that are kept with the object.
    ///
    /// # Errors
    ///
    /// As [`Storage::tags`].
    pub async fn tags(&self, key: impl IntoKey) -> Result<BTreeMap<String, String>> {
        let key = key.into_key()?;
        self.storage.tags(&key).await
    }

    /// Whether there is an object under the key.
    ///
    /// # Errors
    ///
    /// Anything but "not found": a missing bucket, a refusal and a dead server are errors, never `false`.
    pub async fn exists(&self, key: impl IntoKey) -> Result<bool> {
        let key = key.into_key()?;
        self.storage.exists(&key).await
    }

    /// The object's size in bytes.
    ///
    /// # Errors
    ///
    /// As [`stat`](Self::stat).
    pub async fn size(&self, key: impl IntoKey) -> Result<u64> {
        let key = key.into_key()?;
        self.storage.size(&key).await
    }

    /// Deletes the object. It is fine if there is none.
    ///
    /// # Errors
    ///
    /// What kept the store from deleting it.
    pub async fn delete(&self, key: impl IntoKey) -> Result<()> {
        let key = key.into_key()?;
        self.storage.delete(&key).await
    }

    /// Deletes many objects, 1,000 to a request. It is fine if some do not exist.
    ///
    /// # Errors
    ///
    /// The request as a whole failed. Keys that failed one by one are in the [`Deletion`].
    pub async fn delete_many<K, I>(&self, keys: I) -> Result<Deletion>
    where
        K: Into<RawKey>,
        I: IntoIterator<Item = K> + Send,
    {
        let keys: Vec<RawKey> = keys.into_iter().map(Into::into).collect();
        self.storage.delete_many(keys).await
    }

    /// Lists the objects whose keys begin with a prefix (`""`: all) as a stream, page by page, in the order of the keys' bytes.
    ///
    /// ```
    /// # use std::time::SystemTime;
    /// use storage_core::{Bucket, list::ListItem};
    /// # async fn next<T>(_: &mut T) -> Option<storage_core::Result<ListItem>> { None }
    ///
    /// # async fn example(bucket: Bucket, limit: SystemTime) -> storage_core::Result<()> {
    /// let mut items = bucket.list("tmp/");
    /// let mut old = Vec::new();
    /// while let Some(item) = next(&mut items).await { // `StreamExt::next`
    ///     match item? {
    ///         ListItem::Object(entry) if entry.last_modified < Some(limit) => old.push(entry.key.into()),
    ///         ListItem::Unaddressable(entry) if entry.last_modified < Some(limit) => old.push(entry.key),
    ///         _ => {}
    ///     }
    /// }
    /// for (key, error) in bucket.delete_many(old).await?.failed {
    ///     println!("{key} is still there: {error}");
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self, options: impl Into<ListOptions>) -> ListStream {
        self.storage.list(options.into())
    }

    /// Lists the objects and folders directly below `folder` as a stream; `""` is the top. The slash at a folder's end may be left out.
    pub fn list_level(&self, folder: &str) -> LevelStream {
        let prefix = match folder {
            "" => String::new(),
            folder => format!("{}/", folder.strip_suffix('/').unwrap_or(folder)),
        };
        self.storage.list_level(ListOptions::new().prefix(prefix))
    }

    /// Copies an object within the store; what was under the new key is replaced.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for the source, or whatever the store says.
    pub async fn copy(&self, from: impl IntoKey, to: impl IntoKey) -> Result<PutOutcome> {
        self.copy_with(from, to, CopyOptions::new()).await
    }

    /// Copies an object as the options say.
    ///
    /// # Errors
    ///
    /// As [`Storage::copy`].
    pub async fn copy_with(
        &self,
        from: impl IntoKey,
        to: impl IntoKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        let (from, to) = (from.into_key()?, to.into_key()?);
        self.storage.copy(&from, &to, options).await
    }

    /// Moves an object; what was under the new key is replaced. On S3 it is copied, then deleted: see [`Storage::rename`].
    ///
    /// # Errors
    ///
    /// As [`Storage::rename`].
    pub async fn rename(&self, from: impl IntoKey, to: impl IntoKey) -> Result<PutOutcome> {
        self.rename_with(from, to, CopyOptions::new()).await
    }

    /// Moves an object as the options say.
    ///
    /// # Errors
    ///
    /// As [`Storage::rename`].
    pub async fn rename_with(
        &self,
        from: impl IntoKey,
        to: impl IntoKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        let (from, to) = (from.into_key()?, to.into_key()?);
        self.storage.rename(&from, &to, options).await
    }
}
