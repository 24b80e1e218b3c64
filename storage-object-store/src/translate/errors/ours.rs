use object_store::Error as Foreign;
use storage_core::{Error, ErrorKind};

/// An error of ours as one of `object_store`. The whole of it is the source, and can be downcast.
pub(crate) fn into_foreign(error: Error) -> Foreign {
    let path = error.key().unwrap_or_default().to_owned();
    let (kind, source) = (error.kind(), Box::new(error));
    match kind {
        ErrorKind::NotFound => Foreign::NotFound { path, source },
        ErrorKind::AlreadyExists => Foreign::AlreadyExists { path, source },
        ErrorKind::PreconditionFailed => Foreign::Precondition { path, source },
        ErrorKind::PermissionDenied => Foreign::PermissionDenied { path, source },
        ErrorKind::Unauthenticated => Foreign::Unauthenticated { path, source },
        ErrorKind::Unsupported => Foreign::NotSupported { source },
        // A missing bucket too: that the object is not there is not what the store said.
        _ => Foreign::Generic { store: "storage-suite", source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_keep_their_meaning_and_the_whole_error_is_the_source() {
        let error = into_foreign(Error::not_found("a/b").with_store("photos"));
        let Foreign::NotFound { path, source } = &error else { panic!("{error}") };
        assert_eq!(path, "a/b");
        assert_eq!(source.downcast_ref::<Error>().and_then(Error::store), Some("photos"));
        let missing = into_foreign(Error::new(ErrorKind::BucketMissing, ""));
        assert!(matches!(missing, Foreign::Generic { .. }), "{missing}");
        let down = into_foreign(Error::new(ErrorKind::Unavailable, ""));
        assert!(matches!(down, Foreign::Generic { .. }), "{down}");
    }
}
