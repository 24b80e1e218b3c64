//! `Content-Disposition` values with any file name in them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// `attr-char` of [RFC 8187 §3.2.1](https://www.rfc-editor.org/rfc/rfc8187#section-3.2.1) stays as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// Has browsers save the object under this file name.
///
/// Control characters, path separators and what comes before them are left out of the name. A name that is not plain ASCII
/// is given twice: as an ASCII fallback, and in full ([RFC 6266 §4.3](https://www.rfc-editor.org/rfc/rfc6266#section-4.3)).
///
/// ```
/// use storage_core::disposition;
///
/// assert_eq!(disposition::attachment("cat.jpg"), "attachment; filename=\"cat.jpg\"");
/// assert_eq!(
///     disposition::attachment("Übersicht.pdf"),
///     "attachment; filename=\"_bersicht.pdf\"; filename*=UTF-8''%C3%9Cbersicht.pdf"
/// );
/// ```
pub fn attachment(file_name: impl AsRef<str>) -> String {
    disposition("attachment", file_name.as_ref())
}

/// Has browsers show the object, and save it under this file name if asked to.
pub fn inline(file_name: impl AsRef<str>) -> String {
    disposition("inline", file_name.as_ref())
}

fn disposition(kind: &str, file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() {
        return kind.to_owned();
    }
    let fallback: String = name
        .chars()
        .map(|c| match c {
            // A percent sign is taken for an escape by some browsers.
            '"' | '%' => '_',
            c if c.is_ascii() => c,
            _ => '_',
        })
        .collect();
    match fallback == name {
        true => format!("{kind}; filename=\"{name}\""),
        false => format!(
            "{kind}; filename=\"{fallback}\"; filename*=UTF-8''{}",
            utf8_percent_encode(&name, ENCODED)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_name_breaks_out_of_the_header() {
        assert_eq!(
            attachment("a\"; filename=evil.exe\r\nX: 1"),
            "attachment; filename=\"a_; filename=evil.exeX: 1\"; filename*=UTF-8''a%22%3B%20filename%3Devil.exeX%3A%201"
        );
        assert_eq!(attachment("..\\..\\boot.ini"), "attachment; filename=\"boot.ini\"");
        assert_eq!(attachment("/etc/passwd"), "attachment; filename=\"passwd\"");
        assert_eq!(attachment("\u{0}\n"), "attachment");
        assert_eq!(inline("100%.txt"), "inline; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt");
        for name in ["ü", "日本語.txt", "a'b(c)*", "😀"] {
            let value = attachment(name);
            assert!(value.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{value}");
        }
    }
}
