//! The store in a folder, and where it keeps what is its own.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::client::Store;
use super::traces::Traces;

const BUCKET: &str = "deaths";

/// A store in a new folder.
pub(super) fn store(program: &Path) -> Result<Store> {
    let variables = [
        ("STORAGE_BACKEND", "local"),
        ("STORAGE_ROOT", "store"),
        ("MINIO_PRIVATE_BUCKETS", BUCKET),
        ("MINIO_MEDIA_FILES_BUCKET", BUCKET),
    ];
    Store::new(program, variables.map(|(name, value)| (name, value.to_owned())).into())
}

/// Where such a store keeps files that are still written.
pub(super) fn unfinished(store: &Store) -> Traces {
    Traces::new(own(store).join("tmp"), 1)
}

/// Where it keeps what belongs to its objects.
pub(super) fn records(store: &Store) -> Traces {
    Traces::new(own(store).join("records"), 2)
}

fn own(store: &Store) -> PathBuf {
    store.path("store").join(BUCKET).join(".storage")
}
