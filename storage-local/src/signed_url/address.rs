use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use storage_core::ObjectKey;

use super::BaseUrl;

/// Everything but the unreserved characters of [RFC 3986 §2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path's slashes stay.
const ENCODED_PATH: &AsciiSet = &ENCODED.remove(b'/');

/// The paths of one store's objects.
#[derive(Debug)]
pub(super) struct Address {
    origin: String,
    /// `{base path}/{store}/`
    prefix: String,
}

impl Address {
    pub(super) fn new(base: BaseUrl, store: &str) -> Self {
        Self {
            origin: base.origin,
            prefix: format!("{}/{}/", base.path, utf8_percent_encode(store, ENCODED)),
        }
    }

    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// Where forms go: the path of the store itself.
    pub(super) fn form_path(&self) -> &str {
        self.prefix.trim_end_matches('/')
    }

    pub(super) fn path(&self, key: &ObjectKey) -> String {
        format!("{}{}", self.prefix, utf8_percent_encode(key.as_str(), ENCODED_PATH))
    }

    /// The key whose path this is, in its one spelling.
    pub(super) fn key(&self, path: &str) -> Option<ObjectKey> {
        let encoded = path.strip_prefix(&self.prefix)?;
        let key = ObjectKey::new(percent_decode_str(encoded).decode_utf8().ok()?).ok()?;
        (self.path(&key) == path).then_some(key)
    }
}

pub(super) fn encode(value: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(value, ENCODED)
}

/// A parameter's value, if it is UTF-8; its spelling is not checked.
pub(super) fn decode(value: &str) -> Option<String> {
    Some(percent_decode_str(value).decode_utf8().ok()?.into_owned())
}

/// Whether a parameter of this name stands in a query as it is.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_spelling() {
        let address = Address::new(BaseUrl::new("https://h/f").unwrap(), "my store");
        let key: ObjectKey = "a b/ü+?.txt".parse().unwrap();
        let path = address.path(&key);
        assert_eq!(path, "/f/my%20store/a%20b/%C3%BC%2B%3F.txt");
        assert_eq!(address.key(&path), Some(key));
        for other in [
            "/f/my%20store/a%20b/%c3%bc%2B%3F.txt",
            "/f/my%20store/a+b/x",
            "/f/my%20store/%61",
            "/f/my%20store/a//b",
            "/f/my%20store/%2e%2e/x",
            "/f/my%20store/",
            "/f/other/a",
            "/f/my%20store/%FF",
            "/f/my%20store/a%2Fb",
        ] {
            assert_eq!(address.key(other), None, "{other}");
        }
    }
}
