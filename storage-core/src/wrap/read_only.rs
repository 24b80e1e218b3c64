use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderMap;

use crate::admin::BucketAdmin;
use crate::capability::{Ability, Capabilities};
use crate::health::Health;
use crate::key::RawKey;
use crate::list::{LevelStream, ListOptions, ListStream};
use crate::outcome::{Deletion, GetOutcome, PutOutcome};
use crate::url::{UploadSigner, UrlGrant, UrlRefusal, UrlSigner, UrlVerifier};
use crate::{
    Body, CopyOptions, CopySource, Error, ErrorKind, FileUrl, GetOptions, ObjectKey, ObjectMeta, PutOptions,
    Result, Storage, UrlOptions,
};

/// A store that can be read and not changed, by URLs neither.
///
/// Every change is refused with [`PermissionDenied`](ErrorKind::PermissionDenied), as a server refuses credentials that may only read: an
/// application that handles one handles the other. So is [`probe`](Storage::probe), which finds out what can be written, and which
/// [`Bucket::save`](crate::Bucket::save) begins with: nothing of what was to be saved is read. Objects that are there are no secret: URLs
/// to read them are signed, those to delete them or to upload are not, and none such is verified.
///
/// ```
/// use storage_core::{Bucket, ErrorKind, wrap::ReadOnly};
///
/// # async fn example(photos: Bucket) {
/// let archive = photos.wrapped(ReadOnly::new);
/// let refused = archive.save("cat.jpg", "meow").await.unwrap_err();
/// assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ReadOnly {
    inner: Arc<dyn Storage>,
}

impl ReadOnly {
    /// `inner`, to be read only.
    pub fn new(inner: Arc<dyn Storage>) -> Self {
        Self { inner }
    }

    fn refuse(&self, operation: &'static str) -> Error {
        Error::new(ErrorKind::PermissionDenied, "the store is read-only here")
            .with_operation(operation)
            .with_store(self.inner.name())
            .with_hint("write through the store that this one was made of")
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method could write")]
impl Storage for ReadOnly {
    fn name(&self) -> &str {
        self.inner.name()
    }

    /// What the store can do with objects that are there.
    fn capabilities(&self) -> Capabilities {
        [
            Ability::CreateIfAbsent,
            Ability::PutIfMatch,
            Ability::CopyIfAbsent,
            Ability::ServerSideEncryption,
            Ability::StorageClass,
            Ability::Checksums,
        ]
        .into_iter()
        .fold(self.inner.capabilities(), Capabilities::without)
    }

    async fn probe(&self) -> Result<Capabilities> {
        Err(self.refuse("probe"))
    }

    async fn probe_for(&self, _size: Option<u64>) -> Result<Capabilities> {
        Err(self.refuse("probe"))
    }

    async fn put(&self, key: &ObjectKey, _: Body, _: PutOptions) -> Result<PutOutcome> {
        Err(self.refuse("put").with_key(key))
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
        Err(self.refuse("delete").with_key(key))
    }

    async fn delete_many(&self, _: Vec<RawKey>) -> Result<Deletion> {
        Err(self.refuse("delete_many"))
    }

    fn list(&self, options: ListOptions) -> ListStream {
        self.inner.list(options)
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        self.inner.list_level(options)
    }

    async fn copy(&self, from: &ObjectKey, _: &ObjectKey, _: CopyOptions) -> Result<PutOutcome> {
        Err(self.refuse("copy").with_key(from))
    }

    async fn copy_from(
        &self,
        _: &dyn Storage,
        _: &ObjectKey,
        to: &ObjectKey,
        _: CopyOptions,
    ) -> Result<PutOutcome> {
        Err(self.refuse("copy_from").with_key(to))
    }

    fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
        self.inner.copy_source(key)
    }

    async fn rename(&self, from: &ObjectKey, _: &ObjectKey, _: CopyOptions) -> Result<PutOutcome> {
        Err(self.refuse("rename").with_key(from))
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        self.inner.url_signer().map(|_| self as &dyn UrlSigner)
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        None
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        self.inner.url_verifier().map(|_| self as &dyn UrlVerifier)
    }

    fn bulk_put(&self) -> Option<&dyn crate::bulk::BulkPut> {
        None
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        None
    }

    fn health(&self) -> Option<&dyn Health> {
        self.inner.health()
    }
}

impl ReadOnly {
    fn signer(&self) -> Result<&dyn UrlSigner> {
        self.inner.url_signer().ok_or_else(|| Error::unsupported("the store makes no URLs"))
    }
}

impl UrlSigner for ReadOnly {
    fn public_url(&self, key: &ObjectKey) -> Result<FileUrl> {
        self.signer()?.public_url(key)
    }

    fn signed_url(&self, key: &ObjectKey, options: &UrlOptions) -> Result<FileUrl> {
        match options.method.is_read() {
            true => self.signer()?.signed_url(key, options),
            false => Err(self.refuse("signed_url").with_key(key)),
        }
    }
}

impl UrlVerifier for ReadOnly {
    /// Also what the store below signed is refused, unless it reads.
    fn verify_url(
        &self,
        method: &str,
        path_and_query: &str,
        headers: &HeaderMap,
    ) -> Result<UrlGrant, UrlRefusal> {
        let verifier = self.inner.url_verifier().ok_or(UrlRefusal::UnknownPath)?;
        let grant = verifier.verify_url(method, path_and_query, headers)?;
        match grant.method.is_read() && grant.upload.is_none() {
            true => Ok(grant),
            false => Err(UrlRefusal::MethodNotAllowed),
        }
    }

    fn verify_form(&self, _: &str, _: &[(String, String)], _: &str) -> Result<UrlGrant, UrlRefusal> {
        Err(UrlRefusal::MethodNotAllowed)
    }
}
