use std::io;
use std::path::PathBuf;

use crate::name::ViteError;

/// Something in the sources that cannot be collected. An [`Ignore`](super::Ignore) pattern takes it out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FindFault {
    /// A folder or a file that cannot be looked at.
    #[error("{} cannot be read", .location.display())]
    Unreadable {
        /// Where it is.
        location: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A source that is no folder.
    #[error("{} is no folder: a source of static files has to be one", .location.display())]
    NoFolder {
        /// What was given.
        location: PathBuf,
    },
    /// A symbolic link to something that is not in the source.
    #[error("{} links to {}, which is outside of the source: copy it, make that a source of its own, or ignore the link", .location.display(), .target.display())]
    LeadsOut {
        /// The link.
        location: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// A symbolic link to a folder that it is in itself.
    #[error("{} links to {}, which it is in: remove or ignore the link", .location.display(), .target.display())]
    Loop {
        /// The link.
        location: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// A folder that links lead to by too many paths.
    #[error("{} is one of more than 256 paths to {}, since links lead from folder to folder: remove or ignore some of them", .location.display(), .target.display())]
    ManyPaths {
        /// The first path that is too much.
        location: PathBuf,
        /// The folder.
        target: PathBuf,
    },
    /// Neither a file nor a folder: a pipe, a socket, a device.
    #[error("{} is neither a file nor a folder: remove or ignore it", .location.display())]
    Special {
        /// Where it is.
        location: PathBuf,
    },
    /// A name that no store takes.
    #[error("{} has a name that cannot be stored: {rule}", .location.display())]
    BadName {
        /// Where it is.
        location: PathBuf,
        /// What is wrong with the name.
        rule: String,
    },
    /// A bundler's manifest that cannot be understood.
    #[error("{} cannot be understood", .location.display())]
    Bundler {
        /// Where it is.
        location: PathBuf,
        /// What is wrong with it.
        source: ViteError,
    },
    /// One source has a file where another has a folder, which a store that is a folder cannot hold.
    #[error("{} is a file, and {} is in a folder of that name: rename one of them", .file.display(), .inner.display())]
    FileAndFolder {
        /// The file.
        file: PathBuf,
        /// A file in the folder.
        inner: PathBuf,
    },
}

impl FindFault {
    pub(super) fn unreadable(location: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Unreadable { location: location.into(), source }
    }

    /// By which faults are sorted.
    pub(super) fn location(&self) -> &PathBuf {
        match self {
            Self::Unreadable { location, .. }
            | Self::NoFolder { location }
            | Self::LeadsOut { location, .. }
            | Self::Loop { location, .. }
            | Self::ManyPaths { location, .. }
            | Self::Special { location }
            | Self::BadName { location, .. }
            | Self::Bundler { location, .. }
            | Self::FileAndFolder { file: location, .. } => location,
        }
    }
}
