mod at_least;
mod rules;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use self::rules::Rules;
use crate::admin::BucketAdmin;
use crate::backend::copy_by_stream;
use crate::capability::Capabilities;
use crate::health::Health;
use crate::key::RawKey;
use crate::list::{LevelStream, ListOptions, ListStream};
use crate::outcome::{Deletion, GetOutcome, PutOutcome};
use crate::url::{UploadSigner, UrlSigner, UrlVerifier};
use crate::{
    Body, CopyOptions, CopySource, Error, GetOptions, ObjectKey, ObjectMeta, PutOptions, Result, Storage,
};

/// A store that takes only what holds some rules: its length, its content type, and what the application checks itself.
///
/// What breaks a rule is refused before anything is stored: at once, or, where only the end of a stream shows it, in a way that leaves
/// nothing behind. The error is [`InvalidInput`](crate::ErrorKind::InvalidInput) and says which rule; that of an own check is what the check
/// gives. Streams stay streams: 8 KiB of them are looked at.
///
/// What is in the store was let in: copies and renames are not looked at again, but for a content type that they set. What others upload
/// directly would go around the rules, so that no uploads are signed, unless [told](Self::sign_uploads_for_acceptance) that they are
/// looked at later.
///
/// ```
/// use storage_core::{Bucket, Error, wrap::Validated};
///
/// # fn example(photos: Bucket) {
/// let photos = photos.wrapped(|storage| {
///     Validated::new(storage).min_length(1).max_length(10 * 1024 * 1024).check(|incoming| async move {
///         match incoming.key.as_str().ends_with(".exe") {
///             true => Err(Error::invalid_input("programs are not taken")),
///             false => Ok(()),
///         }
///     })
/// });
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Validated {
    inner: Arc<dyn Storage>,
    rules: Rules,
    signs_uploads: bool,
}

/// What is about to be stored, for a [check](Validated::check).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Incoming {
    /// The key that it is to be stored under.
    pub key: ObjectKey,
    /// Its length in bytes, if it is known. A stream of up to 8 KiB has been read, so that it is.
    pub length: Option<u64>,
    /// What it is to be stored with.
    pub options: PutOptions,
    /// The first 8 KiB of it, or all of it.
    pub head: Bytes,
}

impl Validated {
    /// `inner`, which takes everything until rules are added.
    pub fn new(inner: Arc<dyn Storage>) -> Self {
        Self { inner, rules: Rules::default(), signs_uploads: false }
    }

    /// Takes no fewer bytes; 1 refuses empty files.
    pub fn min_length(mut self, bytes: u64) -> Self {
        self.rules.min = bytes;
        self
    }

    /// Takes no more bytes.
    pub fn max_length(mut self, bytes: u64) -> Self {
        self.rules.max = Some(bytes);
        self
    }

    /// Takes only these types: `image/png`, or `image/*` for all of a kind.
    ///
    /// The type is what the first bytes show, whatever name and declaration say. Where one is declared, other than
    /// `application/octet-stream`, it has to be among them too: browsers go by it.
    #[cfg(feature = "sniff")]
    pub fn content_types(mut self, types: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let allowed = types.into_iter().map(|allowed| allowed.as_ref().trim().to_ascii_lowercase());
        self.rules.types.get_or_insert_default().allowed.extend(allowed);
        self
    }

    /// Takes also content that shows no type, as plain text and CSV do not, if it is declared as one of the
    /// [types](Self::content_types).
    #[cfg(feature = "sniff")]
    pub fn or_unrecognised(mut self) -> Self {
        self.rules.types.get_or_insert_default().takes_unrecognised = true;
        self
    }

    /// Takes only what `check` has nothing against, after the other rules. It may ask others: nothing is stored meanwhile. Several checks
    /// are asked one after the other.
    pub fn check<F, Fut>(mut self, check: F) -> Self
    where
        F: Fn(Incoming) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        self.rules.checks.push(Arc::new(move |incoming| Box::pin(check(incoming))));
        self
    }

    /// Signs uploads all the same. For an application that takes them by `Bucket::accept`, which has rules of its own.
    pub fn sign_uploads_for_acceptance(mut self) -> Self {
        self.signs_uploads = true;
        self
    }

    fn check_declared(&self, options: &CopyOptions) -> Result<()> {
        let attributes = options.attributes.as_ref();
        self.rules.check_declared(attributes.and_then(|attributes| attributes.content_type.as_deref()))
    }

    fn describe(&self, error: Error, operation: &'static str, key: &ObjectKey) -> Error {
        // An error that names its operation came out of another store, through the body.
        match error.operation() {
            Some(_) => error,
            None => error.with_operation(operation).with_key(key).with_store(self.inner.name()),
        }
    }
}

fn too_short(length: u64, min: u64) -> Error {
    Error::invalid_input(format!("{length} bytes are fewer than the {min} demanded"))
}

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method could go around the rules")]
impl Storage for Validated {
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
        let admitted = self.rules.admit(key, body, &options).await;
        let body = admitted.map_err(|error| self.describe(error, "put", key))?;
        self.inner.put(key, body, options).await
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        self.inner.get(key, options).await
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        self.inner.stat(key).await
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        self.inner.tags(key).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        self.inner.delete(key).await
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        self.inner.delete_many(keys).await
    }

    fn list(&self, options: ListOptions) -> ListStream {
        self.inner.list(options)
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        self.inner.list_level(options)
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.check_declared(&options).map_err(|error| self.describe(error, "copy", from))?;
        self.inner.copy(from, to, options).await
    }

    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        // What comes from elsewhere was never checked: it comes as any other content does.
        copy_by_stream(self, source, from, to, options).await
    }

    fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
        self.inner.copy_source(key)
    }

    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.check_declared(&options).map_err(|error| self.describe(error, "rename", from))?;
        self.inner.rename(from, to, options).await
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        self.inner.url_signer()
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        self.inner.upload_signer().filter(|_| self.signs_uploads)
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        self.inner.url_verifier()
    }

    fn bulk_put(&self) -> Option<&dyn crate::bulk::BulkPut> {
        None
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        self.inner.bucket_admin()
    }

    fn health(&self) -> Option<&dyn Health> {
        self.inner.health()
    }
}
