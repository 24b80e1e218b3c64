use std::fmt;

/// The address of an object: absolute for S3, root-relative (`/files/…`) for an embedded store without a base URL.
///
/// A signed URL opens the object for whoever has it: `Debug` leaves its query out; `Display` is the URL itself.
#[derive(Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct FileUrl(String);

impl FileUrl {
    /// Takes a URL that is encoded already. For those who write a store.
    pub fn new(url: String) -> Self {
        Self(url)
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for FileUrl {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<FileUrl> for String {
    fn from(url: FileUrl) -> Self {
        url.0
    }
}

/// A root-relative URL has no host to be parsed with, and is an error
/// ([`ParseError::RelativeUrlWithoutBase`](url::ParseError::RelativeUrlWithoutBase)): join it to your site's.
#[cfg(feature = "url")]
impl TryFrom<FileUrl> for url::Url {
    type Error = url::ParseError;

    fn try_from(url: FileUrl) -> Result<Self, Self::Error> {
        Self::parse(&url.0)
    }
}

impl fmt::Display for FileUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for FileUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_once('?') {
            None => write!(f, "FileUrl({:?})", self.0),
            Some((path, _)) => write!(f, "FileUrl({path:?}?***)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_signature() {
        let url = FileUrl::new("/files/a?signature=secret".into());
        assert_eq!(format!("{url:?}"), "FileUrl(\"/files/a\"?***)");
        assert_eq!(url.to_string(), "/files/a?signature=secret");
    }

    #[cfg(feature = "url")]
    #[test]
    fn an_absolute_one_becomes_a_url() {
        let absolute = FileUrl::new("https://files.test/a%20b?x=1".into());
        assert_eq!(url::Url::try_from(absolute).unwrap().path(), "/a%20b");
        assert!(url::Url::try_from(FileUrl::new("/files/a".into())).is_err());
    }
}
