use std::fmt;

use super::Endpoint;
use super::embedded::base_url;

/// Where the users' browsers reach a server: what an [`Endpoint`] is, and perhaps a base path behind a proxy, which strips it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalEndpoint {
    endpoint: Endpoint,
    base_path: String,
}

impl ExternalEndpoint {
    /// From `host[:port][/path]` and whether to use TLS, as the environment and the file say it.
    pub(super) fn from_authority(text: &str, https: bool) -> Result<Self, String> {
        let (authority, path) = match text.contains("://") {
            true => (text, ""),
            false => at_slash(text),
        };
        Ok(Self { endpoint: Endpoint::from_authority(authority, https)?, base_path: base_path(path)? })
    }

    /// From `https://host[:port][/path]`, as code says it.
    pub(super) fn from_url(text: &str) -> Result<Self, String> {
        let after_scheme = text.find("://").map_or(0, |at| at + 3);
        let authority = at_slash(&text[after_scheme..]).0;
        let (url, path) = text.split_at(after_scheme + authority.len());
        Ok(Self { endpoint: Endpoint::from_url(url)?, base_path: base_path(path)? })
    }

    /// The server's scheme, host and port.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Empty, or begins with `/` and does not end with it.
    pub fn base_path(&self) -> &str {
        &self.base_path
    }
}

impl fmt::Display for ExternalEndpoint {
    /// The URL: `https://example.org/files`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.endpoint, self.base_path)
    }
}

/// What stands before the first slash, and the rest with it.
fn at_slash(text: &str) -> (&str, &str) {
    text.split_at(text.find('/').unwrap_or(text.len()))
}

fn base_path(path: &str) -> Result<String, String> {
    match path {
        "" | "/" => Ok(String::new()),
        path if path.starts_with("//") => Err("its path may have no empty, `.` or `..` segment".into()),
        path => base_url(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_path() {
        for (text, url) in [
            ("files.example.org", "https://files.example.org"),
            ("files.example.org/", "https://files.example.org"),
            ("example.org:8443/s3/x%20y/", "https://example.org:8443/s3/x%20y"),
            ("[::1]:9000/s3", "https://[::1]:9000/s3"),
        ] {
            let from_url = ExternalEndpoint::from_url(&format!("https://{text}"));
            for endpoint in [ExternalEndpoint::from_authority(text, true), from_url] {
                assert_eq!(endpoint.map(|endpoint| endpoint.to_string()), Ok(url.to_owned()), "{text}");
            }
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "", "/s3", "h/a?b", "h/a#b", "h/a//b", "h//", "h//a", "h/..", "h/./a", "h/ü", "h/a b", "u@h/a",
            "h?x", "h:x/a",
        ] {
            assert!(ExternalEndpoint::from_authority(text, true).is_err(), "{text}");
            assert!(ExternalEndpoint::from_url(&format!("https://{text}")).is_err(), "{text}");
        }
        assert!(ExternalEndpoint::from_authority("https://h/a", true).is_err());
        assert!(ExternalEndpoint::from_url("h/a").is_err());
    }
}
