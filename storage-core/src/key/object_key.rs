use std::sync::Arc;

use super::name_type;

/// The longest key, in bytes of UTF-8
/// ([S3 user guide, "Naming Amazon S3 objects"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html)).
pub const MAX_KEY_BYTES: usize = 1_024;

/// The full name of an object in its bucket: `2026-11-23/tom.jpg`.
///
/// Validated once, then carried around freely; a clone costs a counter. A key is 1 to [`MAX_KEY_BYTES`] bytes of UTF-8,
/// made of segments joined by `/`. No segment is empty, `.` or `..`, and no character is a control character, so that
/// a key means the same on every server, in a URL and on a disk. It is never normalised: what others stored stays reachable.
///
/// ```
/// use storage_core::ObjectKey;
///
/// let key: ObjectKey = "2026-11-23/Übersicht.pdf".parse()?;
/// assert_eq!(key.file_name(), "Übersicht.pdf");
/// assert!("../etc/passwd".parse::<ObjectKey>().is_err());
/// # Ok::<(), storage_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey(Arc<str>);

name_type!(ObjectKey, InvalidKey);

impl ObjectKey {
    /// A key of 32 hexadecimal digits that nobody can guess, 128 random bits: for a direct upload.
    ///
    /// # Errors
    ///
    /// The operating system gave no random bytes.
    pub fn random() -> crate::Result<Self> {
        crate::random::hex().map(|digits| Self(digits.into()))
    }

    /// Checks `key` and takes it as it is.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] says which rule is broken.
    pub fn new(key: impl AsRef<str>) -> Result<Self, InvalidKey> {
        let key = key.as_ref();
        match broken_rule(key) {
            None => Ok(Self(key.into())),
            Some(rule) => Err(InvalidKey { key: excerpt(key), rule }),
        }
    }

    /// The last segment.
    pub fn file_name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// Everything before the last `/`, or `None` at the top level.
    pub fn parent(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(parent, _)| parent)
    }

    /// What follows the file name's last dot: `gz` of `x.tar.gz`. A name that begins with its only dot has none.
    pub fn extension(&self) -> Option<&str> {
        let (stem, extension) = self.file_name().rsplit_once('.')?;
        (!stem.is_empty()).then_some(extension)
    }

    /// The key `self/name`.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if that is no valid key: `name` may not be absolute or hold `..`.
    pub fn join(&self, name: impl AsRef<str>) -> Result<Self, InvalidKey> {
        Self::new(format!("{self}/{}", name.as_ref()))
    }

    /// The segments from left to right.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

/// A string that is no [`ObjectKey`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a valid key: {rule}", key.escape_debug())]
pub struct InvalidKey {
    key: String,
    rule: &'static str,
}

fn broken_rule(key: &str) -> Option<&'static str> {
    if key.is_empty() {
        return Some("it is empty");
    }
    if key.len() > MAX_KEY_BYTES {
        return Some("it is longer than 1,024 bytes");
    }
    if key.starts_with('/') {
        return Some("it starts with `/`; keys are relative to their bucket");
    }
    if key.ends_with('/') {
        return Some("it ends with `/`; a key names an object, not a folder");
    }
    if key.chars().any(char::is_control) {
        return Some("it contains a control character");
    }
    key.split('/').find_map(|segment| match segment {
        "" => Some("it contains an empty segment (`//`)"),
        "." | ".." => Some("it contains a `.` or `..` segment"),
        _ => None,
    })
}

/// Enough of a refused key to recognise it by.
fn excerpt(key: &str) -> String {
    const LONGEST: usize = 120;
    match key.char_indices().nth(LONGEST) {
        None => key.to_owned(),
        Some((end, _)) => format!("{}…", &key[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_servers_store() {
        for key in [
            "a",
            "a/b",
            "ü.txt",
            "a b+c%20",
            "~#?*[]'\"<>&=\\",
            ".hidden",
            "...",
            "a/..b",
            "f.",
            "日本/語.txt",
            "\u{202e}",
        ] {
            assert_eq!(ObjectKey::new(key).map(String::from), Ok(key.to_owned()));
        }
        assert!(ObjectKey::new("k".repeat(1_024)).is_ok());
    }

    #[test]
    fn refuses_what_cannot_be_one_object_everywhere() {
        for key in
            ["", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.", "./a", "a\0b", "a\nb", "a\u{7f}", "a\u{85}b"]
        {
            assert!(ObjectKey::new(key).is_err(), "{key:?}");
        }
        assert!(ObjectKey::new("ü".repeat(513)).is_err());
    }

    #[test]
    fn an_error_shows_an_excerpt_without_control_characters() {
        let Err(error) = ObjectKey::new(format!("\u{1b}{}", "ü".repeat(2_000))) else { panic!("accepted") };
        let text = error.to_string();
        assert!(text.starts_with("`\\u{1b}ü"), "{text}");
        assert!(text.len() < 400, "{text}");
    }

    #[test]
    fn splits_at_the_last_slash() {
        let key = ObjectKey::new("a/b/c.txt").unwrap();
        assert_eq!((key.parent(), key.file_name()), (Some("a/b"), "c.txt"));
        assert_eq!(key.segments().collect::<Vec<_>>(), ["a", "b", "c.txt"]);
        assert_eq!(ObjectKey::new("c").unwrap().parent(), None);
        assert_eq!((key.extension(), ObjectKey::new("a.b/.c").unwrap().extension()), (Some("txt"), None));
        assert_eq!(ObjectKey::new("a").unwrap().join("b/c.txt").unwrap(), "a/b/c.txt");
        assert!(key.join("../x").is_err() && key.join("/x").is_err());
    }
}
