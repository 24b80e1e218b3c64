use std::fmt;

use storage_core::Error;

use crate::manifest::ManifestError;

/// Why files were not collected. The manifest that was in the bucket is there still, and all that it names.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CollectError {
    /// The store does not answer, or refuses.
    #[error("{doing}: {source}")]
    Store {
        /// What was to be done.
        doing: &'static str,
        /// What it says.
        source: Error,
    },
    /// The index of an earlier deploy is broken.
    #[error("{key}: {source}")]
    Index {
        /// Its key.
        key: String,
        /// What is wrong with it.
        source: ManifestError,
    },
    /// Objects could not be stored. No further ones were begun.
    #[error("{} could not be stored; the old manifest is in place, and the next attempt goes on from here:\n{}", count(.0.len()), lines(.0))]
    Failed(Vec<Failure>),
    /// Somebody else has stored another manifest since the bucket was looked at.
    #[error(
        "another deploy has stored {key} meanwhile: look at the bucket again, and decide which of the two shall be there"
    )]
    Concurrent {
        /// The manifest's key.
        key: String,
        /// What the store says, if it was the one to find out.
        source: Option<Error>,
    },
    /// Somebody has begun to delete objects since the bucket was looked at, which this deploy may count on.
    #[error(
        "somebody has deleted objects meanwhile, by a prune or a clear: collect again, and what is gone is stored anew"
    )]
    Deleted,
    /// Objects could not be deleted. The deploy is published, and the next attempt deletes the rest.
    #[error("{} could not be deleted:\n{}", count(.0.len()), lines(.0))]
    NotDeleted(Vec<Failure>),
}

/// An object that could not be stored.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure {
    /// Its key, from the root of the static files.
    pub key: String,
    /// Why.
    pub source: Error,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.source)
    }
}

fn count(failures: usize) -> String {
    match failures {
        1 => "one object".to_owned(),
        many => format!("{many} objects"),
    }
}

fn lines(failures: &[Failure]) -> String {
    failures.iter().map(|failure| format!("  {failure}")).collect::<Vec<_>>().join("\n")
}
