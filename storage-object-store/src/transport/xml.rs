//! As much of XML as names and ids in answers need.

/// Text without its references to characters ([XML 1.0 §4.1](https://www.w3.org/TR/xml/#sec-references)). One that is none stays as it is.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let reference = after.split_once(';').and_then(|(name, left)| Some((character(name)?, left)));
        let (character, left) = reference.unwrap_or(('&', after));
        plain.push(character);
        rest = left;
    }
    plain.push_str(rest);
    plain
}

fn character(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "amp" => Some('&'),
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)
        }
    }
}

/// Whether a document has an element of this name.
pub(super) fn has_element(document: &[u8], name: &str) -> bool {
    let text = String::from_utf8_lossy(document);
    text.split('<').skip(1).any(|tag| {
        tag.strip_prefix(name).is_some_and(|rest| rest.starts_with(['>', ' ', '/', '\t', '\r', '\n']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_characters_once() {
        assert_eq!(unescape("a&amp;lt;b &lt;&gt;&quot;&apos;"), "a&lt;b <>\"'");
        assert_eq!(unescape("it&#39;s&#xA;&#x1F600;"), "it's\n\u{1f600}");
        for none in ["&", "&;", "&nbsp;", "&#;", "&#xD800;", "a&b", "&#x110000;"] {
            assert_eq!(unescape(none), none);
        }
    }

    #[test]
    fn an_element_is_found_by_its_whole_name() {
        assert!(has_element(b"<?xml version=\"1.0\"?>\n<Error><Code>x</Code></Error>", "Error"));
        assert!(has_element(b"<Error xmlns=\"u\">", "Error"));
        assert!(!has_element(b"<Errors><A>Error</A></Errors>", "Error"));
    }
}
