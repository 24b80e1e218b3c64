//! What the codes and the statuses of S3, Google Cloud Storage and Azure mean.

use storage_core::ErrorKind;

type Meaning = (ErrorKind, &'static str);

/// What a code says, if it says more than its status does. Of S3's codes `storage-minio` has a table too, which knows more of single servers; a
/// test compares them.
pub(super) fn by_code(code: &str, said: Option<&str>) -> Option<Meaning> {
    let kind = match code {
        "NoSuchBucket" | "ContainerNotFound" => ErrorKind::BucketMissing,
        "NoSuchKey" | "NoSuchVersion" | "BlobNotFound" => ErrorKind::NotFound,
        "BlobAlreadyExists" => ErrorKind::AlreadyExists,
        "AuthorizationHeaderMalformed" if said.is_some_and(|said| said.contains("region")) => {
            ErrorKind::WrongRegion
        }
        "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "ExpiredToken"
        | "InvalidToken"
        | "InvalidSecurity"
        | "MissingSecurityHeader"
        | "AuthorizationHeaderMalformed"
        | "AuthenticationFailed"
        | "TokenRefreshRequired"
        | "XAdminUserNotFound" => ErrorKind::Unauthenticated,
        "RequestTimeTooSkewed" => ErrorKind::ClockSkewed,
        "PermanentRedirect" | "TemporaryRedirect" | "IllegalLocationConstraintException" => {
            ErrorKind::WrongRegion
        }
        // Azure refuses by the last what is over an account's limits.
        "SlowDown" | "TooManyRequests" | "RequestLimitExceeded" | "Throttling" | "ServerBusy" => {
            ErrorKind::Throttled
        }
        "SlowDownRead" | "SlowDownWrite" | "IncompleteBody" => ErrorKind::Unavailable,
        "BadDigest" | "XAmzContentSHA256Mismatch" | "InvalidPart" | "InvalidPartOrder" => ErrorKind::Corrupt,
        "RequestTimeout" | "OperationTimedOut" => ErrorKind::Timeout,
        "NotImplemented" | "MethodNotAllowed" => {
            return Some((ErrorKind::Unsupported, "the server cannot do it"));
        }
        "ObjectParentIsFile" | "ExistingObjectIsDirectory" | "DirectoryObjectContainsData" => {
            return Some((ErrorKind::Unsupported, "the server cannot store `f` beside `f/g`"));
        }
        _ => return None,
    };
    Some((kind, ""))
}

/// What a status says by itself.
pub(super) fn by_status(status: u16) -> Meaning {
    match status {
        301 | 302 | 307 | 308 => (ErrorKind::WrongRegion, "the server sends elsewhere"),
        304 | 412 => (ErrorKind::PreconditionFailed, ""),
        400 | 411 | 413 | 414 | 422 => (ErrorKind::InvalidInput, "the server refuses the request"),
        401 => (ErrorKind::Unauthenticated, ""),
        403 => (ErrorKind::PermissionDenied, ""),
        404 => (ErrorKind::NotFound, ""),
        408 => (ErrorKind::Timeout, ""),
        409 => (ErrorKind::Unavailable, "another request on the same object got in its way"),
        416 => (ErrorKind::RangeNotSatisfiable, ""),
        429 => (ErrorKind::Throttled, ""),
        405 | 501 => (ErrorKind::Unsupported, "the server cannot do it"),
        500.. => (ErrorKind::Unavailable, ""),
        _ => (ErrorKind::Other, ""),
    }
}
