use crate::key::MAX_KEY_BYTES;
use crate::{Error, ObjectKey, Result};

/// The longest file name, in bytes: servers that keep objects as files take no longer segment.
const MAX_SEGMENT_BYTES: usize = 255;

/// A longer "extension" is part of the name.
const MAX_EXTENSION_BYTES: usize = 32;

/// A name in three: the folder with its slash, the stem, the extension with its dot. `x.tar.gz` has the extension `.tar.gz`.
pub(super) fn split(name: &str) -> (&str, &str, &str) {
    let (folder, file) = name.split_at(name.rfind('/').map_or(0, |slash| slash + 1));
    let mut stem = file.trim_end_matches(|c| c != '.').trim_end_matches('.');
    if stem.is_empty() || file.len() - stem.len() > MAX_EXTENSION_BYTES {
        // Nothing but dots before the last one, or very many of them.
        stem = file.rsplit_once('.').map_or("", |(stem, _)| stem);
    }
    let is_extension = |text: &str| text.len() <= MAX_EXTENSION_BYTES && !text.contains(char::is_whitespace);
    if stem.is_empty() || file.ends_with('.') || !is_extension(&file[stem.len()..]) {
        stem = file;
    } else if let Some((inner, tar)) = stem.rsplit_once('.')
        && tar.eq_ignore_ascii_case("tar")
        && !inner.is_empty()
    {
        stem = inner;
    }
    (folder, stem, &file[stem.len()..])
}

/// The name, with its stem cut so that all of it has at most `max_bytes`, and the file name at most [`MAX_SEGMENT_BYTES`].
/// Neither a character nor the extension is broken.
pub(crate) fn shorten(name: &str, max_bytes: usize) -> Result<ObjectKey> {
    let (folder, stem, extension) = split(name);
    join(folder, stem, "", extension, max_bytes)
}

/// `folder`, as much of `stem` as there is room for, `suffix`, `extension`.
pub(super) fn join(
    folder: &str,
    stem: &str,
    suffix: &str,
    extension: &str,
    max_bytes: usize,
) -> Result<ObjectKey> {
    // A store may take longer keys than there can be.
    let max_bytes = max_bytes.min(MAX_KEY_BYTES);
    let fixed = suffix.len() + extension.len();
    let room = max_bytes.saturating_sub(folder.len()).min(MAX_SEGMENT_BYTES).saturating_sub(fixed);
    let kept = match stem.len() <= room {
        true => stem,
        false => &stem[..stem.floor_char_boundary_at(room)],
    };
    if kept.is_empty() && !stem.is_empty() {
        return Err(Error::invalid_input(format!(
            "the name cannot be shortened to {max_bytes} bytes: its folder and extension alone leave no room"
        ))
        .with_operation("save")
        .with_key(format!("{folder}{stem}{extension}")));
    }
    Ok(ObjectKey::new(format!("{folder}{kept}{suffix}{extension}"))?)
}

trait FloorCharBoundary {
    /// The last character boundary at or before `index`.
    fn floor_char_boundary_at(&self, index: usize) -> usize;
}

impl FloorCharBoundary for str {
    fn floor_char_boundary_at(&self, index: usize) -> usize {
        (0..=index).rev().find(|&at| self.is_char_boundary(at)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_folder_stem_and_extension() {
        for (name, parts) in [
            ("a/b/c.jpg", ("a/b/", "c", ".jpg")),
            ("x.tar.gz", ("", "x", ".tar.gz")),
            (".tar.gz", ("", ".tar", ".gz")),
            (".bashrc", ("", ".bashrc", "")),
            ("a.b/c", ("a.b/", "c", "")),
            ("x.", ("", "x.", "")),
            ("Dr. Who and friends", ("", "Dr. Who and friends", "")),
            ("..jpg", ("", ".", ".jpg")),
            ("...", ("", "...", "")),
            ("x..jpg", ("", "x", "..jpg")),
            ("…ü.…", ("", "…ü", ".…")),
        ] {
            assert_eq!(split(name), parts, "{name}");
        }
    }

    #[test]
    fn shortens_the_stem_only_and_between_characters() {
        let name = format!("d/{}.jpeg", "ü".repeat(300));
        let key = shorten(&name, 1_024).unwrap();
        assert_eq!(key.as_str(), format!("d/{}.jpeg", "ü".repeat(125)));
        assert_eq!(shorten("d/üü.jpg", 9).unwrap().as_str(), "d/ü.jpg");
        assert_eq!(shorten("short.txt", 9).unwrap().as_str(), "short.txt");
        assert!(shorten("d/ü.jpg", 8).is_ok());
        assert!(shorten("d/ü.jpg", 7).is_err());
        assert!(shorten(&format!("{}/x.jpg", "d".repeat(1_022)), 1_024).is_err());
        let long = format!("{}/{}", "d".repeat(900), "x".repeat(200));
        assert_eq!(shorten(&long, 2_000).unwrap().as_str().len(), 1_024);
    }

    proptest::proptest! {
        #[test]
        fn never_breaks_the_limit(name in "[a-zäß.😀]{1,80}", max in 1_usize..100) {
            if let Ok(key) = shorten(&name, max) {
                proptest::prop_assert!(key.as_str().len() <= max);
                proptest::prop_assert!(key.as_str().ends_with(split(&name).2));
            }
        }
    }
}
