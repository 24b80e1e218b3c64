use std::fmt;
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use storage_core::key::InvalidKey;
use storage_core::list::{ListItem, ListOptions};
use storage_core::{ObjectKey, Storage};

use super::CollectError;
use crate::manifest::Index;
use crate::plan::{INDEX_FOLDER, Listed, Listing};

/// Where static files are collected to: a store, or a folder in it.
#[derive(Clone)]
pub struct StaticBucket {
    pub(super) storage: Arc<dyn Storage>,
    pub(crate) prefix: String,
}

/// What a bucket has before a deploy.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Found {
    /// All objects below the root of the static files.
    pub listing: Listing,
    /// The newest index.
    pub previous: Option<Index>,
}

impl StaticBucket {
    /// The whole store.
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage, prefix: String::new() }
    }

    /// A folder of the store: all keys begin with its name and a `/`.
    pub fn under(mut self, folder: impl AsRef<str>) -> Self {
        let folder = folder.as_ref().trim_matches('/');
        self.prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self
    }

    /// The store.
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.storage
    }

    /// Looks what is there: one request for each 1,000 objects, and one for the newest index if there is one.
    ///
    /// # Errors
    ///
    /// [`CollectError::Store`], and [`CollectError::Index`] for an index that cannot be read.
    pub async fn look(&self) -> Result<Found, CollectError> {
        let listing = self.list().await?;
        let newest = listing.keys().filter(|key| is_index(key)).last().map(str::to_owned);
        let previous = match newest {
            Some(key) => self.index(&key, "reading the index of the deploy before").await?,
            None => None,
        };
        Ok(Found { listing, previous })
    }

    pub(super) async fn list(&self) -> Result<Listing, CollectError> {
        let failed = |source| CollectError::Store { doing: "listing what is in the bucket", source };
        let mut items = self.storage.list(ListOptions::new().prefix(self.prefix.as_str()));
        let mut listing = Listing::new();
        while let Some(item) = items.try_next().await.map_err(failed)? {
            // What no key can be is none of ours.
            if let ListItem::Object(object) = item
                && let Some(key) = object.key.as_str().strip_prefix(&self.prefix)
            {
                let etag = object.etag.as_ref().map(|etag| etag.as_str().to_owned());
                listing.insert(key, Listed { size: object.size, etag });
            }
        }
        Ok(listing)
    }

    /// The key in the store of one from the root of the static files.
    pub(crate) fn key(&self, key: &str) -> Result<ObjectKey, InvalidKey> {
        ObjectKey::new(format!("{}{key}", self.prefix))
    }
}

impl fmt::Debug for StaticBucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticBucket")
            .field("storage", &self.storage.name())
            .field("prefix", &self.prefix)
            .finish()
    }
}

fn is_index(key: &str) -> bool {
    let name = key.strip_prefix(INDEX_FOLDER).and_then(|rest| rest.strip_prefix('/'));
    name.is_some_and(|name| name.strip_suffix(".json").is_some())
}
