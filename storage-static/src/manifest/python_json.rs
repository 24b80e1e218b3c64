//! Texts as Python's `json.dumps` prints them: all that is not printable ASCII is escaped.

use std::fmt::Write as _;

/// Appends `text` in quotes.
pub(super) fn push_text(to: &mut String, text: &str) {
    to.push('"');
    for character in text.chars() {
        match character {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            '\u{8}' => to.push_str("\\b"),
            '\u{c}' => to.push_str("\\f"),
            ' '..='~' => to.push(character),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    let _ = write!(to, "\\u{unit:04x}");
                }
            }
        }
    }
    to.push('"');
}

/// Appends `parts`, each by `push`, with `, ` between them.
pub(super) fn push_list<T>(to: &mut String, parts: impl Iterator<Item = T>, push: impl Fn(&mut String, T)) {
    for (at, part) in parts.enumerate() {
        if at > 0 {
            to.push_str(", ");
        }
        push(to, part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_python_escapes() {
        // By json.dumps of Python 3.13.
        for (text, expected) in [
            ("", r#""""#),
            ("a/b'<&", r#""a/b'<&""#),
            ("\"\\", r#""\"\\""#),
            ("\n\r\t\u{8}\u{c}\u{0}\u{1f}\u{7f}", r#""\n\r\t\b\f\u0000\u001f\u007f""#),
            ("é日\u{10ffff}😀", r#""\u00e9\u65e5\udbff\udfff\ud83d\ude00""#),
        ] {
            let mut printed = String::new();
            push_text(&mut printed, text);
            assert_eq!(printed, expected);
        }
    }
}
