use storage_core::Error;

use crate::collect::{CollectError, Failure};
use crate::manifest::ManifestError;

/// Why deploys are not listed, rolled back or pruned. The manifest that was in the bucket is there still, and all that it names.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeploysError {
    /// The store does not answer, or refuses.
    #[error("{doing} failed")]
    Store {
        /// What was to be done.
        doing: &'static str,
        /// What it says.
        source: Error,
    },
    /// The manifest or an index cannot be understood. Nothing is deleted then, as nobody knows what it refers to.
    #[error("{key} cannot be understood")]
    Broken {
        /// Its key, from the root of the static files.
        key: String,
        /// What is wrong with it.
        source: ManifestError,
    },
    /// There is no such deploy.
    #[error("there is no deploy {deploy:?}; there are: {}", list(.known))]
    Unknown {
        /// What was asked for.
        deploy: String,
        /// Those that there are, by name.
        known: Vec<String>,
    },
    /// The index of the deploy does not say what each name was served by: it was written by an earlier version.
    #[error("the index of the deploy {deploy} does not hold its manifest: collect its files again instead")]
    NoManifest {
        /// The deploy.
        deploy: String,
    },
    /// What the deploy serves is not there any more.
    #[error("{} of the deploy {deploy} are gone: collect its files again instead. They are: {}", objects(.missing.len()), list(.missing))]
    Incomplete {
        /// The deploy.
        deploy: String,
        /// All keys that are missing, or have another length, from the root of the static files; sorted.
        missing: Vec<String>,
    },
    /// Somebody has stored another manifest, or begun another deploy, in the meantime.
    #[error("another deploy has changed {key} meanwhile: look at the deploys again, and decide anew")]
    Concurrent {
        /// The key, from the root of the static files.
        key: String,
        /// What the store says, if it was the one to find out.
        source: Option<Error>,
    },
    /// The manifest could not be stored.
    #[error("the manifest was not stored")]
    NotPublished {
        /// Why.
        source: CollectError,
    },
    /// Pruning would delete more than is allowed. Nothing was deleted.
    #[error(
        "{deletes} of {listed} objects would be deleted, more than {percent} %: check the deploys that there are, or allow a larger share"
    )]
    TooMany {
        /// Objects that would be deleted.
        deletes: usize,
        /// Objects below the root of the static files.
        listed: usize,
        /// The share that is allowed, in percent.
        percent: f64,
    },
    /// Objects could not be deleted. Their indexes are there still, and the next attempt goes on from here.
    #[error("{} could not be deleted, first {}", objects(.0.len()), .0.first().map(ToString::to_string).unwrap_or_default())]
    NotDeleted(Vec<Failure>),
}

fn objects(count: usize) -> String {
    match count {
        1 => "one object".to_owned(),
        many => format!("{many} objects"),
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
