use std::fmt;

use super::{InvalidEndpoint, Origin, public_base, url_type};

/// The server as the outside reaches it: `https://files.example.org`. Signed URLs are made for it.
///
/// What an [`Endpoint`](super::Endpoint) may be, and also a base path behind a proxy: `https://example.org/files`. The
/// proxy is taken to strip the path and to pass the `Host` header on unchanged; so the path is no part of what is signed.
///
/// ```
/// use storage_minio::ExternalEndpoint;
///
/// let endpoint: ExternalEndpoint = "https://example.org/files/".parse()?;
/// assert_eq!(endpoint.to_string(), "https://example.org/files");
/// # Ok::<(), storage_minio::InvalidEndpoint>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ExternalEndpoint {
    origin: Origin,
    base_path: String,
}

url_type!(ExternalEndpoint);

impl ExternalEndpoint {
    /// Reads a URL. A base path is taken as it is and must be percent-encoded; a `/` at its end is dropped.
    ///
    /// # Errors
    ///
    /// [`InvalidEndpoint`] says which part is wrong and what to write instead.
    pub fn new(url: impl AsRef<str>) -> Result<Self, InvalidEndpoint> {
        let (origin, path) = Origin::parse(url.as_ref())?;
        Ok(Self { origin, base_path: public_base::parse_base_path(path)?.to_owned() })
    }

    pub(crate) const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Empty, or begins with `/` and does not end with it.
    pub(crate) fn base_path(&self) -> &str {
        &self.base_path
    }
}

impl fmt::Display for ExternalEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.base_path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_base_path() {
        for (url, printed) in [
            ("https://example.org", "https://example.org"),
            ("https://example.org/", "https://example.org"),
            ("https://example.org/s3", "https://example.org/s3"),
            ("http://example.org:8080/a/b%20c/", "http://example.org:8080/a/b%20c"),
        ] {
            assert_eq!(ExternalEndpoint::new(url).unwrap().to_string(), printed);
        }
    }

    #[test]
    fn refuses_paths_that_clients_would_change() {
        for path in [
            "//", "/a//b", "/a/../b", "/.", "/%2e/a", "/a/.%2E", "/a b", "/ü", "/a%2", "/%zz", "/a\\b",
            "/a\"b", "/a<b",
        ] {
            assert_eq!(
                ExternalEndpoint::new(format!("https://example.org{path}")),
                Err(InvalidEndpoint::PathSyntax(InvalidEndpoint::excerpt(path))),
            );
        }
        assert_eq!(ExternalEndpoint::new("https://example.org/a?b"), Err(InvalidEndpoint::Query));
        assert_eq!(ExternalEndpoint::new("example.org"), Err(InvalidEndpoint::MissingScheme));
    }
}
