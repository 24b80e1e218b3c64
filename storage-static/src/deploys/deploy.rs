use std::fmt;

use crate::manifest::{Index, ManifestError};

/// What deploys there are.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Deploys {
    /// Those whose index can be read, the newest first.
    pub deploys: Vec<Deploy>,
    /// Indexes that cannot be understood.
    pub broken: Vec<BrokenIndex>,
    /// The hash of the manifest that is in the bucket; `None` if there is none.
    pub manifest_hash: Option<String>,
}

/// A deploy.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Deploy {
    /// What it is called.
    pub name: String,
    /// When it was made, in seconds since 1970-01-01 UTC.
    pub created: u64,
    /// The hash of its manifest.
    pub manifest_hash: String,
    /// How many names its manifest has.
    pub files: usize,
    /// How many objects belong to it, variants and the manifest among them.
    pub objects: usize,
    /// How many bytes these have.
    pub bytes: u64,
    /// Whether the manifest in the bucket is its own. So are several, if they have the same files.
    pub is_live: bool,
}

/// An index that cannot be understood.
#[derive(Debug)]
#[non_exhaustive]
pub struct BrokenIndex {
    /// Its key, from the root of the static files.
    pub key: String,
    /// What is wrong with it.
    pub source: ManifestError,
}

impl Deploy {
    pub(super) fn new(name: String, index: &Index, live: Option<&str>) -> Self {
        Self {
            name,
            created: index.created,
            manifest_hash: index.manifest_hash.clone(),
            files: index.files.len(),
            objects: index.objects.len(),
            bytes: index.objects.values().fold(0, |sum, object| sum.saturating_add(object.size)),
            is_live: live == Some(index.manifest_hash.as_str()),
        }
    }
}

impl fmt::Display for Deploy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let live = if self.is_live { ", live" } else { "" };
        write!(f, "{}: {} files{live}", self.name, self.files)
    }
}
