//! What the codes and the statuses of S3, Google Cloud Storage and Azure mean.

use storage_core::ErrorKind;

type Meaning = (ErrorKind, &'static str);

/// What a code says, if it says more than its status does.
pub(super) fn by_code(code: &str) -> Option<Meaning> {
    let kind = match code {
        "NoSuchBucket" | "ContainerNotFound" => ErrorKind::BucketMissing,
        "NoSuchKey" | "BlobNotFound" => ErrorKind::NotFound,
        "BlobAlreadyExists" => ErrorKind::AlreadyExists,
        "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "ExpiredToken"
        | "InvalidToken"
        | "AuthenticationFailed"
        | "TokenRefreshRequired" => ErrorKind::Unauthenticated,
        "RequestTimeTooSkewed" => ErrorKind::ClockSkewed,
        "AuthorizationHeaderMalformed" | "PermanentRedirect" | "TemporaryRedirect" => ErrorKind::WrongRegion,
        "SlowDown" | "ServerBusy" | "TooManyRequests" | "RequestLimitExceeded" => ErrorKind::Throttled,
        "RequestTimeout" | "OperationTimedOut" => ErrorKind::Timeout,
        "NotImplemented" => return Some((ErrorKind::Unsupported, "the server cannot do it")),
        "ObjectParentIsFile" | "ExistingObjectIsDirectory" => {
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
        400 | 405 | 411 | 413 | 414 | 422 => (ErrorKind::InvalidInput, "the server refuses the request"),
        401 => (ErrorKind::Unauthenticated, ""),
        403 => (ErrorKind::PermissionDenied, ""),
        404 => (ErrorKind::NotFound, ""),
        408 => (ErrorKind::Timeout, ""),
        409 => (ErrorKind::Unavailable, "another request on the same object got in its way"),
        416 => (ErrorKind::RangeNotSatisfiable, ""),
        429 => (ErrorKind::Throttled, ""),
        501 => (ErrorKind::Unsupported, "the server cannot do it"),
        500.. => (ErrorKind::Unavailable, ""),
        _ => (ErrorKind::Other, ""),
    }
}
