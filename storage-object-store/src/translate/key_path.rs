//! Keys as `object_store`'s paths, and back.

use object_store::path::Path;
use storage_core::{Error, ObjectKey, Result};

/// The path of a key. It is the key as it is: nothing is escaped.
pub(crate) fn path_of(key: &ObjectKey) -> Result<Path> {
    exact(key.as_str()).ok_or_else(|| Error::unsupported("object_store cannot address this key"))
}

/// Whether `LocalFileSystem` keeps such a name to itself: it writes `a#1` first and makes it `a` then.
pub(crate) fn is_local_temporary(key: &ObjectKey) -> bool {
    let number = key.file_name().split_once('#').map_or("", |(_, number)| number);
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The path that is exactly this string, if there is one: `a//b` and `a/` have none.
pub(crate) fn exact(key: &str) -> Option<Path> {
    Path::parse(key).ok().filter(|path| path.as_ref() == key && !key.is_empty())
}

/// The longest folder that all keys with this prefix are in and that a path can name; `None` for the root.
pub(crate) fn folder_of(prefix: &str) -> Option<Path> {
    let mut end = prefix.rfind('/')?;
    loop {
        if let Some(path) = exact(&prefix[..end]) {
            return Some(path);
        }
        end = prefix[..end].rfind('/')?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_becomes_the_same_path() {
        for key in ["a/b", "a b+%20{}#~", "日本/語", "a\\..\\b"] {
            assert_eq!(path_of(&key.parse().unwrap()).unwrap().as_ref(), key);
        }
    }

    #[test]
    fn names_with_a_number_behind_a_hash_are_temporary() {
        for (key, expected) in
            [("d/a#1", true), ("a#", false), ("a#1b", false), ("a#1/b", false), ("1", false)]
        {
            assert_eq!(is_local_temporary(&key.parse().unwrap()), expected, "{key}");
        }
    }

    #[test]
    fn what_a_path_would_change_has_none() {
        for key in ["", "/a", "a/", "a//b", "../a", "a\n"] {
            assert_eq!(exact(key), None, "{key}");
        }
    }

    #[test]
    fn the_folder_of_a_prefix_holds_all_its_keys() {
        let folder = |prefix| folder_of(prefix).map(String::from);
        assert_eq!(folder("a/b/c"), Some("a/b".to_owned()));
        assert_eq!(folder("a/b/"), Some("a/b".to_owned()));
        assert_eq!(folder("a//b/c"), Some("a".to_owned()));
        assert_eq!((folder("a"), folder(""), folder("/a/b")), (None, None, None));
    }
}
