use std::fmt;
use std::time::Duration;

use crate::{Error, ErrorKind};

/// How a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HealthState {
    /// What was asked for works.
    Up,
    /// Nothing listens there.
    Refused,
    /// The host's name has no address.
    Unresolved,
    /// No TLS with the server: its certificate is not trusted, or it speaks none.
    TlsFailed,
    /// No answer in the time allowed.
    TimedOut,
    /// It cannot be reached for another reason.
    Unreachable,
    /// The server does not know the access key.
    UnknownAccessKey,
    /// The access key is known, and the secret key is not the one that belongs to it.
    WrongSecretKey,
    /// The credentials are refused for another reason, such as an expired session token.
    CredentialsRefused,
    /// The clocks differ by more than signatures allow.
    ClockSkewed(Option<ClockSkew>),
    /// Requests are signed for another region than the server's.
    WrongRegion,
    /// The server is up, and the bucket is not there.
    BucketMissing,
    /// The server is up, and these credentials may not use the bucket.
    Forbidden,
    /// The server answers that it cannot work now: starting, overloaded, or too few of its nodes or drives are there to write.
    Unhealthy,
    /// It answers something else, such as a site that is no S3 server.
    Failed,
}

/// How far the clock here is from the server's; to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClockSkew {
    /// The clock here is ahead.
    Ahead(Duration),
    /// The clock here is behind.
    Behind(Duration),
}

impl HealthState {
    /// What an error says of the store as such. What is only said of an object, such as that it does not exist, says that the store is up.
    pub fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Unavailable | ErrorKind::Throttled if error.http_status().is_some() => Self::Unhealthy,
            ErrorKind::Throttled => Self::Unhealthy,
            ErrorKind::Unavailable => Self::Unreachable,
            ErrorKind::Timeout => Self::TimedOut,
            ErrorKind::Unauthenticated => match error.code() {
                Some("InvalidAccessKeyId" | "XAdminUserNotFound") => Self::UnknownAccessKey,
                Some("SignatureDoesNotMatch") => Self::WrongSecretKey,
                _ => Self::CredentialsRefused,
            },
            ErrorKind::ClockSkewed => Self::ClockSkewed(None),
            ErrorKind::WrongRegion => Self::WrongRegion,
            ErrorKind::BucketMissing => Self::BucketMissing,
            ErrorKind::PermissionDenied => Self::Forbidden,
            ErrorKind::NotFound => Self::Up,
            _ => Self::Failed,
        }
    }

    /// One word for logs and scripts; it does not change.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Refused => "refused",
            Self::Unresolved => "unresolved",
            Self::TlsFailed => "tls_failed",
            Self::TimedOut => "timed_out",
            Self::Unreachable => "unreachable",
            Self::UnknownAccessKey => "unknown_access_key",
            Self::WrongSecretKey => "wrong_secret_key",
            Self::CredentialsRefused => "credentials_refused",
            Self::ClockSkewed(_) => "clock_skewed",
            Self::WrongRegion => "wrong_region",
            Self::BucketMissing => "bucket_missing",
            Self::Forbidden => "forbidden",
            Self::Unhealthy => "unhealthy",
            Self::Failed => "failed",
        }
    }

    /// What to do about it; nothing if the store is up.
    pub const fn advice(&self) -> Option<&'static str> {
        Some(match self {
            Self::Up => return None,
            Self::Refused => "start the server, or correct the endpoint's port",
            Self::Unresolved => "correct the endpoint's host name, or mend the name service",
            Self::TlsFailed => "check the endpoint's scheme, the server's certificate, and the CA bundle",
            Self::TimedOut => "look at the server's load and at the network between, firewalls included",
            Self::Unreachable => "look at the network between here and the server",
            Self::UnknownAccessKey => "correct the access key",
            Self::WrongSecretKey => "correct the secret key",
            Self::CredentialsRefused => "renew the credentials",
            Self::ClockSkewed(_) => "set the clocks of both machines by NTP",
            Self::WrongRegion => "set the region to the server's",
            Self::BucketMissing => "correct the bucket's name, or create it",
            Self::Forbidden => "give these credentials a policy that allows the bucket",
            Self::Unhealthy => "look at the server's own health: drives, nodes, load",
            Self::Failed => {
                "check that the endpoint is the address of an S3 server, not of its console or another site"
            }
        })
    }
}

impl fmt::Display for HealthState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClockSkewed(Some(skew)) => write!(f, "clock skewed, {skew}"),
            state => f.write_str(&state.as_str().replace('_', " ")),
        }
    }
}

impl fmt::Display for ClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ahead(by) => write!(f, "{} s ahead of the server", by.as_secs()),
            Self::Behind(by) => write!(f, "{} s behind the server", by.as_secs()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_how_the_store_is() {
        let coded = |kind, code: &str| HealthState::of(&Error::new(kind, "").with_code(code.to_owned()));
        let of = |kind| HealthState::of(&Error::new(kind, ""));
        assert_eq!(of(ErrorKind::NotFound), HealthState::Up);
        assert_eq!(of(ErrorKind::Unavailable), HealthState::Unreachable);
        let answered = Error::new(ErrorKind::Unavailable, "").with_http_status(503);
        assert_eq!(HealthState::of(&answered), HealthState::Unhealthy);
        assert_eq!(coded(ErrorKind::Unauthenticated, "InvalidAccessKeyId"), HealthState::UnknownAccessKey);
        assert_eq!(coded(ErrorKind::Unauthenticated, "SignatureDoesNotMatch"), HealthState::WrongSecretKey);
        assert_eq!(coded(ErrorKind::Unauthenticated, "ExpiredToken"), HealthState::CredentialsRefused);
        let skew = HealthState::ClockSkewed(Some(ClockSkew::Behind(Duration::from_secs(3_600))));
        assert_eq!(skew.to_string(), "clock skewed, 3600 s behind the server");
    }
}
