use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands for itself in a path, as a store's signed URLs have it (RFC 3986, `unreserved`, and the slash).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The URL of a path.
pub(super) fn join(base: &str, path: &str) -> String {
    let mut url = String::with_capacity(base.len() + path.len() + 8);
    url.push_str(base);
    url.extend(utf8_percent_encode(path, ENCODED));
    url
}

/// A name without its query and fragment, and these.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.split_at(name.find(['?', '#']).unwrap_or(name.len()))
}

/// A text in an attribute of HTML.
pub(super) fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_encoded_as_a_store_has_it() {
        assert_eq!(join("/s/", "a b/é+(1)'~._-.png"), "/s/a%20b/%C3%A9%2B%281%29%27~._-.png");
        assert_eq!(split("a.eot?#iefix"), ("a.eot", "?#iefix"));
        assert_eq!(split("a#b?c"), ("a", "#b?c"));
        assert_eq!(split("a"), ("a", ""));
    }
}
