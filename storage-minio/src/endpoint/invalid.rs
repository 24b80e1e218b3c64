/// A URL that is no endpoint. It never repeats a part that may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidEndpoint {
    /// There is no `://`.
    #[error("it has no scheme; write https://host[:port] or http://host[:port]")]
    MissingScheme,
    /// The scheme is neither `http` nor `https`.
    #[error("its scheme is neither http nor https")]
    UnknownScheme,
    /// It holds an `@`, and so perhaps a password.
    #[error("it contains a user name or an `@`; give credentials apart from it")]
    UserInfo,
    /// It holds a `?`.
    #[error("it has a query; leave out what follows the `?`")]
    Query,
    /// It holds a `#`.
    #[error("it has a fragment; leave out what follows the `#`")]
    Fragment,
    /// It has a path where none is allowed.
    #[error("it has a path (`{0}`); only an external endpoint may have one, give the bucket apart from it")]
    Path(String),
    /// A base path has empty or dot segments, or a character that must be percent-encoded.
    #[error("its path `{0}` has an empty or dot segment, or a character that must be percent-encoded")]
    PathSyntax(String),
    /// The host is neither a DNS name nor an IP address.
    #[error(
        "its host `{0}` is neither a name nor an IP address; write IPv6 in brackets and other scripts in punycode (xn--…)"
    )]
    Host(String),
    /// The port is no number from 1 to 65535.
    #[error("its port `{0}` is no number from 1 to 65535")]
    Port(String),
    /// Virtual-host addressing would put the bucket's name before an IP address.
    #[error("virtual-host addressing needs a host name, not an IP address; use path addressing")]
    VirtualHostOnIp,
}

impl InvalidEndpoint {
    /// Enough of a refused part to recognise it by, safe to print.
    pub(super) fn excerpt(part: &str) -> String {
        part.chars().take(80).flat_map(char::escape_debug).collect()
    }
}

impl From<InvalidEndpoint> for storage_core::Error {
    fn from(error: InvalidEndpoint) -> Self {
        Self::invalid_input(format!("not a valid endpoint or base URL: {error}")).with_source(error)
    }
}
