use storage_core::ErrorKind;

/// What an error code of S3 or of a server like it means
/// ([S3 API, "Error responses"](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)).
pub(crate) fn kind_of_code(code: &str) -> Option<ErrorKind> {
    Some(match code {
        "NoSuchKey" | "NoSuchVersion" => ErrorKind::NotFound,
        "NoSuchBucket" => ErrorKind::BucketMissing,
        "PreconditionFailed" | "BucketNotEmpty" => ErrorKind::PreconditionFailed,
        "BucketAlreadyExists" | "BucketAlreadyOwnedByYou" => ErrorKind::AlreadyExists,
        "AccessDenied" | "AllAccessDisabled" | "AccountProblem" | "InvalidObjectState" | "ObjectLocked" => {
            ErrorKind::PermissionDenied
        }
        "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "ExpiredToken"
        | "InvalidToken"
        | "TokenRefreshRequired"
        | "InvalidSecurity"
        | "InvalidTokenId"
        | "MissingSecurityHeader"
        | "AuthorizationHeaderMalformed"
        | "XAdminUserNotFound" => ErrorKind::Unauthenticated,
        "RequestTimeTooSkewed" => ErrorKind::ClockSkewed,
        "PermanentRedirect"
        | "TemporaryRedirect"
        | "Redirect"
        | "IllegalLocationConstraintException"
        | "InvalidLocationConstraint"
        | "InvalidRegion" => ErrorKind::WrongRegion,
        "SlowDown"
        | "TooManyRequests"
        | "RequestLimitExceeded"
        | "Throttling"
        | "ThrottlingException"
        | "BandwidthLimitExceeded" => ErrorKind::Throttled,
        // The first two MinIO says of an object that too few of its drives can be reached for.
        "SlowDownRead"
        | "SlowDownWrite"
        | "InternalError"
        | "ServiceUnavailable"
        | "ServerBusy"
        | "Busy"
        | "XMinioServerNotInitialized"
        | "ConditionalRequestConflict"
        | "OperationAborted"
        | "IncompleteBody" => ErrorKind::Unavailable,
        "RequestTimeout" => ErrorKind::Timeout,
        "NotImplemented"
        | "XNotImplemented"
        | "MethodNotAllowed"
        | "XMinioParentIsObject"
        | "ObjectParentIsFile"
        | "ExistingObjectIsDirectory"
        | "DirectoryObjectContainsData" => ErrorKind::Unsupported,
        "KeyTooLong"
        | "KeyTooLongError"
        | "XMinioInvalidObjectName"
        | "XMinioInvalidResourceName"
        | "InvalidArgument"
        | "InvalidRequest"
        | "InvalidURI"
        | "InvalidTag"
        | "InvalidTagKey"
        | "InvalidTagValue"
        | "InvalidStorageClass"
        | "InvalidBucketName"
        | "InvalidDigest"
        | "InvalidEncryptionAlgorithmError"
        | "MalformedXML"
        | "MalformedPolicy"
        | "MalformedPolicyDocument"
        | "InvalidPolicyDocument"
        | "PolicyTooLarge"
        | "MetadataTooLarge"
        | "EntityTooLarge"
        | "EntityTooSmall"
        | "MissingContentLength"
        | "ServerSideEncryptionConfigurationNotFoundError" => ErrorKind::InvalidInput,
        "InvalidRange" => ErrorKind::RangeNotSatisfiable,
        "BadDigest"
        | "XAmzContentSHA256Mismatch"
        | "XAmzContentChecksumMismatch"
        | "InvalidChecksum"
        | "InvalidPart"
        | "InvalidPartOrder" => ErrorKind::Corrupt,
        _ => return None,
    })
}

/// What an answer means that carries no code that is known.
pub(super) fn kind_of_status(status: u16) -> ErrorKind {
    match status {
        401 | 407 => ErrorKind::Unauthenticated,
        403 => ErrorKind::PermissionDenied,
        405 | 501 => ErrorKind::Unsupported,
        408 => ErrorKind::Timeout,
        412 => ErrorKind::PreconditionFailed,
        413 | 414 | 431 => ErrorKind::InvalidInput,
        416 => ErrorKind::RangeNotSatisfiable,
        429 => ErrorKind::Throttled,
        500 | 502..=504 => ErrorKind::Unavailable,
        _ => ErrorKind::Other,
    }
}

/// Whether the server found another content than was meant for it.
pub(super) fn is_changed_content(code: Option<&str>) -> bool {
    matches!(
        code,
        Some("BadDigest" | "XAmzContentSHA256Mismatch" | "XAmzContentChecksumMismatch" | "InvalidChecksum")
    )
}

/// Whether the same request may fare better in a moment.
pub(super) fn is_transient(status: u16, code: Option<&str>) -> bool {
    match code {
        Some("RequestTimeout" | "ConditionalRequestConflict" | "OperationAborted" | "IncompleteBody") => true,
        Some(code) if kind_of_code(code) == Some(ErrorKind::Throttled) => true,
        Some(
            "InternalError"
            | "ServiceUnavailable"
            | "ServerBusy"
            | "Busy"
            | "XMinioServerNotInitialized"
            | "SlowDownRead"
            | "SlowDownWrite",
        ) => true,
        _ => matches!(status, 429 | 500 | 502..=504),
    }
}
