use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use storage_core::clock::Clock;
use storage_core::{Error, Result};

use super::disk::case::NameCase;
use super::disk::faults::fault;
use super::session::{LOCK_FILE, Session, Store};
use super::writing::temp;
use super::{Durability, LocalStorage, url_key};
use crate::signed_url::UrlSettings;

/// The name of a folder that has none: a file system's root.
const DEFAULT_NAME: &str = "files";

/// Settings of a [`LocalStorage`].
#[derive(Clone, Debug)]
pub struct LocalStorageBuilder {
    root: PathBuf,
    name: Option<String>,
    urls: UrlSettings,
    durability: Durability,
    clock: Clock,
}

impl LocalStorageBuilder {
    pub(super) fn new(root: PathBuf) -> Self {
        Self {
            root,
            name: None,
            urls: UrlSettings::default(),
            durability: Durability::default(),
            clock: Clock::system(),
        }
    }

    /// What errors and URLs call the store; default: the folder's name.
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

    /// The secret that signs URLs, 16 bytes or more (32 random ones are best). By default the folder has one of its own, in the
    /// file `.storage/url-key`.
    pub fn signing_key(mut self, key: impl Into<Vec<u8>>) -> Self {
        self.urls.key = Some(key.into());
        self
    }

    /// Whether a write that returned survives a loss of power; default: [`Durability::Full`].
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// Where the time comes from, of changes and of URLs' ends; default: the system.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Opens the folder, made if there is none, and removes what dead writers left behind. It blocks while it does, for a few
    /// system calls.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](storage_core::ErrorKind::InvalidInput) for a base URL, an expiry or a signing key that breaks its rule;
    /// [`PermissionDenied`](storage_core::ErrorKind::PermissionDenied) if the folder cannot be made, read and written.
    pub fn build(self) -> Result<LocalStorage> {
        let root = std::fs::create_dir_all(&self.root).and_then(|()| self.root.canonicalize());
        let root = root.map_err(|error| self.unusable(error))?;
        let own_name = || root.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = self.name.clone().or_else(own_name).unwrap_or_else(|| DEFAULT_NAME.to_owned());
        self.open(root, name.clone()).map_err(|error| error.with_operation("open").with_store(name))
    }

    fn open(self, root: PathBuf, name: String) -> Result<LocalStorage> {
        let case = detect_case(&root)?;
        let store = Arc::new(Store::new(root, name, self.durability, self.clock.clone(), case));
        let session = Session::open(&store)?;
        temp::sweep(&session).map_err(fault)?;
        let signer = self.urls.signer(&store.name, self.clock, || url_key::load_or_create(&session))?;
        Ok(LocalStorage { store, signer: Arc::new(signer) })
    }

    fn unusable(&self, error: io::Error) -> Error {
        let path = self.root.display().to_string();
        fault(error).with_operation("open").with_store(path)
    }
}

/// Looks with a store that takes all spellings for different whether the file system does.
fn detect_case(root: &std::path::Path) -> Result<NameCase> {
    let probe =
        Store::new(root.to_owned(), String::new(), Durability::None, Clock::system(), NameCase::Distinct);
    let session = Session::open(&Arc::new(probe))?;
    drop(session.lock()?);
    NameCase::detect(&session.own, LOCK_FILE).map_err(fault)
}
