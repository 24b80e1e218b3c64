use std::fmt;
use std::sync::Arc;

use crate::key::RawKey;
use crate::{Error, ErrorKind, Result};

/// A change that the first store has made and the second has not.
#[derive(Debug)]
#[non_exhaustive]
pub struct MirrorFailure {
    /// The method that was called: `put`, `delete`, `delete_many`, `copy` or `rename`.
    pub operation: &'static str,
    /// What now differs. Keep it for a repair of these keys alone, or repair all at times.
    pub keys: Vec<RawKey>,
    /// Why, as the second store said it.
    pub error: Error,
}

impl fmt::Display for MirrorFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.keys.as_slice() {
            [key] => write!(f, "{} of `{}` was not mirrored: {}", self.operation, key, self.error),
            keys => write!(f, "{} of {} keys was not mirrored: {}", self.operation, keys.len(), self.error),
        }
    }
}

/// What to do if the second store fails.
#[derive(Clone)]
pub(super) enum OnFailure {
    Fail,
    Report(Arc<dyn Fn(&MirrorFailure) + Send + Sync>),
}

impl OnFailure {
    /// Reports the failure, or makes it the call's error.
    pub(super) fn handle(&self, operation: &'static str, keys: Vec<RawKey>, error: Error) -> Result<()> {
        match self {
            Self::Fail => Err(not_mirrored(operation, keys.first(), error)),
            Self::Report(report) => {
                report(&MirrorFailure { operation, keys, error });
                Ok(())
            }
        }
    }
}

/// The first store has the change: nothing may take this for an answer about the key in there.
fn not_mirrored(operation: &'static str, key: Option<&RawKey>, error: Error) -> Error {
    let kind = match error.kind() {
        ErrorKind::NotFound | ErrorKind::AlreadyExists | ErrorKind::PreconditionFailed => ErrorKind::Other,
        kind => kind,
    };
    let described = Error::new(kind, "it is done in the first store, but not in the mirror")
        .with_operation(operation)
        .with_retryable(error.is_retryable())
        .with_store(error.store().unwrap_or("the mirror").to_owned())
        .with_hint("do it again if it may be done twice, or repair the mirror")
        .with_source(error);
    match key {
        Some(key) => described.with_key(key),
        None => described,
    }
}

impl fmt::Debug for OnFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fail => "Fail",
            Self::Report(_) => "Report",
        })
    }
}
