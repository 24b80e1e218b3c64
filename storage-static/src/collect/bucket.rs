use std::fmt;
use std::sync::Arc;

use storage_core::key::InvalidKey;
use storage_core::{ObjectKey, Storage};

/// Where static files are collected to: a store, or a folder in it.
#[derive(Clone)]
pub struct StaticBucket {
    pub(super) storage: Arc<dyn Storage>,
    pub(crate) prefix: String,
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
