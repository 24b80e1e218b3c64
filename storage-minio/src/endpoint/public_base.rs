use std::fmt;

use super::{InvalidEndpoint, Origin, url_type};

/// What the URLs of public objects begin with, if not with the endpoint and the bucket: a CDN, or a web server of one's own.
///
/// The object `a/b.jpg` is at `{base}/a/b.jpg`. Signed URLs are not affected.
///
/// ```
/// use storage_minio::PublicBaseUrl;
///
/// let base: PublicBaseUrl = "https://cdn.example.org/media/".parse()?;
/// assert_eq!(base.to_string(), "https://cdn.example.org/media");
/// assert!("https://cdn.example.org/?v=1".parse::<PublicBaseUrl>().is_err());
/// # Ok::<(), storage_minio::InvalidEndpoint>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PublicBaseUrl(String);

url_type!(PublicBaseUrl);

impl PublicBaseUrl {
    /// Reads a URL. A path is taken as it is and must be percent-encoded; a `/` at its end is dropped.
    ///
    /// # Errors
    ///
    /// [`InvalidEndpoint`] says which part is wrong and what to write instead.
    pub fn new(url: impl AsRef<str>) -> Result<Self, InvalidEndpoint> {
        let (origin, path) = Origin::parse(url.as_ref())?;
        Ok(Self(format!("{origin}{}", parse_base_path(path)?)))
    }

    /// The URL, without a `/` at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicBaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Drops a `/` at the end, and refuses what a client would change before it sends the path.
pub(super) fn parse_base_path(path: &str) -> Result<&str, InvalidEndpoint> {
    let base = path.strip_suffix('/').unwrap_or(path);
    match base.split('/').skip(1).all(is_segment) {
        true => Ok(base),
        false => Err(InvalidEndpoint::PathSyntax(InvalidEndpoint::excerpt(path))),
    }
}

/// `segment-nz` of [RFC 3986 §3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3), and no dot segment, also an encoded one.
fn is_segment(segment: &str) -> bool {
    let is_escape =
        |rest: &str| rest.get(..2).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:%".contains(&byte);
    let unescaped = segment.to_ascii_lowercase().replace("%2e", ".");
    !matches!(unescaped.as_str(), "" | "." | "..")
        && segment.bytes().all(is_plain)
        && segment.split('%').skip(1).all(is_escape)
}
