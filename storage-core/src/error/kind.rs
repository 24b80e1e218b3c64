/// What went wrong, in the terms a program decides by.
///
/// Each kind can be told apart without reading text. The list may grow: match with a `_` arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no object under the key. Only a store that answered says so: an unreachable one never does.
    NotFound,
    /// The bucket itself does not exist.
    BucketMissing,
    /// The key is taken and the call asked not to overwrite.
    AlreadyExists,
    /// An `If-Match`-like condition did not hold.
    PreconditionFailed,
    /// The credentials are known, and not allowed to do this.
    PermissionDenied,
    /// The credentials are missing, unknown, expired or do not match their signature.
    Unauthenticated,
    /// The clocks of client and server are too far apart for a signature to be accepted.
    ClockSkewed,
    /// The request was signed for another region than the bucket's.
    WrongRegion,
    /// The store cannot be reached, or answered that it cannot serve now.
    Unavailable,
    /// No answer within the time allowed.
    Timeout,
    /// The store asks for fewer requests.
    Throttled,
    /// The caller's input breaks a rule: a key, a header, a range, a declared length.
    InvalidInput,
    /// The range asked for lies outside the object (HTTP 416).
    RangeNotSatisfiable,
    /// The store cannot do this at all.
    Unsupported,
    /// What arrived is not what was stored: too short, too long, or with another checksum.
    Corrupt,
    /// Anything else; the source and the message tell.
    Other,
}

impl ErrorKind {
    /// A short phrase for people; the same for every error of the kind.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::NotFound => "object not found",
            Self::BucketMissing => "bucket does not exist",
            Self::AlreadyExists => "key already taken",
            Self::PreconditionFailed => "condition not met",
            Self::PermissionDenied => "permission denied",
            Self::Unauthenticated => "credentials refused",
            Self::ClockSkewed => "clock skewed",
            Self::WrongRegion => "wrong region",
            Self::Unavailable => "store unavailable",
            Self::Timeout => "timed out",
            Self::Throttled => "throttled",
            Self::InvalidInput => "invalid input",
            Self::RangeNotSatisfiable => "range outside the object",
            Self::Unsupported => "unsupported",
            Self::Corrupt => "corrupt",
            Self::Other => "failed",
        }
    }

    /// The kind's name as `snake_case`, stable, for logs, metrics and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::BucketMissing => "bucket_missing",
            Self::AlreadyExists => "already_exists",
            Self::PreconditionFailed => "precondition_failed",
            Self::PermissionDenied => "permission_denied",
            Self::Unauthenticated => "unauthenticated",
            Self::ClockSkewed => "clock_skewed",
            Self::WrongRegion => "wrong_region",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Throttled => "throttled",
            Self::InvalidInput => "invalid_input",
            Self::RangeNotSatisfiable => "range_not_satisfiable",
            Self::Unsupported => "unsupported",
            Self::Corrupt => "corrupt",
            Self::Other => "other",
        }
    }

    /// Whether the same call may succeed later without any change by the caller.
    pub(super) const fn is_transient(self) -> bool {
        matches!(self, Self::Unavailable | Self::Timeout | Self::Throttled)
    }

    /// What a person can do about it, where the kind alone says it.
    pub(super) const fn hint(self) -> Option<&'static str> {
        match self {
            Self::BucketMissing => Some("create the bucket first, or check its name"),
            Self::AlreadyExists => Some("choose another name, or allow it to be renamed or replaced"),
            Self::PermissionDenied => Some("grant these credentials the action on this bucket"),
            Self::Unauthenticated => Some("check the access key, the secret key and the session token"),
            Self::ClockSkewed => Some("set this machine's clock, or the server's, by NTP"),
            Self::WrongRegion => Some("set the region that the bucket is in"),
            Self::Unavailable => Some("check that the endpoint is right and the server is up"),
            Self::Timeout => Some("check the network, or allow more time"),
            Self::Throttled => Some("send fewer requests at a time"),
            _ => None,
        }
    }
}

impl std::fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
