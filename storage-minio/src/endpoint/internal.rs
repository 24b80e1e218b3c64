use std::fmt;

use super::{InvalidEndpoint, Origin, url_type};

/// The server as this program reaches it: `http://minio:9000`.
///
/// A URL of a scheme (`http` or `https`), a host (a name, an IPv4 address, an IPv6 address in brackets) and perhaps a port, 80 or
/// 443 unless given. It has no path: S3 servers are at the root of their host.
///
/// ```
/// use storage_minio::Endpoint;
///
/// let endpoint: Endpoint = "http://127.0.0.1:9000".parse()?;
/// assert_eq!((endpoint.host(), endpoint.port()), ("127.0.0.1", 9000));
/// assert!("minio:9000".parse::<Endpoint>().is_err());
/// # Ok::<(), storage_minio::InvalidEndpoint>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Endpoint(Origin);

url_type!(Endpoint);

impl Endpoint {
    /// Reads a URL.
    ///
    /// # Errors
    ///
    /// [`InvalidEndpoint`] says which part is wrong and what to write instead.
    pub fn new(url: impl AsRef<str>) -> Result<Self, InvalidEndpoint> {
        let (origin, path) = Origin::parse(url.as_ref())?;
        match path {
            "" | "/" => Ok(Self(origin)),
            _ => Err(InvalidEndpoint::Path(InvalidEndpoint::excerpt(path))),
        }
    }

    /// Whether the scheme is `https`.
    pub fn is_tls(&self) -> bool {
        self.0.is_tls()
    }

    /// The host, in lower case; an IPv6 address without its brackets.
    pub fn host(&self) -> &str {
        self.0.host()
    }

    /// The port: 80 or 443 unless the URL gave one.
    pub fn port(&self) -> u16 {
        self.0.port()
    }

    pub(crate) const fn origin(&self) -> &Origin {
        &self.0
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_normalises() {
        for (url, printed, host, port) in [
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000", "127.0.0.1", 9_000),
            ("HTTPS://MinIO.Example.org/", "https://minio.example.org", "minio.example.org", 443),
            ("https://s3.example.org:443", "https://s3.example.org", "s3.example.org", 443),
            ("http://s3.example.org:80", "http://s3.example.org", "s3.example.org", 80),
            ("http://s3.example.org:443", "http://s3.example.org:443", "s3.example.org", 443),
            ("http://[::1]:9000", "http://[::1]:9000", "::1", 9_000),
            ("http://[2001:DB8:0:0::1]", "http://[2001:db8::1]", "2001:db8::1", 80),
            ("http://minio_1:9000", "http://minio_1:9000", "minio_1", 9_000),
            ("http://localhost:065", "http://localhost:65", "localhost", 65),
        ] {
            let endpoint = Endpoint::new(url).unwrap();
            assert_eq!(endpoint.to_string(), printed);
            assert_eq!((endpoint.host(), endpoint.port()), (host, port));
            assert_eq!(endpoint.is_tls(), printed.starts_with("https"));
        }
    }

    #[test]
    fn each_fault_is_told_apart() {
        use InvalidEndpoint as E;
        for (url, fault) in [
            ("minio:9000", E::MissingScheme),
            ("", E::MissingScheme),
            ("ftp://minio", E::UnknownScheme),
            (" http://minio", E::UnknownScheme),
            ("http://user:pass@minio", E::UserInfo),
            ("http://minio?x=1", E::Query),
            ("http://minio/#top", E::Fragment),
            ("http://minio/bucket", E::Path("/bucket".into())),
            ("http://minio//", E::Path("//".into())),
            ("http://minio:", E::Port(String::new())),
            ("http://minio:0", E::Port("0".into())),
            ("http://minio:65536", E::Port("65536".into())),
            ("http://minio:+80", E::Port("+80".into())),
            ("http://minio:90:90", E::Port("90:90".into())),
            ("http://[::1]x", E::Host("[::1]x".into())),
            ("http://[::1%25eth0]", E::Host("[::1%25eth0]".into())),
            ("http://::1", E::Port(":1".into())),
            ("http://", E::Host(String::new())),
            ("http://a..b", E::Host("a..b".into())),
            ("http://-a", E::Host("-a".into())),
            ("http://a b", E::Host("a b".into())),
            ("http://bücher.example", E::Host("bücher.example".into())),
            ("http://1.2.3", E::Host("1.2.3".into())),
            ("http://1.2.3.256", E::Host("1.2.3.256".into())),
            ("http://a\\b", E::Host("a\\\\b".into())),
            ("http://a\u{1b}[31m", E::Host("a\\u{1b}[31m".into())),
        ] {
            assert_eq!(Endpoint::new(url), Err(fault), "{url}");
        }
    }

    #[test]
    fn no_error_shows_a_password() {
        for url in [
            "http://key:hunter2@minio",
            "http://key:hunt/er2@minio",
            "http://key:hunt?er2@minio",
            "key:hunter2@x",
        ] {
            let error = storage_core::Error::from(Endpoint::new(url).unwrap_err());
            assert!(!format!("{error} {error:?}").contains("hunt"), "{error:?}");
        }
    }
}
