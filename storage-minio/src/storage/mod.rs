//! The store: what [`Storage`] asks for, in terms of S3's actions.

mod admin;
mod aside;
mod bucket;
mod bulk;
mod checksum;
mod conditions;
mod copy;
mod delete;
mod get;
mod ignored;
mod knowledge;
mod list;
mod lost_answer;
mod minio_place;
mod object_lock;
mod part_source;
mod parts;
mod policy;
mod probe;
mod progress;
mod put;
mod put_parts;
mod resuming;
mod stat;
mod upload;
mod urls;
mod verified;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use storage_core::admin::BucketAdmin;
use storage_core::backend::copy_by_stream;
use storage_core::bulk::BulkPut;
use storage_core::capability::{Ability, Capabilities};
use storage_core::health::Health;
use storage_core::key::RawKey;
use storage_core::list::{LevelStream, ListOptions, ListStream};
use storage_core::outcome::{Deletion, GetOutcome, PutOutcome};
use storage_core::url::{UploadSigner, UrlSigner};
use storage_core::{
    Body, CopyOptions, CopySource, Error, ErrorKind, GetOptions, ObjectKey, ObjectMeta, PutOptions, Result,
    Storage,
};

use crate::builder::MinioStorageBuilder;
use crate::client::Client;
use crate::url_signer::S3UrlSigner;
pub(crate) use bucket::needs_explanation;
pub(crate) use bulk::Extraction;
pub(crate) use conditions::{Conditions, Way};
pub(crate) use knowledge::Knowledge;
pub(crate) use parts::{MAX_PART, MIN_PART};
use urls::Urls;

/// One bucket on MinIO or any other S3 server.
///
/// ```
/// use std::sync::Arc;
/// use storage_core::{Bucket, Storage};
/// use storage_minio::MinioStorage;
///
/// # fn main() -> storage_core::Result<()> {
/// let storage: Arc<dyn Storage> = Arc::new(
///     MinioStorage::builder()
///         .endpoint("https://minio.example.org")
///         .credentials("access-key", "secret-key")
///         .bucket("photos")
///         .build()?,
/// );
/// let photos = Bucket::new(storage);
/// # Ok(()) }
/// ```
///
/// Building it needs no network. It holds a pool of connections: build one and share it.
///
/// What servers cannot do is found out when they say so, as an [`Unsupported`](storage_core::ErrorKind::Unsupported) error. Whether they
/// honour conditions on writes, which some take and ignore, or check but not atomically, is found out before the first write that needs it, for
/// each kind of write by itself: see [`ConditionalWrites`](crate::ConditionalWrites). It takes no request at a server that is known by its headers
/// and has answered anything before, one if it has not, and a race of eight at others; an object below `.probe/` that could not be deleted again
/// may be deleted by anybody. What is known is forgotten when answers come from a server that calls itself otherwise. Two
/// more things are found out that are ignored without a word: tags (asked for before the first are sent, one request) and encryption (the
/// first object that was to be encrypted is looked at, one request, and deleted if it is not). What else servers do without a word can be told
/// by [`MinioStorageBuilder::without_ability`]. Signing a URL or a form asks nobody: what is demanded of an upload is refused if the server is
/// known to ignore it, and signed if nothing is known ([`probe`](Storage::probe) once finds out about conditions). Known of those that it is tested on (`docs/servers.md` in the repository has each case):
///
/// - All: an upload in parts whose beginning was repeated, because its answer was lost, may leave an empty upload behind, and a process that
///   is killed (`kill -9`, loss of power) leaves what it had sent. No reader or listing sees either, but they take room. A lifecycle rule
///   of the bucket (`AbortIncompleteMultipartUpload`) clears them away; MinIO does so by itself after a day (`stale_uploads_expiry`).
/// - All: that an object is missing is believed of an S3 server only. A 404 to a HEAD, which has no document, has to carry a request id or the
///   type of S3's error document; one that does not, such as that of a proxy with no server behind it, costs a GET that tells.
/// - MinIO of 2026-02: a listing leaves out what lies below an object's own key: of `f` beside `f/g` it has `f` only.
/// - MinIO of several nodes: without a write quorum a write is not refused but left waiting, so that it ends as a
///   [`Timeout`](storage_core::ErrorKind::Timeout). While two of four nodes are away, and for some seconds after their return, it may answer
///   404 for a large object that is there, which nobody can tell from one that is not. A writer gets no turn while others read the same
///   object without a break.
/// - SeaweedFS 4.48: a write into a bucket that does not exist creates it. Where that matters, ask
///   [`bucket_exists`](Self::bucket_exists) first; a save asks nothing, since it takes one request.
/// - SeaweedFS: completing an upload in parts under a condition is not atomic, though a conditional copy is. A large object that must not
///   overwrite is therefore stored below [`STAGED`](storage_core::key::STAGED) there and copied to its place: two requests more, and nothing is lost. It is
///   known by its `Server` header, and behind a proxy that drops it by the form of its ids of uploads. Others that are found to do so are
///   treated alike; where no copy can be relied on either, a large create is `Unsupported`, and a `Bucket` gives large objects a random suffix.
///   Replacing a large object under a condition (`if_match`) is `Unsupported` there.
/// - SeaweedFS: `application/octet-stream` is dropped, and another type guessed from the content when it is served. A key that ends with
///   `\` loses its content, and one that holds `\` cannot be copied. A long listing goes by folders, `a/b` before `a-b`; only within
///   1,000 keys it is in the order of bytes.
/// - VersityGW 1.8 on a folder: nothing can be stored below a key that has an object, nor the other way round. A storage class is
///   ignored. Known by its `Server` header, it is asked once more whether an object is missing, since its bare 404 may mean an unknown
///   access key; and a copy onto itself goes by parts, which would otherwise keep the attributes that it does not replace.
/// - VersityGW: a form to any name below a prefix is refused once an answer has told what the server is: it does not put the file's name into
///   the key, and a key with `..` in it would leave the prefix. Forms to an exact key are safe.
/// - Garage 2.5, MinIO before 2024-05, SeaweedFS before 3.97, VersityGW before 1.0.18: `If-None-Match` is ignored, so that all who race for a
///   name "succeed". It is found out; a `Bucket` then gives every name a random suffix, and creating, replacing and copying on a condition are
///   `Unsupported`.
/// - Garage 2.5: a storage class is ignored; there are no tags; with LMDB, its default, a key has at most 479 bytes. A copy onto what was
///   written or deleted in the same millisecond is lost, though it is acknowledged: the copy takes the time of the clock, and the later one stays.
pub struct MinioStorage {
    store: Arc<Store>,
    urls: Urls,
}

/// What the operations work with, and their streams keep alive.
pub(crate) struct Store {
    pub(crate) client: Client,
    /// But for what depends on conditions on writes.
    pub(crate) capabilities: Capabilities,
    pub(crate) conditions: Knowledge,
    pub(crate) extraction: Extraction,
    /// The size of a part, in bytes, as long as an object has not too many of them.
    pub(crate) part_size: u64,
    pub(crate) create_bucket_on_save: bool,
    /// Whether whole objects are compared with the MD5 that their `ETag` is.
    pub(crate) verifies_reads: bool,
}

impl MinioStorage {
    /// Begins to describe a store.
    pub fn builder() -> MinioStorageBuilder {
        MinioStorageBuilder::new()
    }

    pub(crate) fn new(store: Store, url_signer: S3UrlSigner) -> Self {
        let store = Arc::new(store);
        Self { urls: Urls::new(Arc::clone(&store), url_signer), store }
    }

    /// Creates the bucket. It is fine if these credentials own it already.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](storage_core::ErrorKind::AlreadyExists) if it is somebody else's; what else kept the server from creating it.
    pub async fn create_bucket(&self) -> Result<()> {
        self.store.create_bucket().await.map(drop).map_err(|error| self.named(error, "create_bucket"))
    }

    /// Whether the bucket exists.
    ///
    /// # Errors
    ///
    /// Anything but "there is none": a refusal and a dead server are errors, never `false`.
    pub async fn bucket_exists(&self) -> Result<bool> {
        self.store.bucket_exists().await.map_err(|error| self.named(error, "bucket_exists"))
    }

    /// Asks the [`CredentialProvider`](crate::CredentialProvider) for credentials, unless those at hand are fresh. Requests do this by
    /// themselves; an application that only makes URLs, which asks nobody, calls it at its start and every few minutes.
    ///
    /// # Errors
    ///
    /// What the provider says.
    pub async fn refresh_credentials(&self) -> Result<()> {
        let refreshed = self.store.client.credentials.fresh().await;
        refreshed.map(drop).map_err(|error| self.named(error, "refresh_credentials"))
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    fn named(&self, error: Error, operation: &'static str) -> Error {
        error.with_operation(operation).with_store(self.name())
    }
}

#[async_trait]
impl Storage for MinioStorage {
    fn name(&self) -> &str {
        self.store.client.bucket.as_str()
    }

    fn capabilities(&self) -> Capabilities {
        self.store.known_capabilities()
    }

    async fn probe(&self) -> Result<Capabilities> {
        self.store.probed_capabilities().await.map_err(|error| self.named(error, "probe"))
    }

    async fn probe_for(&self, size: Option<u64>) -> Result<Capabilities> {
        self.store.probed_capabilities_for(size).await.map_err(|error| self.named(error, "probe"))
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        self.store
            .put(key, body, options)
            .await
            .map_err(|error| self.named(self.store.explain_refused_key(error, key), "put").with_key(key))
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        self.store.get(key, options).await.map_err(|error| self.named(error, "get").with_key(key))
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        self.store.stat(key).await.map_err(|error| self.named(error, "stat").with_key(key))
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        self.store.tags(key).await.map_err(|error| self.named(error, "tags").with_key(key))
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        self.store.delete(key.as_str()).await.map_err(|error| self.named(error, "delete").with_key(key))
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        match self.store.delete_many(keys).await {
            Ok(failed) => Ok(Deletion::new(
                failed
                    .into_iter()
                    .map(|(key, e)| (key.clone(), self.named(e, "delete_many").with_key(key)))
                    .collect(),
            )),
            Err(error) => Err(self.named(error, "delete_many")),
        }
    }

    fn list(&self, options: ListOptions) -> ListStream {
        list::flat(Arc::clone(&self.store), options)
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        list::level(Arc::clone(&self.store), options)
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.store.copy(&self.store.origin(from), to, options).await.map_err(|error| {
            let is_source = concerns_source(&error);
            self.named(self.store.explain_refused_key(error, to), "copy").with_key(if is_source {
                from
            } else {
                to
            })
        })
    }

    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        let origin = match source.copy_source(from) {
            Some(found) => self.store.origin_of(found)?,
            None => None,
        };
        let Some(origin) = origin else {
            return copy_by_stream(self, source, from, to, options).await;
        };
        self.store.copy(&origin, to, options).await.map_err(|error| match concerns_source(&error) {
            true => error.with_operation("copy_from").with_store(source.name()).with_key(from),
            false => self.named(self.store.explain_refused_key(error, to), "copy_from").with_key(to),
        })
    }

    fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
        Some(CopySource::new(self.store.place()?, self.name(), key.clone()))
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        Some(self.urls.signer())
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        Some(&self.urls)
    }

    fn bulk_put(&self) -> Option<&dyn BulkPut> {
        Some(self)
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        Some(self)
    }

    fn health(&self) -> Option<&dyn Health> {
        Some(self)
    }
}

/// The source of a copy is what is missing or has changed; all else concerns the target.
fn concerns_source(error: &Error) -> bool {
    error.is_not_found() || error.kind() == ErrorKind::PreconditionFailed
}

impl Store {
    /// # Errors
    ///
    /// `Unsupported` if the server is said to lack the ability.
    pub(crate) fn require(&self, ability: Ability) -> Result<()> {
        match self.capabilities.has(ability) {
            true => Ok(()),
            false => Err(Error::unsupported(format!("this server cannot {}", ability.describe()))),
        }
    }

    /// What a server refuses that keeps objects in files, and so cannot name them as it likes, is not the caller's fault.
    fn explain_refused_key(&self, error: Error, key: &ObjectKey) -> Error {
        const LONGEST_FILE_NAME: usize = 255;
        let is_refused = error.kind() == ErrorKind::InvalidInput && error.http_status().is_some();
        let is_long = key.segments().any(|segment| segment.len() > LONGEST_FILE_NAME);
        match is_refused && is_long && !self.capabilities.has(Ability::LongSegments) {
            true => Error::unsupported("this server cannot store a segment of more than 255 bytes")
                .with_source(error),
            false => error,
        }
    }
}

impl fmt::Debug for MinioStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MinioStorage")
            .field("client", &self.store.client)
            .field("capabilities", &self.store.known_capabilities())
            .field("part_size", &self.store.part_size)
            .finish_non_exhaustive()
    }
}
