use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use http::Method;
use storage_core::admin::{
    BucketAdmin, CorsRule, Creation, DefaultEncryption, Lifecycle, UnfinishedUpload, UploadStream, Versioning,
};
use storage_core::options::Retention;
use storage_core::{Error, ErrorKind, ObjectKey, Result};

use super::{MinioStorage, Store, policy};
use crate::actions::bucket_aspect::{self as aspect, Aspect};
use crate::actions::list_multipart_uploads::{self, Markers};
use crate::actions::list_objects_v2::{self, Query};
use crate::actions::xml::garbled;
use crate::actions::{
    abort_multipart_upload, bucket_cors, bucket_encryption, bucket_lifecycle, bucket_tagging,
    bucket_versioning, create_bucket, delete_bucket, list_buckets,
};
use crate::client::{Answer, LIST_ANSWER, Reading, Request, is_minio};

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "S3 has all of it")]
impl BucketAdmin for MinioStorage {
    async fn create(&self) -> Result<Creation> {
        self.store.create_bucket().await.map_err(|error| self.named(error, "create_bucket"))
    }

    async fn create_with_object_lock(&self) -> Result<Creation> {
        let created = match self.store.create_bucket_as(create_bucket::Kind::WithObjectLock).await {
            Ok(created) => self.store.check_locks_are_kept().await.map(|()| created),
            Err(error) => Err(error),
        };
        created.map_err(|error| self.named(error, "create_bucket"))
    }

    async fn exists(&self) -> Result<bool> {
        self.bucket_exists().await
    }

    async fn delete(&self) -> Result<()> {
        match self.store.delete_bucket().await {
            Err(error) if error.kind() == ErrorKind::BucketMissing => Ok(()),
            deleted => deleted.map_err(|error| self.named(error, "delete_bucket")),
        }
    }

    async fn bucket_names(&self) -> Result<Vec<String>> {
        let asked = self.store.read_whole(&Request::service(Method::GET)).await;
        asked
            .and_then(|answer| list_buckets::answer(&answer))
            .map_err(|error| self.named(error, "list_buckets"))
    }

    async fn policy(&self) -> Result<Option<String>> {
        let text = |answer: &Answer| match std::str::from_utf8(&answer.document) {
            Ok(text) => Ok(text.trim().to_owned()),
            Err(_) => Err(garbled("the policy is not UTF-8")),
        };
        let read = self.read(aspect::POLICY, text).await.map_err(policy::of_the_owner);
        let policy = read.map_err(|error| self.named(error, "policy"))?;
        Ok(policy.filter(|policy| !policy.is_empty()))
    }

    async fn put_policy(&self, json: &str) -> Result<()> {
        let written = match policy::check_size(json) {
            Ok(()) => self.write(aspect::POLICY, json.to_owned()).await.map_err(policy::of_the_owner),
            Err(error) => Err(error),
        };
        written.map_err(|error| self.named(error, "put_policy"))
    }

    async fn delete_policy(&self) -> Result<()> {
        let removed = self.remove(aspect::POLICY).await.map_err(policy::of_the_owner);
        removed.map_err(|error| self.named(error, "delete_policy"))
    }

    async fn lifecycle(&self) -> Result<Lifecycle> {
        let read = self.read(aspect::LIFECYCLE, bucket_lifecycle::answer).await;
        read.map(Option::unwrap_or_default).map_err(|error| self.named(error, "lifecycle"))
    }

    async fn put_lifecycle(&self, lifecycle: &Lifecycle) -> Result<()> {
        match lifecycle.is_empty() {
            true => self.remove(aspect::LIFECYCLE).await,
            false => self.write(aspect::LIFECYCLE, bucket_lifecycle::document(lifecycle)).await,
        }
        .map_err(|error| self.named(error, "put_lifecycle"))
    }

    fn aborts_uploads_by_itself(&self) -> bool {
        self.store.client.traits.aborts_uploads_by_itself()
    }

    async fn cors(&self) -> Result<Vec<CorsRule>> {
        let read = match self.read(aspect::CORS, bucket_cors::answer).await {
            Ok(None) if self.store.client.traits.lacks_cors() => Err(Error::unsupported(
                "MinIO has no CORS of a bucket, but one rule for all",
            )
            .with_hint("it lets in all origins, or those of its variable `MINIO_API_CORS_ALLOW_ORIGIN`")),
            read => read.map(Option::unwrap_or_default),
        };
        read.map_err(|error| self.named(error, "cors"))
    }

    async fn put_cors(&self, rules: &[CorsRule]) -> Result<()> {
        match rules {
            [] => self.remove(aspect::CORS).await,
            rules => self.write(aspect::CORS, bucket_cors::document(rules)).await,
        }
        .map_err(|error| self.named(error, "put_cors"))
    }

    async fn versioning(&self) -> Result<Versioning> {
        let read = self.read(aspect::VERSIONING, bucket_versioning::answer).await;
        read.map(Option::unwrap_or_default).map_err(|error| self.named(error, "versioning"))
    }

    async fn put_versioning(&self, versioning: Versioning) -> Result<()> {
        let document = bucket_versioning::document(versioning);
        let written = match document {
            Ok(document) => self.write(aspect::VERSIONING, document).await,
            Err(error) => Err(error),
        };
        written.map_err(|error| self.named(error, "put_versioning"))
    }

    async fn tags(&self) -> Result<BTreeMap<String, String>> {
        let read = self.read(aspect::TAGGING, bucket_tagging::answer).await;
        read.map(Option::unwrap_or_default).map_err(|error| self.named(error, "bucket_tags"))
    }

    async fn put_tags(&self, tags: &BTreeMap<String, String>) -> Result<()> {
        match tags.is_empty() {
            true => self.remove(aspect::TAGGING).await,
            false => self.write(aspect::TAGGING, bucket_tagging::document(tags)).await,
        }
        .map_err(|error| self.named(error, "put_bucket_tags"))
    }

    async fn encryption(&self) -> Result<Option<DefaultEncryption>> {
        let read = self.read(aspect::ENCRYPTION, bucket_encryption::answer).await;
        read.map(Option::flatten).map_err(|error| self.named(error, "encryption"))
    }

    async fn put_encryption(&self, encryption: Option<&DefaultEncryption>) -> Result<()> {
        match encryption {
            None => self.remove(aspect::ENCRYPTION).await,
            Some(encryption) => self.write(aspect::ENCRYPTION, bucket_encryption::document(encryption)).await,
        }
        .map_err(|error| self.named(error, "put_encryption"))
    }

    fn unfinished_uploads(&self, prefix: &str) -> Result<UploadStream> {
        let pages = Pages { store: Arc::clone(&self.store), prefix: prefix.to_owned(), next: Next::First };
        let pages = stream::try_unfold(pages, Pages::read);
        let name = self.store.client.bucket.clone();
        let uploads = pages
            .map_err(move |error| error.with_operation("unfinished_uploads").with_store(name.as_str()))
            .map_ok(|page| stream::iter(page).map(Ok))
            .try_flatten();
        Ok(Box::pin(uploads))
    }

    async fn abort_upload(&self, upload: &UnfinishedUpload) -> Result<()> {
        let aborted = match ObjectKey::new(upload.key.as_str()) {
            Ok(key) => {
                self.store.client.call(&abort_multipart_upload::request(&key, &upload.id)).await.map(drop)
            }
            Err(invalid) => Err(invalid.into()),
        };
        match aborted {
            Err(error) if error.code() == Some("NoSuchUpload") => Ok(()),
            aborted => {
                aborted.map_err(|error| self.named(error, "abort_upload").with_key(upload.key.as_str()))
            }
        }
    }

    async fn retention(&self, key: &ObjectKey) -> Result<Option<Retention>> {
        let read = self.store.retention(key).await;
        read.map_err(|error| self.named(error, "retention").with_key(key.as_str()))
    }

    async fn put_retention(&self, key: &ObjectKey, retention: &Retention) -> Result<()> {
        let written = self.store.put_retention(key, retention).await;
        written.map_err(|error| self.named(error, "put_retention").with_key(key.as_str()))
    }

    async fn legal_hold(&self, key: &ObjectKey) -> Result<bool> {
        let read = self.store.legal_hold(key).await;
        read.map_err(|error| self.named(error, "legal_hold").with_key(key.as_str()))
    }

    async fn put_legal_hold(&self, key: &ObjectKey, is_held: bool) -> Result<()> {
        let written = self.store.put_legal_hold(key, is_held).await;
        written.map_err(|error| self.named(error, "put_legal_hold").with_key(key.as_str()))
    }
}

impl MinioStorage {
    /// `None` if the server says that the bucket has none.
    async fn read<T>(&self, aspect: Aspect, answer: impl Fn(&Answer) -> Result<T>) -> Result<Option<T>> {
        match self.store.read_whole(&aspect.read()).await {
            Ok(found) => answer(&found).map(Some),
            Err(error) if is_absent(&error, aspect) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn write(&self, aspect: Aspect, document: String) -> Result<()> {
        self.store.client.call(&aspect.write(document)?).await.map(drop)
    }

    async fn remove(&self, aspect: Aspect) -> Result<()> {
        match self.store.client.call(&aspect.remove()).await {
            Err(error) if is_absent(&error, aspect) => Ok(()),
            removed => removed.map(drop),
        }
    }
}

/// By the code; some servers give a 404 another one.
fn is_absent(error: &Error, aspect: Aspect) -> bool {
    error.code() == Some(aspect.absent)
        || (error.http_status() == Some(404)
            && error.kind() != ErrorKind::BucketMissing
            && error.code().is_some())
}

impl Store {
    /// SeaweedFS deletes a bucket with all that is in it, so that it has to be asked first.
    async fn delete_bucket(&self) -> Result<()> {
        let query = Query { max_keys: Some("1"), ..Query::default() };
        let page = list_objects_v2::answer(&self.client.call(&list_objects_v2::request(query)).await?)?;
        if !page.objects.is_empty() {
            return Err(Error::new(ErrorKind::PreconditionFailed, "there are objects in the bucket")
                .with_hint("delete them first"));
        }
        self.client.call(&delete_bucket::request()).await.map(drop)
    }

    async fn read_whole(&self, request: &Request) -> Result<Answer> {
        self.client.exchange(request, Reading::Document(LIST_ANSWER)).await.result
    }
}

/// A listing of unfinished uploads as it goes on.
struct Pages {
    store: Arc<Store>,
    prefix: String,
    next: Next,
}

enum Next {
    First,
    After(Markers),
    End,
}

impl Pages {
    async fn read(mut self) -> Result<Option<(Vec<UnfinishedUpload>, Self)>> {
        let after = match &self.next {
            Next::First => None,
            Next::After(markers) => Some(markers),
            Next::End => return Ok(None),
        };
        let request = list_multipart_uploads::request(&self.prefix, after);
        let answer = self.store.read_whole(&request).await?;
        let (uploads, markers) = list_multipart_uploads::answer(&answer)?;
        if uploads.is_empty() && is_minio(&answer.headers) {
            return Err(Error::unsupported(
                "MinIO names the unfinished uploads of one whole key only, and no others",
            )
            .with_hint("it aborts them by itself after a day (`stale_uploads_expiry`); else ask for a key"));
        }
        let next = match markers {
            Some(markers) if after == Some(&markers) => {
                return Err(garbled("the listing would go on at the same place for ever"));
            }
            Some(markers) => Next::After(markers),
            None => Next::End,
        };
        self.next = next;
        Ok(Some((uploads, self)))
    }
}
