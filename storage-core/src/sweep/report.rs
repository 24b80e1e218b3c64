use std::fmt;

use crate::key::RawKey;
use crate::{Error, Result};

/// What applying a plan has come to, in objects unless said otherwise.
#[derive(Debug, Default)]
#[must_use = "some orphans may not have been deleted"]
#[non_exhaustive]
pub struct Report {
    /// Deleted.
    pub deleted: u64,
    /// Their bytes. On a bucket that keeps versions they are free once the versions expire.
    pub deleted_bytes: u64,
    /// Kept, since they were written anew after the plan was made.
    pub kept: u64,
    /// Gone before they were deleted.
    pub gone: u64,
    /// Still there, since the store refused to delete them one by one.
    pub failed: u64,
    /// The first of those, and why; at most [`Report::MAX_FAILURES`].
    pub failures: Vec<(RawKey, Error)>,
    /// What ended it early, if something did: a request that failed as a whole.
    pub ended_by: Option<Error>,
    /// Not tried any more then, or in a request without an answer.
    pub untried: u64,
}

impl Report {
    /// So many failures are kept.
    pub const MAX_FAILURES: usize = 100;

    /// Makes a partial failure an error.
    ///
    /// # Errors
    ///
    /// What ended it early, else the first failure.
    pub fn into_result(self) -> Result<()> {
        match (self.ended_by, self.failures.into_iter().next()) {
            (Some(error), _) | (None, Some((_, error))) => Err(error),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} deleted, {} bytes", self.deleted, self.deleted_bytes)?;
        for (count, what) in [
            (self.kept, "written anew and kept"),
            (self.gone, "gone before"),
            (self.failed, "failed"),
            (self.untried, "not tried"),
        ] {
            if count > 0 {
                write!(f, "; {count} {what}")?;
            }
        }
        Ok(())
    }
}
