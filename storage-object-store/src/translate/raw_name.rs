//! Names that no path of `object_store` can hold, in a form that one can.
//!
//! Our transport gives them this form in a server's listing, and our listing takes it off again; nobody else sees it.

use percent_encoding::percent_decode_str;
#[cfg(any(test, feature = "_http"))]
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

#[cfg(any(test, feature = "_http"))]
use crate::translate::key_path::exact;

/// A private-use character, which no name begins with but ours; one that does is escaped like an odd one.
const MARK: &str = "\u{10fffd}raw:";

/// The name in a form that a path can hold; `None` if it can be held as it is and need not be escaped.
#[cfg(any(test, feature = "_http"))]
pub(crate) fn escape(name: &str, is_needed: bool) -> Option<String> {
    match !is_needed && exact(name).is_some() && !name.starts_with(MARK) {
        true => None,
        false => Some(format!("{MARK}{}", utf8_percent_encode(name, NON_ALPHANUMERIC))),
    }
}

/// The name that has this form, or that is plain.
pub(crate) fn unescape(path: &str) -> String {
    match path.strip_prefix(MARK) {
        Some(encoded) => percent_decode_str(encoded).decode_utf8_lossy().into_owned(),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_become_paths_and_come_back() {
        for name in ["a//b", "a/", "/a", "//", "..", "a/../b", "a\nb", "", "\u{10fffd}raw:x", "ü//ö"] {
            let escaped = escape(name, false).unwrap();
            assert!(exact(&escaped).is_some(), "{name}");
            assert_eq!(unescape(&escaped), name);
        }
        for name in ["a/b", "%2F", "ü"] {
            assert_eq!((escape(name, false), unescape(name).as_str()), (None, name));
        }
    }
}
