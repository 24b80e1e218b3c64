use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{CorsRule, DefaultEncryption, Lifecycle, UnfinishedUpload, UploadStream, Versioning};
use crate::options::Retention;
use crate::{Error, ObjectKey, Result};

/// What became of a [`create`](BucketAdmin::create).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Creation {
    /// The bucket is new.
    Created,
    /// These credentials had it already; nothing was changed.
    Existed,
}

/// The bucket behind a store. Each call is one request, unless it says otherwise, and what a server has not is an
/// [`Unsupported`](crate::ErrorKind::Unsupported) error: so answer all methods that have a default.
///
/// Setting replaces what was there; nothing here reads before it writes.
///
/// # Errors
///
/// All: [`BucketMissing`](crate::ErrorKind::BucketMissing), [`PermissionDenied`](crate::ErrorKind::PermissionDenied) and whatever keeps the
/// store from answering. They name the operation and the store.
#[async_trait]
pub trait BucketAdmin: Send + Sync {
    /// Creates the bucket. It is fine if these credentials own it already.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists) if it is somebody else's.
    async fn create(&self) -> Result<Creation>;

    /// The same, of a bucket that can lock objects: versions are kept in it, for ever.
    ///
    /// # Errors
    ///
    /// Those of [`create`](Self::create); [`Unsupported`](crate::ErrorKind::Unsupported) if there is a bucket now, and it is without.
    async fn create_with_object_lock(&self) -> Result<Creation> {
        Err(lacking("create_with_object_lock"))
    }

    /// Whether the bucket exists. A server that gives no reason with its "no" is asked again in another way.
    async fn exists(&self) -> Result<bool>;

    /// Deletes the bucket, which must be empty; else see [`delete_with_objects`](super::delete_with_objects). It is fine if there is none.
    ///
    /// # Errors
    ///
    /// [`PreconditionFailed`](crate::ErrorKind::PreconditionFailed) if there are objects in it.
    async fn delete(&self) -> Result<()>;

    /// The names of all buckets that these credentials may list, in order.
    async fn bucket_names(&self) -> Result<Vec<String>> {
        Err(lacking("bucket_names"))
    }

    /// The policy as JSON text, as the server gives it back: servers keep the meaning, not the text. `None` if there is none.
    async fn policy(&self) -> Result<Option<String>> {
        Err(lacking("policy"))
    }

    /// Puts a policy, as JSON text, in the place of any other.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a policy that the server does not take.
    async fn put_policy(&self, json: &str) -> Result<()> {
        let _ = json;
        Err(lacking("put_policy"))
    }

    /// Takes the policy away. It is fine if there is none.
    async fn delete_policy(&self) -> Result<()> {
        Err(lacking("delete_policy"))
    }

    /// What the server deletes by itself, and when.
    async fn lifecycle(&self) -> Result<Lifecycle> {
        Err(lacking("lifecycle"))
    }

    /// Sets all rules; none at all takes them away.
    async fn put_lifecycle(&self, lifecycle: &Lifecycle) -> Result<()> {
        let _ = lifecycle;
        Err(lacking("put_lifecycle"))
    }

    /// Whether the server aborts unfinished uploads by itself, and drops what a lifecycle rule says of it without a word. Known, without a
    /// request, once the server has answered anything.
    fn aborts_uploads_by_itself(&self) -> bool {
        false
    }

    /// Which pages of other origins a browser lets use the bucket.
    async fn cors(&self) -> Result<Vec<CorsRule>> {
        Err(lacking("cors"))
    }

    /// Sets all rules; none at all takes them away.
    async fn put_cors(&self, rules: &[CorsRule]) -> Result<()> {
        let _ = rules;
        Err(lacking("put_cors"))
    }

    /// Whether what is overwritten or deleted is kept.
    async fn versioning(&self) -> Result<Versioning> {
        Err(lacking("versioning"))
    }

    /// Turns the keeping of versions on, or stops it.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for [`Versioning::Off`]: what was on can only be suspended.
    async fn put_versioning(&self, versioning: Versioning) -> Result<()> {
        let _ = versioning;
        Err(lacking("put_versioning"))
    }

    /// The bucket's own tags.
    async fn tags(&self) -> Result<BTreeMap<String, String>> {
        Err(lacking("tags"))
    }

    /// Sets all tags, at most 50; none at all takes them away.
    async fn put_tags(&self, tags: &BTreeMap<String, String>) -> Result<()> {
        let _ = tags;
        Err(lacking("put_tags"))
    }

    /// How the server encrypts what says nothing of it. `None` if it does not.
    async fn encryption(&self) -> Result<Option<DefaultEncryption>> {
        Err(lacking("encryption"))
    }

    /// Sets how the server encrypts what says nothing of it.
    async fn put_encryption(&self, encryption: Option<&DefaultEncryption>) -> Result<()> {
        let _ = encryption;
        Err(lacking("put_encryption"))
    }

    /// Uploads in parts that were neither completed nor aborted, of keys that begin with `prefix`; page by page as the stream is read.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if the store has no such uploads; what goes wrong later comes as an item.
    fn unfinished_uploads(&self, prefix: &str) -> Result<UploadStream> {
        let _ = prefix;
        Err(lacking("unfinished_uploads"))
    }

    /// Aborts such an upload: its parts are deleted. It is fine if there is none any more.
    async fn abort_upload(&self, upload: &UnfinishedUpload) -> Result<()> {
        let _ = upload;
        Err(lacking("abort_upload"))
    }

    /// Until when the object's newest version is kept from being deleted.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if the bucket was not created with object lock.
    async fn retention(&self, key: &ObjectKey) -> Result<Option<Retention>> {
        let _ = key;
        Err(lacking("retention"))
    }

    /// Keeps the object's newest version from being deleted.
    ///
    /// # Errors
    ///
    /// Those of [`retention`](Self::retention); [`PermissionDenied`](crate::ErrorKind::PermissionDenied) if that would shorten one.
    async fn put_retention(&self, key: &ObjectKey, retention: &Retention) -> Result<()> {
        let _ = (key, retention);
        Err(lacking("put_retention"))
    }

    /// Whether the object's newest version is kept from being deleted until somebody says otherwise.
    ///
    /// # Errors
    ///
    /// Those of [`retention`](Self::retention).
    async fn legal_hold(&self, key: &ObjectKey) -> Result<bool> {
        let _ = key;
        Err(lacking("legal_hold"))
    }

    /// Puts the hold on the object's newest version, or takes it off.
    ///
    /// # Errors
    ///
    /// Those of [`retention`](Self::retention).
    async fn put_legal_hold(&self, key: &ObjectKey, is_held: bool) -> Result<()> {
        let _ = (key, is_held);
        Err(lacking("put_legal_hold"))
    }
}

fn lacking(operation: &'static str) -> Error {
    Error::unsupported("this store's buckets have no such thing").with_operation(operation)
}
