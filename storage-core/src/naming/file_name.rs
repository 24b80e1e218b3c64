use unicode_normalization::UnicodeNormalization;

/// The last segment of a name that a browser or a person gave, in NFC and without control characters: what is left can be put below a
/// folder of one's own. `None` if nothing is left.
///
/// ```
/// use storage_core::naming::file_name;
///
/// assert_eq!(file_name("C:\\fakepath\\tom.jpg").as_deref(), Some("tom.jpg"));
/// assert_eq!(file_name("../../etc/passwd").as_deref(), Some("passwd"));
/// assert_eq!(file_name("..").as_deref(), None);
/// ```
pub fn file_name(name: &str) -> Option<String> {
    let segment = name.rsplit(['/', '\\']).next()?;
    let mut segment: String = segment.chars().filter(|c| !c.is_control()).nfc().collect();
    while let [drive, b':', ..] = segment.as_bytes()
        && drive.is_ascii_alphabetic()
    {
        segment.drain(..2);
    }
    (!matches!(segment.as_str(), "" | "." | "..")).then_some(segment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naming::clean;

    #[test]
    fn whatever_is_left_is_a_name() {
        for name in [
            "a",
            "a/b",
            "C:x",
            "C:\\x",
            "\0",
            "..",
            "a/..",
            ".",
            "",
            "/",
            "\u{85}x",
            "x/C:y",
            "a\nb",
            "C:..",
            "C:D:x",
            "\u{212a}:x",
            "C:\u{212a}:..",
        ] {
            if let Some(left) = file_name(name) {
                assert!(clean(&left).is_ok(), "{name:?} {left:?}");
            }
        }
    }
}
