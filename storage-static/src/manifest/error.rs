use std::path::PathBuf;

/// A manifest or an index that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// It is no JSON, or not of the form that it should have.
    #[error("{what} is broken: write it anew by collecting again")]
    Broken {
        /// The manifest or the index.
        what: &'static str,
        /// What is wrong, and where.
        source: serde_json::Error,
    },
    /// It is of a version that this library does not read.
    #[error("{what} has the version {}, and {read} is read: it was written by another program, or by a later one", .found.as_deref().unwrap_or("(none)"))]
    Version {
        /// The manifest or the index.
        what: &'static str,
        /// What stands there.
        found: Option<String>,
        /// What can be read.
        read: &'static str,
    },
    /// The index is that of another deploy than the manifest.
    #[error(
        "the index is of the deploy {deploy}, whose manifest has the hash {expected}, and this one has {found}: take both of one deploy"
    )]
    OtherDeploy {
        /// What the deploy of the index is called.
        deploy: String,
        /// The hash of its manifest.
        expected: String,
        /// The hash of the manifest that was given.
        found: String,
    },
    /// The file is there, but cannot be read.
    #[error("{} cannot be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
