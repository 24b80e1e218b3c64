use storage_core::{Error, Result};

/// Where an embedded store's objects are served unless it is told otherwise.
pub(super) const DEFAULT_BASE: &str = "/files";

/// What stands before the store's name in every URL, without a slash at its end: `https://example.org/files`, `/files` or
/// nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    /// Scheme and host, or nothing.
    pub(super) origin: String,
    /// Nothing, or a path that begins with `/`.
    pub(super) path: String,
}

impl BaseUrl {
    /// Takes `/path`, or `http(s)://host[:port][/path]`.
    pub(crate) fn new(base: &str) -> Result<Self> {
        let (origin, path) = match base.split_once("://") {
            None => ("", base),
            Some((scheme, rest)) => {
                if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
                    return Err(fault(base, "its scheme must be http or https"));
                }
                let host = rest.find('/').unwrap_or(rest.len());
                if host == 0 {
                    return Err(fault(base, "it has no host"));
                }
                if rest[..host].contains('@') {
                    return Err(fault("…", "it may not hold a user or a password"));
                }
                base.split_at(scheme.len() + "://".len() + host)
            }
        };
        if origin.is_empty() && !path.starts_with('/') {
            return Err(fault(base, "it must begin with `/`, `http://` or `https://`"));
        }
        if !base.bytes().all(|byte| byte.is_ascii_graphic()) || base.contains(['?', '#', '\\', '"', '<', '>'])
        {
            return Err(fault(base, "it may hold only what a URL's path may, with the rest percent-encoded"));
        }
        let path = path.trim_end_matches('/');
        if path.split('/').skip(1).any(|segment| matches!(segment, "" | "." | "..")) {
            return Err(fault(base, "its path may not hold an empty, `.` or `..` segment"));
        }
        Ok(Self { origin: origin.to_owned(), path: path.to_owned() })
    }
}

impl Default for BaseUrl {
    fn default() -> Self {
        Self { origin: String::new(), path: DEFAULT_BASE.to_owned() }
    }
}

fn fault(base: &str, rule: &str) -> Error {
    Error::invalid_input(format!("`{}` is no base URL: {rule}", base.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_paths_and_absolute_urls() {
        for (base, origin, path) in [
            ("/files", "", "/files"),
            ("/a/b/", "", "/a/b"),
            ("/", "", ""),
            ("https://example.org", "https://example.org", ""),
            ("http://[::1]:8080/m%C3%BC/", "http://[::1]:8080", "/m%C3%BC"),
        ] {
            let expected = BaseUrl { origin: origin.into(), path: path.into() };
            assert_eq!(BaseUrl::new(base).ok(), Some(expected), "{base}");
        }
    }

    #[test]
    fn refuses_what_cannot_stand_before_a_path() {
        for base in [
            "",
            "files",
            "//evil.example",
            "ftp://h/",
            "https:///x",
            "/a?b",
            "/a#b",
            "/a b",
            "/ü",
            "/a/../b",
            "/a//b",
            "https://user:secret@h/",
            "javascript:alert(1)",
            "/a\\b",
        ] {
            assert!(BaseUrl::new(base).is_err(), "{base}");
        }
        let error = BaseUrl::new("https://user:secret@h/").unwrap_err();
        assert!(!error.to_string().contains("secret"));
    }
}
