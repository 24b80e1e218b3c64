use std::error::Error as _;

use crate::{Error, ErrorKind};

/// Why a sweep deletes nothing, although nothing failed. It is the source of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Not one reference begins with the prefix: all objects would be orphans. The error's kind is
    /// [`InvalidInput`](ErrorKind::InvalidInput).
    #[error("no reference begins with the prefix, {outside} do not")]
    NoReferences {
        /// References that do not begin with the prefix.
        outside: u64,
    },
    /// The orphans are more than the [maximum share](super::Sweep::max_share) of the objects. The error's kind is
    /// [`PreconditionFailed`](ErrorKind::PreconditionFailed).
    #[error("{orphans} of {listed} objects are orphans, more than {percent} %")]
    TooMany {
        /// Orphans that would be deleted.
        orphans: u64,
        /// Objects below the prefix.
        listed: u64,
        /// The share that is allowed, in percent.
        percent: f64,
    },
}

impl Refusal {
    /// The refusal that an error came of, if it did.
    pub fn of(error: &Error) -> Option<&Self> {
        error.source()?.downcast_ref()
    }

    pub(super) fn into_error(self, store: &str) -> Error {
        let (kind, message, hint) = match self {
            Self::NoReferences { .. } => (
                ErrorKind::InvalidInput,
                "every object would be an orphan",
                "check what the references come from, and the prefix; or say that there may be none",
            ),
            Self::TooMany { .. } => (
                ErrorKind::PreconditionFailed,
                "nothing was deleted",
                "check what the references come from; or allow a larger share",
            ),
        };
        Error::new(kind, message).with_operation("sweep").with_store(store).with_hint(hint).with_source(self)
    }
}
