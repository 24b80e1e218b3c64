use std::fmt;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::list::PaginatedListStore;
use storage_core::capability::{Ability, Capabilities};
use storage_core::{Error, Result};

use crate::public_urls::PublicUrls;
use crate::storage::{Knowledge, Listing, ObjectStoreStorage, Store, Turns};
use crate::translate::etag_form::EtagForm;
use crate::{Backend, ConditionalWrites};

const MIB: u64 = 1024 * 1024;

/// The smallest part but the last, and the largest ([S3 user guide, "Multipart upload
/// limits"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html)).
const PART_SIZES: std::ops::RangeInclusive<u64> = 5 * MIB..=1024 * MIB;

/// Describes an [`ObjectStoreStorage`]. From [`ObjectStoreStorage::builder`].
#[derive(Clone)]
#[must_use = "it is no store before `build`"]
pub struct ObjectStoreStorageBuilder {
    objects: Arc<dyn ObjectStore>,
    pages: Option<Arc<dyn PaginatedListStore>>,
    backend: Backend,
    name: Option<String>,
    added: Capabilities,
    taken: Vec<Ability>,
    part_size: u64,
    held_limit: u64,
    public_base_url: Option<String>,
    completes_conditionally: bool,
    conditional_writes: ConditionalWrites,
    probe_folder: String,
}

impl ObjectStoreStorageBuilder {
    pub(crate) fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self {
            objects,
            pages: None,
            backend: Backend::Other,
            name: None,
            added: Capabilities::none(),
            taken: Vec::new(),
            part_size: 8 * MIB,
            held_limit: 64 * MIB,
            public_base_url: None,
            completes_conditionally: false,
            conditional_writes: ConditionalWrites::Auto,
            probe_folder: String::new(),
        }
    }

    pub(crate) fn pages(mut self, pages: Arc<dyn PaginatedListStore>) -> Self {
        self.pages = Some(pages);
        self
    }

    /// Uploads in parts are completed under a condition that the transport adds.
    #[cfg(feature = "aws")]
    pub(crate) fn completes_conditionally(mut self) -> Self {
        self.completes_conditionally = true;
        self
    }

    /// What the probe of conditions is written below; empty, or with `/` at its end.
    pub(crate) fn probe_folder(mut self, folder: String) -> Self {
        self.probe_folder = folder;
        self
    }

    /// Says what is behind the `ObjectStore`. Default: [`Backend::Other`], of which little is taken for granted.
    pub fn backend(mut self, backend: Backend) -> Self {
        self.backend = backend;
        self
    }

    /// What errors and logs call the store. Default: what the `ObjectStore` calls itself.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Claims what the backend's kind does not by itself. Only what the store honours atomically may be claimed: who wrongly claims
    /// [`Ability::CreateIfAbsent`] loses files.
    pub fn with_ability(mut self, ability: Ability) -> Self {
        self.added = self.added.with(ability);
        self
    }

    /// What an S3 server does with the conditions on writes. Without effect on other kinds of stores, whose protocol says it.
    pub fn conditional_writes(mut self, how: ConditionalWrites) -> Self {
        self.conditional_writes = how;
        self
    }

    /// Takes away what the backend's kind claims and this server cannot do.
    pub fn without_ability(mut self, ability: Ability) -> Self {
        self.taken.push(ability);
        self
    }

    /// Bodies of more bytes go in parts of this size, of which four are held in memory at a time; 5 MiB to 1 GiB. Default: 8 MiB. A body
    /// of unknown length may have 10,000 parts.
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.part_size = bytes;
        self
    }

    /// The largest body, in bytes, that is held in memory where a store takes it in one request only: a large create under a condition
    /// that goes with single requests, and any write to [`Backend::WebDav`]. What is larger is an
    /// [`Unsupported`](storage_core::ErrorKind::Unsupported) error. Default: 64 MiB.
    pub fn held_limit(mut self, bytes: u64) -> Self {
        self.held_limit = bytes;
        self
    }

    /// What the URLs of public objects begin with; the encoded key follows. Without it the store has no URLs: `object_store` signs by
    /// asking a server, which `url()` never does.
    pub fn public_base_url(mut self, url: impl Into<String>) -> Self {
        self.public_base_url = Some(url.into());
        self
    }

    /// Makes the store. No network.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](storage_core::ErrorKind::InvalidInput) for a part size or a URL out of bounds, or an ability that this crate has
    /// no means for: tags, signed URLs, encryption and checksums.
    pub fn build(self) -> Result<ObjectStoreStorage> {
        let beyond = [Ability::Tags, Ability::SignedUrls, Ability::ServerSideEncryption, Ability::Checksums];
        if let Some(ability) = beyond.into_iter().find(|ability| self.added.has(*ability)) {
            return Err(Error::invalid_input(format!(
                "no store can {} through object_store",
                ability.describe()
            )));
        }
        if !PART_SIZES.contains(&self.part_size) {
            return Err(Error::invalid_input(format!(
                "a part has 5 MiB to 1 GiB, not {} bytes",
                self.part_size
            )));
        }
        let single_put_limit = match self.backend.has_parts() {
            true => self.part_size,
            false => self.held_limit,
        };
        let abilities = Ability::ALL.into_iter().filter(|ability| self.added.has(*ability));
        let capabilities = abilities.fold(self.backend.capabilities(), Capabilities::with);
        let capabilities = self.taken.iter().fold(capabilities, |set, ability| set.without(*ability));
        let listing = match self.pages {
            Some(pages) => Listing::Pages(pages),
            None => Listing::Levels,
        };
        let conditional_writes =
            match self.backend == Backend::AmazonS3 && !self.added.has(Ability::CreateIfAbsent) {
                true => self.conditional_writes,
                false => ConditionalWrites::Honoured,
            };
        let store = Store {
            name: self.name.unwrap_or_else(|| self.objects.to_string()),
            objects: self.objects,
            listing,
            backend: self.backend,
            capabilities: capabilities.with_single_put_limit(single_put_limit),
            part_size: self.part_size,
            held_limit: self.held_limit,
            completes_conditionally: self.completes_conditionally,
            etag_form: EtagForm::new(self.backend.quotes_etags()),
            turns: Turns::new(),
            conditions: Knowledge::said(conditional_writes),
            probe_folder: self.probe_folder,
            has_seen_bucket: false.into(),
        };
        let urls = self.public_base_url.map(PublicUrls::new).transpose()?;
        Ok(ObjectStoreStorage::from_parts(store, urls))
    }
}

impl fmt::Debug for ObjectStoreStorageBuilder {
    /// Without the `ObjectStore`, which may show its credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectStoreStorageBuilder")
            .field("backend", &self.backend)
            .field("name", &self.name)
            .field("part_size", &self.part_size)
            .field("held_limit", &self.held_limit)
            .field("public_base_url", &self.public_base_url)
            .finish_non_exhaustive()
    }
}
