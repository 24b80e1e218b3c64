use std::io;

use super::{BoxError, Error, ErrorKind};

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = match error.kind() {
            ErrorKind::NotFound | ErrorKind::BucketMissing => io::ErrorKind::NotFound,
            ErrorKind::AlreadyExists => io::ErrorKind::AlreadyExists,
            ErrorKind::PermissionDenied | ErrorKind::Unauthenticated => io::ErrorKind::PermissionDenied,
            ErrorKind::Timeout => io::ErrorKind::TimedOut,
            ErrorKind::InvalidInput | ErrorKind::RangeNotSatisfiable => io::ErrorKind::InvalidInput,
            ErrorKind::Unsupported => io::ErrorKind::Unsupported,
            ErrorKind::Corrupt => io::ErrorKind::InvalidData,
            _ => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}

impl From<io::Error> for Error {
    /// An [`Error`] that went through [`io::Error`] comes back as it was; any other is mapped by its kind and kept as source.
    fn from(error: io::Error) -> Self {
        match recover(Box::new(error)) {
            Ok(error) => error,
            Err(source) => {
                let kind = source.downcast_ref::<io::Error>().map_or(ErrorKind::Other, kind_of);
                Self::new(kind, "").with_source(source)
            }
        }
    }
}

fn kind_of(error: &io::Error) -> ErrorKind {
    match error.kind() {
        io::ErrorKind::NotFound => ErrorKind::NotFound,
        io::ErrorKind::AlreadyExists => ErrorKind::AlreadyExists,
        io::ErrorKind::PermissionDenied => ErrorKind::PermissionDenied,
        io::ErrorKind::TimedOut => ErrorKind::Timeout,
        io::ErrorKind::InvalidInput => ErrorKind::InvalidInput,
        io::ErrorKind::Unsupported => ErrorKind::Unsupported,
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => ErrorKind::Corrupt,
        _ => ErrorKind::Other,
    }
}

/// Takes an [`Error`] out of `source`, through any number of [`io::Error`]s around it.
pub(super) fn recover(source: BoxError) -> Result<Error, BoxError> {
    match source.downcast::<Error>() {
        Ok(error) => Ok(*error),
        Err(source) => match source.downcast::<io::Error>() {
            Ok(error) if wraps_error(&error) => match error.into_inner() {
                Some(inner) => recover(inner),
                None => Ok(Error::new(ErrorKind::Other, "")),
            },
            Ok(error) => Err(error),
            Err(source) => Err(source),
        },
    }
}

fn wraps_error(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| {
        inner.is::<Error>() || inner.downcast_ref::<io::Error>().is_some_and(wraps_error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_survives_the_way_through_io() {
        let error = Error::new(ErrorKind::Throttled, "slow down").with_key("k").with_http_status(503);
        let back = Error::from(io::Error::other(io::Error::from(error)));
        assert_eq!(back.kind(), ErrorKind::Throttled);
        assert_eq!((back.key(), back.http_status()), (Some("k"), Some(503)));
    }

    #[test]
    fn a_foreign_io_error_is_mapped_and_kept() {
        let error = Error::from(io::Error::new(io::ErrorKind::PermissionDenied, "nope"));
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        assert_eq!(std::error::Error::source(&error).map(ToString::to_string), Some("nope".into()));
    }

    #[test]
    fn a_failing_body_is_not_a_failing_store() {
        let error = Error::from_body(io::Error::new(io::ErrorKind::NotFound, "gone"));
        assert_eq!(error.kind(), ErrorKind::Other);
        let piped = Error::from_body(io::Error::from(Error::new(ErrorKind::Corrupt, "")));
        assert_eq!(piped.kind(), ErrorKind::Corrupt);
    }
}
