/// Types that the general table has not, or has by an older name
/// ([RFC 9239](https://www.rfc-editor.org/rfc/rfc9239) for JavaScript).
const CURRENT: [(&str, &str); 12] = [
    ("avif", "image/avif"),
    ("cjs", "text/javascript"),
    ("gz", "application/gzip"),
    ("heic", "image/heic"),
    ("js", "text/javascript"),
    ("jxl", "image/jxl"),
    ("mjs", "text/javascript"),
    ("opus", "audio/ogg"),
    ("tgz", "application/gzip"),
    ("webmanifest", "application/manifest+json"),
    ("woff", "font/woff"),
    ("zst", "application/zstd"),
];

/// The content type that a name's extension stands for, in any case of letters.
///
/// Only the last extension counts: `x.tar.gz` is `application/gzip`, and nothing is said about a content encoding.
///
/// ```
/// use storage_core::content_type::from_name;
///
/// assert_eq!(from_name("cats/tom.JPG"), Some("image/jpeg"));
/// assert_eq!(from_name("x.tar.gz"), Some("application/gzip"));
/// assert_eq!(from_name("Makefile"), None);
/// ```
pub fn from_name(name: &str) -> Option<&'static str> {
    let file = name.rsplit('/').next()?;
    let (stem, extension) = file.rsplit_once('.')?;
    if stem.is_empty() {
        return None;
    }
    let current = CURRENT.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
    match current {
        Some((_, content_type)) => Some(content_type),
        None => mime_guess::from_ext(extension).first_raw(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_types_of_the_web() {
        for (name, content_type) in [
            ("a.html", "text/html"),
            ("a.css", "text/css"),
            ("a.js", "text/javascript"),
            ("a.json", "application/json"),
            ("a.svg", "image/svg+xml"),
            ("a.png", "image/png"),
            ("a.webp", "image/webp"),
            ("a.avif", "image/avif"),
            ("a.mp4", "video/mp4"),
            ("a.pdf", "application/pdf"),
            ("a.woff2", "font/woff2"),
            ("a.wasm", "application/wasm"),
            ("a.xml", "text/xml"),
            ("a.b.TXT", "text/plain"),
        ] {
            assert_eq!(from_name(name), Some(content_type), "{name}");
        }
        for name in ["a", ".jpg", "a.", "a.nosuchextension", "dir.jpg/a", ""] {
            assert_eq!(from_name(name), None, "{name}");
        }
    }
}
