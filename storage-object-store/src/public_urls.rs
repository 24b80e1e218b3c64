use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use storage_core::url::UrlSigner;
use storage_core::{Error, FileUrl, ObjectKey, Result, UrlOptions};

/// `unreserved` of [RFC 3986 §2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3), and the `/` between segments.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Plain addresses below a base; none is signed.
#[derive(Clone, Debug)]
pub(crate) struct PublicUrls {
    /// Without `/` at its end.
    base: String,
}

impl PublicUrls {
    pub(crate) fn new(base: String) -> Result<Self> {
        let parsed = url::Url::parse(&base).ok().filter(|url| {
            matches!(url.scheme(), "https" | "http")
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none()
        });
        match parsed {
            Some(url) => Ok(Self { base: url.as_str().trim_end_matches('/').to_owned() }),
            None => Err(Error::invalid_input(
                "a public base URL begins with https:// or http:// and has no user, query or fragment",
            )),
        }
    }
}

impl UrlSigner for PublicUrls {
    fn public_url(&self, key: &ObjectKey) -> Result<FileUrl> {
        Ok(FileUrl::new(format!("{}/{}", self.base, utf8_percent_encode(key.as_str(), ENCODED))))
    }

    fn signed_url(&self, key: &ObjectKey, _: &UrlOptions) -> Result<FileUrl> {
        Err(Error::unsupported("object_store signs URLs only by asking a server, which `url` never does")
            .with_operation("signed_url")
            .with_key(key)
            .with_hint(
                "make the bucket public, serve the object through the application, or use a store that signs",
            ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_encoded_below_the_base() {
        let urls = PublicUrls::new("https://cdn.example.org/m/".to_owned()).unwrap();
        let url = urls.public_url(&"a b/ü?#.txt".parse().unwrap()).unwrap();
        assert_eq!(url.as_str(), "https://cdn.example.org/m/a%20b/%C3%BC%3F%23.txt");
    }

    #[test]
    fn a_base_holds_no_secret() {
        for base in ["https://u:p@h/", "https://h/?sig=x", "gs://h/", "/files", "https://h/#x"] {
            assert!(PublicUrls::new(base.to_owned()).is_err(), "{base}");
        }
    }
}
