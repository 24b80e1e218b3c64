use std::sync::{Arc, Mutex};
use std::time::Duration;

use storage_core::Result;
use storage_core::clock::Clock;
use storage_core::url::MAX_EXPIRY;

use super::objects::Objects;
use super::{Inner, MemoryStorage};
use crate::signed_url::{BaseUrl, Signer, SigningKey, UrlSettings};

const DEFAULT_NAME: &str = "memory";

/// Settings of a [`MemoryStorage`].
#[derive(Clone, Debug, Default)]
pub struct MemoryStorageBuilder {
    name: Option<String>,
    urls: UrlSettings,
    clock: Clock,
}

impl MemoryStorageBuilder {
    /// What errors and URLs call the store; default: `memory`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What stands before the store's name in URLs: a path, or `http(s)://host[:port][/path]`; default: `/files`.
    pub fn base_url(mut self, base: impl Into<String>) -> Self {
        self.urls.base = base.into();
        self
    }

    /// How long a signed URL lives if its options do not say, 1 second to 7 days; default: 7 days.
    pub fn url_expiry(mut self, expiry: Duration) -> Self {
        self.urls.default_expiry = expiry;
        self
    }

    /// The secret that signs URLs, 16 bytes or more (32 random ones are best); default: a random one per store.
    pub fn signing_key(mut self, key: impl Into<Vec<u8>>) -> Self {
        self.urls.key = Some(key.into());
        self
    }

    /// Where the time comes from, of changes and of URLs' ends; default: the system.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The store.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](storage_core::ErrorKind::InvalidInput) for a base URL, an expiry or a signing key that breaks its rule.
    pub fn build(self) -> Result<MemoryStorage> {
        let name = self.name.unwrap_or_else(|| DEFAULT_NAME.to_owned());
        let signer = self.urls.signer(&name, self.clock.clone(), SigningKey::random)?;
        Ok(store(name, self.clock, signer))
    }
}

pub(super) fn default_store() -> MemoryStorage {
    let key = SigningKey::random().unwrap_or(SigningKey::none());
    with_key(DEFAULT_NAME.to_owned(), Clock::system(), key)
}

pub(super) fn with_key(name: String, clock: Clock, key: SigningKey) -> MemoryStorage {
    let signer = Signer::new(&name, BaseUrl::default(), key, MAX_EXPIRY, clock.clone());
    store(name, clock, signer)
}

fn store(name: String, clock: Clock, signer: Signer) -> MemoryStorage {
    MemoryStorage(Arc::new(Inner {
        name,
        clock,
        signer,
        objects: Objects::default(),
        policy: Mutex::default(),
    }))
}
