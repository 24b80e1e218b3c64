mod copying;
mod failure;
mod fallback;
mod following;
mod repair;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

pub use self::failure::MirrorFailure;
use self::failure::OnFailure;
use self::following::Follower;
pub use self::repair::{Difference, RepairOptions, RepairReport};
use crate::admin::BucketAdmin;
use crate::backend::copy_by_stream;
use crate::capability::{Ability, Capabilities};
use crate::health::Health;
use crate::key::RawKey;
use crate::list::{LevelStream, ListOptions, ListStream};
use crate::options::{PutMode, ServerSideEncryption};
use crate::outcome::{Deletion, GetOutcome, PutOutcome};
use crate::url::{UploadSigner, UrlSigner, UrlVerifier};
use crate::{
    Body, CopyOptions, CopySource, Error, GetOptions, ObjectKey, ObjectMeta, PutOptions, Result, Storage,
};

/// A store whose changes are made in a second one too.
///
/// The first store decides: names, conditions, ETags and URLs are its own. What it has taken is then written to the second, whatever
/// is there, with content type, headers, user metadata, tags and all other options; deletions, copies and renames follow in the same way.
/// An option that one of the two cannot honour is refused before anything is written: [`capabilities`](Storage::capabilities) are those of
/// both.
///
/// # What is true when
///
/// - *The first refuses or fails*: the second is not touched.
/// - *The second fails*: the first has the change, the second does not. By default the call fails then, with the second's error
///   as source; nothing is taken back. With [`report_failures`](Self::report_failures) it succeeds, and the application is told.
/// - *The call is dropped*: before the first is done, it is as if the first alone had been asked. After that the second is written to the end,
///   in a task of the tokio runtime that the call is in; a failure is reported only, as nobody waits for it. If the process dies, or a first
///   store finishes what was dropped, the second lacks the change.
/// - *Several write one key at once*: each writes both stores, and the second may end with what is not the last in the first.
///
/// [`repair`](Self::repair) mends all of these.
///
/// # Bodies
///
/// Bytes and files are read twice. A stream of up to 1 MiB is held in memory; a longer one is written to the first store and read
/// back from there, if it still is the same version then: whoever has replaced it meanwhile mirrors it too.
///
/// # Reading
///
/// Reads and listings go to the first. With [`read_second_when_unavailable`](Self::read_second_when_unavailable) the second is asked if
/// the first is unreachable.
///
/// What others upload directly would reach the first store alone, so that no uploads are signed, unless
/// [told](Self::sign_uploads_for_acceptance) that they are accepted later, by a copy, which is mirrored.
///
/// ```
/// use std::sync::Arc;
/// use storage_core::{Bucket, Storage, wrap::Mirrored};
///
/// # fn example(photos: Bucket, backup: Arc<dyn Storage>) {
/// let photos = photos.wrapped(|storage| {
///     Mirrored::new(storage, backup).report_failures(|failure| eprintln!("to be repaired: {failure}"))
/// });
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Mirrored {
    first: Arc<dyn Storage>,
    second: Arc<dyn Storage>,
    on_failure: OnFailure,
    falls_back: bool,
    signs_uploads: bool,
}

/// A stream of up to so many bytes is held in memory.
const READ_AHEAD_BYTES: u64 = 1024 * 1024;

impl Mirrored {
    /// `first`, mirrored to `second`.
    pub fn new(first: Arc<dyn Storage>, second: Arc<dyn Storage>) -> Self {
        Self { first, second, on_failure: OnFailure::Fail, falls_back: false, signs_uploads: false }
    }

    /// Lets a call succeed whose change the second store has not taken, and tells `report` about it, which must not block.
    pub fn report_failures(mut self, report: impl Fn(&MirrorFailure) + Send + Sync + 'static) -> Self {
        self.on_failure = OnFailure::Report(Arc::new(report));
        self
    }

    /// Reads from the second store if the first is unavailable or does not answer in time; never for what the first does not have. If the
    /// second cannot give it either, the error is the first's. Not for reads on the condition of an ETag (`if_match`), as each store has its
    /// own; nor for bytes and listings that have begun to come.
    pub fn read_second_when_unavailable(mut self) -> Self {
        self.falls_back = true;
        self
    }

    /// Signs uploads to the first store all the same. For an application that takes them by `Bucket::accept`: what it copies to
    /// its final name is mirrored.
    pub fn sign_uploads_for_acceptance(mut self) -> Self {
        self.signs_uploads = true;
        self
    }

    fn follower(&self) -> Follower {
        Follower {
            first: Arc::clone(&self.first),
            second: Arc::clone(&self.second),
            on_failure: self.on_failure.clone(),
        }
    }

    /// What only the first can honour must not reach it.
    fn check(&self, options: &PutOptions) -> Result<()> {
        let able = self.second.capabilities();
        let wanted = [
            (options.attributes != crate::attributes::Attributes::default(), Ability::Attributes),
            (!options.tags.is_empty(), Ability::Tags),
            (options.encryption.is_some(), Ability::ServerSideEncryption),
            (options.storage_class.is_some(), Ability::StorageClass),
            (options.checksum.is_some(), Ability::Checksums),
            (options.is_locking(), Ability::ObjectLock),
        ];
        match wanted.into_iter().find(|(is_wanted, ability)| *is_wanted && !able.has(*ability)) {
            None => Ok(()),
            Some((_, ability)) => Err(Error::unsupported(format!(
                "the mirror {} cannot {}",
                self.second.name(),
                ability.describe()
            ))),
        }
    }
}

/// What a copy in the second store is put with.
fn following(options: &PutOptions) -> PutOptions {
    PutOptions { mode: PutMode::Overwrite, progress: None, ..options.clone() }
}

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method would not be mirrored")]
impl Storage for Mirrored {
    fn name(&self) -> &str {
        self.first.name()
    }

    fn capabilities(&self) -> Capabilities {
        both(self.first.capabilities(), self.second.capabilities())
    }

    async fn probe(&self) -> Result<Capabilities> {
        Ok(both(self.first.probe().await?, self.second.capabilities()))
    }

    async fn probe_for(&self, size: Option<u64>) -> Result<Capabilities> {
        Ok(both(self.first.probe_for(size).await?, self.second.capabilities()))
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        let describe = |error: Error| match error.operation() {
            Some(_) => error,
            None => error.with_operation("put").with_key(key).with_store(self.name()),
        };
        options.validate().and_then(|()| self.check(&options)).map_err(describe)?;
        let body = body.prefetch(READ_AHEAD_BYTES).await.map_err(describe)?;
        let (again, next) = (body.try_clone(), following(&options));
        let stored = self.first.put(key, body, options).await?;
        self.follower().put(key.clone(), again, next, stored.clone()).await?;
        Ok(stored)
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        let again = (self.falls_back && options.if_match.is_none()).then(|| options.clone());
        match (self.first.get(key, options).await, again) {
            (Err(error), Some(options)) if fallback::is_away(&error) => {
                self.second.get(key, options).await.map_err(|_| error)
            }
            (answer, _) => answer,
        }
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        match self.first.stat(key).await {
            Err(error) if self.falls_back && fallback::is_away(&error) => {
                self.second.stat(key).await.map_err(|_| error)
            }
            answer => answer,
        }
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        match self.first.tags(key).await {
            Err(error) if self.falls_back && fallback::is_away(&error) => {
                self.second.tags(key).await.map_err(|_| error)
            }
            answer => answer,
        }
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        self.first.delete(key).await?;
        self.follower().delete(key.clone()).await
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        let mut deletion = self.first.delete_many(keys.clone()).await?;
        let failed: std::collections::BTreeSet<&str> =
            deletion.failed.iter().map(|(key, _)| key.as_str()).collect();
        let gone = keys.into_iter().filter(|key| !failed.contains(key.as_str())).collect();
        let also = self.follower().delete_many(gone).await?;
        deletion.failed.extend(also.failed);
        Ok(deletion)
    }

    fn list(&self, options: ListOptions) -> ListStream {
        if !self.falls_back {
            return self.first.list(options);
        }
        let (first, second) = (self.first.list(options.clone()), Arc::clone(&self.second));
        Box::pin(fallback::Either::new(first, move || second.list(options)))
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        if !self.falls_back {
            return self.first.list_level(options);
        }
        let (first, second) = (self.first.list_level(options.clone()), Arc::clone(&self.second));
        Box::pin(fallback::Either::new(first, move || second.list_level(options)))
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let attributes = options.attributes.clone();
        let stored = self.first.copy(from, to, options).await?;
        self.follower().copy(from.clone(), to.clone(), attributes, stored.clone()).await?;
        Ok(stored)
    }

    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        // What comes from elsewhere, the second store has no source for: both get it as any other content.
        copy_by_stream(self, source, from, to, options).await
    }

    fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
        self.first.copy_source(key)
    }

    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let attributes = options.attributes.clone();
        let stored = self.first.rename(from, to, options).await?;
        self.follower().rename(from.clone(), to.clone(), attributes, stored.clone()).await?;
        Ok(stored)
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        self.first.url_signer()
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        self.first.upload_signer().filter(|_| self.signs_uploads)
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        self.first.url_verifier()
    }

    fn bulk_put(&self) -> Option<&dyn crate::bulk::BulkPut> {
        None
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        self.first.bucket_admin()
    }

    fn health(&self) -> Option<&dyn Health> {
        self.first.health()
    }
}

/// Conditions and URLs are the first's; what is kept with an object, both have to keep.
fn both(first: Capabilities, second: Capabilities) -> Capabilities {
    const KEPT: [Ability; 7] = [
        Ability::Tags,
        Ability::ServerSideEncryption,
        Ability::StorageClass,
        Ability::Checksums,
        Ability::KeyBelowKey,
        Ability::LongSegments,
        Ability::Attributes,
    ];
    KEPT.into_iter().filter(|ability| !second.has(*ability)).fold(first, Capabilities::without)
}

/// The key that what was put has to be read with.
fn customer_key(options: &PutOptions) -> Option<crate::options::CustomerKey> {
    match &options.encryption {
        Some(ServerSideEncryption::Customer(key)) => Some(key.clone()),
        _ => None,
    }
}
