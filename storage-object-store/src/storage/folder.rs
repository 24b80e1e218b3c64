//! What `LocalFileSystem` leaves to its callers.

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::Arc;

use object_store::Error as Foreign;
use storage_core::Result;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::Store;
use crate::Backend;
use crate::translate::errors::{cause, translate};

/// How often something is done again whose folder somebody else removed, because it had become empty.
const ATTEMPTS: usize = 10;

/// Whose turn it is to write under a key. Two keys may share one.
pub(crate) struct Turns {
    locks: [Arc<Mutex<()>>; 64],
    hasher: RandomState,
}

impl Turns {
    pub(crate) fn new() -> Self {
        Self { locks: std::array::from_fn(|_| Arc::default()), hasher: RandomState::new() }
    }

    pub(super) async fn of(&self, key: &str) -> OwnedMutexGuard<()> {
        let number = self.hasher.hash_one(key) % self.locks.len() as u64;
        Arc::clone(&self.locks[usize::try_from(number).unwrap_or(0)]).lock_owned().await
    }
}

impl Store {
    /// Does something that makes a folder and puts a file into it. Another task may remove the folder in between, as it is still empty.
    pub(super) async fn folder_kept<T, Fut>(&self, write: impl Fn() -> Fut + Send + Sync) -> Result<T>
    where
        Fut: Future<Output = object_store::Result<T>> + Send,
    {
        let mut attempt = 1;
        loop {
            match write().await {
                Err(error)
                    if self.backend == Backend::LocalFolder
                        && attempt < ATTEMPTS
                        && lost_its_folder(&error) =>
                {
                    attempt += 1;
                }
                done => return done.map_err(translate),
            }
        }
    }
}

fn lost_its_folder(error: &Foreign) -> bool {
    matches!(error, Foreign::Generic { .. })
        && cause::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}
