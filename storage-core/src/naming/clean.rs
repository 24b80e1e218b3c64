use unicode_normalization::UnicodeNormalization;

use crate::{Error, Result};

/// Checks a name that a caller gave, and normalises it to NFC. What could leave the bucket or hide what it is never gets further.
pub(crate) fn clean(name: &str) -> Result<String> {
    // Normalising first: it makes a Latin K of the sign for kelvin, and so a drive letter. ASCII is normal as it is.
    let normal: String = match name.is_ascii() {
        true => name.to_owned(),
        false => name.nfc().collect(),
    };
    match fault(&normal) {
        None => Ok(normal),
        Some(fault) => Err(Error::invalid_input(format!("the name {fault}"))
            .with_operation("save")
            .with_key(name.chars().take(120).collect::<String>())),
    }
}

fn fault(name: &str) -> Option<&'static str> {
    let bytes = name.as_bytes();
    if name.is_empty() {
        Some("is empty")
    } else if name.chars().any(char::is_control) {
        Some("contains a control character")
    } else if name.starts_with('/') {
        Some("is an absolute path; give it relative to the bucket")
    } else if bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' {
        Some("begins with a drive letter; give it relative to the bucket")
    } else if name.contains('\\') {
        Some("contains a backslash; separate folders with `/`")
    } else if name.split('/').any(|segment| segment == "." || segment == "..") {
        Some("contains a `.` or `..` segment")
    } else if name.split('/').any(str::is_empty) {
        Some("contains an empty segment: `//`, or `/` at the end")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn normalises_to_nfc_and_keeps_the_rest() {
        assert_eq!(clean("a/u\u{308}.txt").unwrap(), "a/ü.txt");
        assert_eq!(clean(" a b..c/.d.e ").unwrap(), " a b..c/.d.e ");
    }

    #[test]
    fn refuses_what_could_leave_the_bucket() {
        for name in [
            "",
            "/etc/passwd",
            "../x",
            "a/../b",
            "a/..",
            "./a",
            "C:\\x",
            "c:x",
            "C:/x",
            "..\\x",
            "\u{212a}:x",
            "a\\b",
            "a\0",
            "a\n",
            "a//b",
            "a/",
            "\u{85}",
        ] {
            let error = clean(name).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name:?}");
            assert_eq!(error.key(), Some(name));
        }
    }
}
