use std::process::ExitCode;

use storage_suite::ErrorKind;

/// What a script can tell failures apart by. The numbers are documented in the help and do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Ok = 0,
    Other = 1,
    Usage = 2,
    NotFound = 3,
    Denied = 4,
    Unavailable = 5,
    Conflict = 6,
    /// An upload did not hold what was asked of it, and is deleted.
    Rejected = 7,
    /// As shells report a process that SIGINT ended.
    Interrupted = 130,
}

impl Exit {
    pub(crate) fn of(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::NotFound | ErrorKind::BucketMissing => Self::NotFound,
            ErrorKind::PermissionDenied
            | ErrorKind::Unauthenticated
            | ErrorKind::ClockSkewed
            | ErrorKind::WrongRegion => Self::Denied,
            ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Throttled => Self::Unavailable,
            ErrorKind::AlreadyExists | ErrorKind::PreconditionFailed => Self::Conflict,
            ErrorKind::InvalidInput | ErrorKind::RangeNotSatisfiable => Self::Usage,
            _ => Self::Other,
        }
    }

    /// The status of a command of which several parts failed: what they have in common, else `Other`.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Ok, exit) | (exit, Self::Ok) => exit,
            (one, another) if one == another => one,
            _ => Self::Other,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_failures_have_the_status_they_share() {
        assert_eq!(Exit::Ok.and(Exit::NotFound), Exit::NotFound);
        assert_eq!(Exit::NotFound.and(Exit::NotFound), Exit::NotFound);
        assert_eq!(Exit::NotFound.and(Exit::Denied), Exit::Other);
        assert_eq!(Exit::Ok.and(Exit::Ok), Exit::Ok);
    }
}
