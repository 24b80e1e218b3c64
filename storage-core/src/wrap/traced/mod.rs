mod bulk;
#[cfg(feature = "metrics")]
mod figures;
mod operation;
#[cfg(feature = "tracing")]
mod span;
mod streams;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use self::operation::{Ending, Facts, Operation, Subject};
use self::streams::Watched;
use crate::admin::BucketAdmin;
use crate::bulk::BulkPut;
use crate::capability::Capabilities;
use crate::health::Health;
use crate::key::RawKey;
use crate::list::{LevelStream, ListOptions, ListStream};
use crate::outcome::{Deletion, GetOutcome, PutOutcome};
use crate::url::{UploadSigner, UrlSigner, UrlVerifier};
use crate::{
    Body, CopyOptions, CopySource, GetOptions, Object, ObjectKey, ObjectMeta, PutOptions, Result, Storage,
};

/// A store whose operations are seen: a span for each with the feature `tracing`, counters and histograms with the feature `metrics`.
///
/// An operation that gives a stream lasts until the stream has ended, failed or been dropped. Making URLs asks nobody, and is not
/// seen. No secret is shown, no option and no content, and no error's text, which names the key; keys are shown in
/// spans only, and can be [hidden](Self::hide_keys).
///
/// # Spans
///
/// Of the level `INFO`, named `storage.` and the method of [`Storage`]: `storage.put`. Their fields follow OpenTelemetry
/// ([general](https://opentelemetry.io/docs/specs/semconv/general/recording-errors/),
/// [object stores](https://opentelemetry.io/docs/specs/semconv/object-stores/)) where that has a name:
///
/// | field | what |
/// |---|---|
/// | `otel.kind` | `client` |
/// | `otel.status_code` | `ERROR` if the store failed; "not found", "already exists" and failed conditions are answers |
/// | `storage.operation`, `storage.name` | the method, the store's name |
/// | `storage.key`, `storage.target_key`, `storage.prefix` | the key; of a copy and a rename the new one; of a listing the prefix |
/// | `storage.size` | size of the object, in bytes |
/// | `storage.sent`, `storage.received` | bytes stored by a put, bytes that came of an object |
/// | `storage.items` | items listed, keys of a `delete_many` |
/// | `storage.outcome` | `ok`, `dropped`, or the [kind](crate::ErrorKind::as_str) of the error |
/// | `error.type`, `http.response.status_code`, `aws.request_id` | of an error: its kind, and what the server said |
///
/// # Metrics
///
/// | name | labels | what |
/// |---|---|---|
/// | `storage_operations_total` | `operation`, `store`, `outcome` | operations that are over |
/// | `storage_operation_duration_seconds` | `operation`, `store`, `outcome` | histogram: to the end, that of streams included |
/// | `storage_answer_duration_seconds` | `operation`, `store` | histogram: to the first byte of a `get`, however slowly it is read then |
/// | `storage_sent_bytes_total`, `storage_received_bytes_total` | `store` | content that was stored, content that came |
/// | `storage_items_total` | `operation`, `store` | items listed, keys of `delete_many` |
///
/// ```
/// use storage_core::{Bucket, wrap::Traced};
///
/// # fn example(photos: Bucket, patients: Bucket) {
/// let photos = photos.wrapped(Traced::new);
/// let patients = patients.wrapped(|storage| Traced::new(storage).hide_keys());
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Traced {
    inner: Arc<dyn Storage>,
    name: Arc<str>,
    hides_keys: bool,
}

impl Traced {
    /// `inner`, whose operations are seen.
    pub fn new(inner: Arc<dyn Storage>) -> Self {
        let name = inner.name().into();
        Self { inner, name, hides_keys: false }
    }

    /// Shows no keys and no prefixes, which may name people.
    pub fn hide_keys(mut self) -> Self {
        self.hides_keys = true;
        self
    }

    fn start(&self, operation: &'static str, subject: Subject<'_>) -> Operation {
        let subject = if self.hides_keys { Subject::default() } else { subject };
        Operation::start(operation, &self.name, subject)
    }

    fn start_on(&self, operation: &'static str, key: &ObjectKey) -> Operation {
        self.start(operation, Subject { key: Some(key.as_str()), ..Subject::default() })
    }

    fn start_to(&self, operation: &'static str, from: &ObjectKey, to: &ObjectKey) -> Operation {
        let (key, target) = (Some(from.as_str()), Some(to.as_str()));
        self.start(operation, Subject { key, target, ..Subject::default() })
    }

    fn start_below(&self, operation: &'static str, options: &ListOptions) -> Operation {
        self.start(operation, Subject { prefix: Some(&options.prefix), ..Subject::default() })
    }
}

fn no_note<T>(_: &mut Facts, _: &T) {}

fn note_stored(facts: &mut Facts, stored: &PutOutcome) {
    facts.size = Some(stored.size);
}

fn note_chunk(facts: &mut Facts, chunk: &Bytes) {
    *facts.received.get_or_insert(0) += chunk.len() as u64;
}

fn note_item<T>(facts: &mut Facts, _: &T) {
    *facts.items.get_or_insert(0) += 1;
}

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method would not be seen")]
impl Storage for Traced {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn probe(&self) -> Result<Capabilities> {
        self.start("probe", Subject::default()).call(self.inner.probe(), no_note).await
    }

    async fn probe_for(&self, size: Option<u64>) -> Result<Capabilities> {
        self.start("probe", Subject::default()).call(self.inner.probe_for(size), no_note).await
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        let operation = self.start_on("put", key);
        let note = |facts: &mut Facts, stored: &PutOutcome| {
            (facts.size, facts.sent) = (Some(stored.size), Some(stored.size));
        };
        operation.call(self.inner.put(key, body, options), note).await
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        let mut operation = self.start_on("get", key);
        match operation.wait(self.inner.get(key, options)).await {
            Ok(GetOutcome::Object(object)) => {
                operation.answered();
                let (meta, range, stream) = object.into_parts();
                operation.facts.size = Some(meta.size);
                operation.facts.expected = Some(range.end.saturating_sub(range.start));
                let stream = Watched::new(stream, operation, note_chunk);
                Ok(Object::new(meta, range, Box::pin(stream)).into())
            }
            Ok(unmodified @ GetOutcome::NotModified { .. }) => {
                operation.end(Ending::Done);
                Ok(unmodified)
            }
            Err(error) => {
                operation.end(Ending::Failed(&error));
                Err(error)
            }
        }
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        let note = |facts: &mut Facts, meta: &ObjectMeta| facts.size = Some(meta.size);
        self.start_on("stat", key).call(self.inner.stat(key), note).await
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        self.start_on("tags", key).call(self.inner.tags(key), no_note).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        self.start_on("delete", key).call(self.inner.delete(key), no_note).await
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        let mut operation = self.start("delete_many", Subject::default());
        operation.facts.items = Some(keys.len() as u64);
        operation.call(self.inner.delete_many(keys), no_note).await
    }

    fn list(&self, options: ListOptions) -> ListStream {
        let operation = self.start_below("list", &options);
        let items = operation.within(|| self.inner.list(options));
        Box::pin(Watched::new(items, operation, note_item))
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        let operation = self.start_below("list_level", &options);
        let items = operation.within(|| self.inner.list_level(options));
        Box::pin(Watched::new(items, operation, note_item))
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.start_to("copy", from, to).call(self.inner.copy(from, to, options), note_stored).await
    }

    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        let copied = self.inner.copy_from(source, from, to, options);
        self.start_to("copy_from", from, to).call(copied, note_stored).await
    }

    fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
        self.inner.copy_source(key)
    }

    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.start_to("rename", from, to).call(self.inner.rename(from, to, options), note_stored).await
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        self.inner.url_signer()
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        self.inner.upload_signer()
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        self.inner.url_verifier()
    }

    fn bulk_put(&self) -> Option<&dyn BulkPut> {
        self.inner.bulk_put().map(|_| self as &dyn BulkPut)
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        self.inner.bucket_admin()
    }

    fn health(&self) -> Option<&dyn Health> {
        self.inner.health()
    }
}
