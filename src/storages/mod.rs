//! The storages that settings name, ready to use.

mod embedded;
pub(crate) mod group;
mod health;
#[cfg(feature = "minio")]
mod minio;
#[cfg(feature = "object-store")]
mod object_store;
#[cfg(feature = "static")]
mod statics;
mod unknown_name;

use std::collections::BTreeMap;
use std::sync::Arc;

use storage_core::{Bucket, ErrorKind, Result};

use crate::settings::{Note, Settings};
use group::Group;
pub use health::BucketHealth;
#[cfg(feature = "static")]
pub use statics::{SignedStatics, StaticFiles};
pub use unknown_name::UnknownName;

/// What nobody stores, asked for to see whether anybody answers.
const PROBED: &str = ".storage-suite/connect";

/// The alias of the storage that is used unless another is asked for.
pub const DEFAULT_ALIAS: &str = "default";

/// All storages of an application, by alias, each with its buckets. A clone costs a counter.
///
/// ```
/// use storage_suite::{Settings, Storages};
///
/// # async fn example() -> Result<(), storage_suite::Error> {
/// let storages = Storages::new(Settings::load()?)?;
/// let saved = storages.media().save("cats/tom.jpg", "content").await?;
/// storages.bucket("thumbnails")?.save("cats/tom.jpg", "smaller").await?;
/// storages.storage("archive")?.save("2026/tom.jpg", "kept").await?;
/// println!("{} {}", saved.key, storages.media().url(&saved.key)?);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Storages {
    groups: Arc<BTreeMap<String, Group>>,
    media: Bucket,
}

impl Storages {
    /// Sets all storages up, without any network call. What the settings [note](Settings::notes) is logged, as warnings of `tracing`.
    ///
    /// # Errors
    ///
    /// What keeps a store from being set up: a folder that cannot be made, a bundle of certificates that is none.
    pub fn new(settings: Settings) -> Result<Self> {
        for note in settings.notes() {
            log(note);
        }
        let default = Group::new(settings.default_storage())?;
        let media = default.media().clone();
        let mut groups = BTreeMap::from([(DEFAULT_ALIAS.to_owned(), default)]);
        for (alias, storage) in settings.named_storages() {
            groups.insert(alias.clone(), Group::new(storage)?);
        }
        Ok(Self { groups: Arc::new(groups), media })
    }

    /// As [`new`](Self::new), and asks each storage for one object's metadata, so that a dead server or wrong credentials are found at the
    /// start. A missing bucket is no error. Storages whose settings say `consistency_check_on_start` are initialised instead.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); else what kept a store from answering: [`Unavailable`](ErrorKind::Unavailable),
    /// [`Unauthenticated`](ErrorKind::Unauthenticated) and the like; the first bucket that could not be made what it should be.
    pub async fn connect(settings: Settings) -> Result<Self> {
        let storages = Self::new(settings)?;
        #[cfg(feature = "policy")]
        crate::provisioning::on_connect(&storages).await?;
        for group in storages.groups.values() {
            #[cfg(feature = "policy")]
            if group.initializes_on_connect() {
                continue;
            }
            match group.media().exists(PROBED).await {
                Ok(_) => {}
                Err(error) if is_an_answer(error.kind()) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(storages)
    }

    /// Adds a store of any kind under an alias, or replaces the one there; [`DEFAULT_ALIAS`] replaces what [`media`](Self::media) gives.
    ///
    /// ```
    /// # #[cfg(feature = "local")] {
    /// use std::sync::Arc;
    /// use storage_suite::{Bucket, MemoryStorage, Settings, Storages};
    ///
    /// # fn example(storages: Storages) -> Result<(), Box<dyn std::error::Error>> {
    /// let storages = storages.with_storage("scratch", Bucket::new(Arc::new(MemoryStorage::new())));
    /// let scratch = storages.storage("scratch")?;
    /// # Ok(()) }
    /// # }
    /// ```
    pub fn with_storage(mut self, alias: impl Into<String>, bucket: Bucket) -> Self {
        let alias = alias.into();
        if alias == DEFAULT_ALIAS {
            self.media = bucket.clone();
        }
        Arc::make_mut(&mut self.groups).insert(alias, Group::of(bucket));
        self
    }

    /// Where uploads go: the media bucket of the default storage.
    pub fn media(&self) -> &Bucket {
        &self.media
    }

    /// A bucket of the default storage.
    ///
    /// # Errors
    ///
    /// [`UnknownName`] if the settings do not name it; it lists those that they do.
    pub fn bucket(&self, name: &str) -> Result<&Bucket, UnknownName> {
        self.bucket_of(DEFAULT_ALIAS, name)
    }

    /// The media bucket of a named storage.
    ///
    /// # Errors
    ///
    /// [`UnknownName`] if there is no such alias; it lists those that there are.
    pub fn storage(&self, alias: &str) -> Result<&Bucket, UnknownName> {
        Ok(self.group(alias)?.media())
    }

    /// A bucket of a named storage.
    ///
    /// # Errors
    ///
    /// [`UnknownName`] if there is no such alias, or no such bucket in it.
    pub fn bucket_of(&self, alias: &str, name: &str) -> Result<&Bucket, UnknownName> {
        let group = self.group(alias)?;
        group.bucket(name).ok_or_else(|| UnknownName::bucket(name, group.names()))
    }

    /// The aliases, in order.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.groups.keys().map(String::as_str)
    }

    /// Every bucket of every storage.
    pub fn buckets(&self) -> impl Iterator<Item = &Bucket> {
        self.groups.values().flat_map(Group::buckets)
    }

    /// Every bucket of a named storage.
    ///
    /// # Errors
    ///
    /// [`UnknownName`] if there is no such alias; it lists those that there are.
    pub fn buckets_of(&self, alias: &str) -> Result<impl Iterator<Item = &Bucket>, UnknownName> {
        Ok(self.group(alias)?.buckets())
    }

    #[cfg(feature = "policy")]
    pub(crate) fn groups(&self) -> &BTreeMap<String, Group> {
        &self.groups
    }

    fn group(&self, alias: &str) -> Result<&Group, UnknownName> {
        self.groups.get(alias).ok_or_else(|| UnknownName::storage(alias, self.aliases()))
    }
}

fn log(note: &Note) {
    tracing::warn!("{note}");
}

/// Whether an error of this kind came from a server that is up and knows the credentials.
fn is_an_answer(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::BucketMissing | ErrorKind::PermissionDenied)
}
