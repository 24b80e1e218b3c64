//! User metadata that is not ASCII, as it travels in a header: encoded words ([RFC 2047](https://www.rfc-editor.org/rfc/rfc2047)), which S3
//! servers hand around too ([S3 user guide, "User-defined object
//! metadata"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata)). Every store that writes them writes this
//! form, so that each reads what another stored.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A value for a header: as it is if it is plain, else as one encoded word, in the shorter of the two encodings.
pub fn encode(value: &str) -> Cow<'_, str> {
    // Signing folds several spaces into one, what looks like an encoded word would be decoded on reading, and some servers drop
    // an empty header.
    if !value.is_empty()
        && value.bytes().all(|byte| (0x20..0x7f).contains(&byte))
        && !value.contains("=?")
        && !value.contains("  ")
    {
        return Cow::Borrowed(value);
    }
    let quoted_length: usize = value.bytes().map(|byte| if is_literal(byte) { 1 } else { 3 }).sum();
    if quoted_length < value.len().div_ceil(3) * 4 {
        let quoted: String = value.bytes().map(quote).collect();
        return Cow::Owned(format!("=?UTF-8?Q?{quoted}?="));
    }
    Cow::Owned(format!("=?UTF-8?B?{}?=", STANDARD.encode(value)))
}

/// Decodes each encoded word in UTF-8, US-ASCII or ISO-8859-1; anything else stays as it is. Spaces between two encoded words
/// belong to neither (RFC 2047 §6.2).
pub fn decode(value: &str) -> Cow<'_, str> {
    if !value.contains("=?") {
        return Cow::Borrowed(value);
    }
    let mut decoded = String::with_capacity(value.len());
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let (before, word) = rest.split_at(start);
        let found = decode_word(word);
        let is_gap =
            after_word && found.is_some() && before.bytes().all(|byte| byte == b' ' || byte == b'\t');
        if !is_gap {
            decoded.push_str(before);
        }
        after_word = found.is_some();
        let (text, length) = found.unwrap_or_else(|| ("=?".to_owned(), 2));
        decoded.push_str(&text);
        rest = &word[length..];
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The text of the encoded word that `word` begins with, and the word's length.
fn decode_word(word: &str) -> Option<(String, usize)> {
    let mut parts = word.strip_prefix("=?")?.splitn(3, '?');
    let (charset, encoding, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let content = &rest[..rest.find("?=")?];
    let length = 2 + charset.len() + 1 + encoding.len() + 1 + content.len() + 2;
    let bytes = match encoding {
        "B" | "b" => STANDARD.decode(content).ok()?,
        "Q" | "q" => unquote(content)?,
        _ => return None,
    };
    let text = if charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("us-ascii") {
        String::from_utf8(bytes).ok()?
    } else if charset.eq_ignore_ascii_case("iso-8859-1") {
        bytes.into_iter().map(char::from).collect()
    } else {
        return None;
    };
    Some((text, length))
}

/// Stands for itself in the Q encoding, in any place where an encoded word may stand.
fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b' '
}

fn quote(byte: u8) -> String {
    match byte {
        b' ' => "_".to_owned(),
        literal if is_literal(literal) => char::from(literal).to_string(),
        other => format!("={other:02X}"),
    }
}

fn unquote(content: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(content.len());
    let mut rest = content.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'_' => b' ',
            b'=' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            literal => literal,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_values_stay_and_others_take_the_shorter_encoding() {
        assert_eq!(encode("plain, with \"marks\""), "plain, with \"marks\"");
        assert_eq!(encode("Übersicht vom Montag"), "=?UTF-8?Q?=C3=9Cbersicht_vom_Montag?=");
        assert_eq!(encode("日本語"), "=?UTF-8?B?5pel5pys6Kqe?=");
        assert_eq!(encode("a  b"), "=?UTF-8?Q?a__b?=");
        assert_eq!(encode(""), "=?UTF-8?B??=");
    }

    #[test]
    fn reads_what_other_clients_write() {
        assert_eq!(decode("=?utf-8?q?J=C3=BCrgen?="), "Jürgen");
        assert_eq!(decode("=?UTF-8?B?w7w=?= =?UTF-8?B?w7Y=?= und x"), "üö und x");
        assert_eq!(decode("=?ISO-8859-1?Q?a=E4?="), "aä");
    }

    #[test]
    fn what_is_no_encoded_word_stays_as_it_is() {
        for value in [
            "=?",
            "=?UTF-8?B?!!?=",
            "=?UTF-8?X?a?=",
            "=?koi8-r?Q?a?=",
            "a=?b",
            "=?UTF-8?Q?=?=",
            "=?UTF-8?B?/w==?=",
            "=?=?",
        ] {
            assert_eq!(decode(value), value);
        }
    }

    proptest! {
        #[test]
        fn every_value_comes_back(value in "\\PC*") {
            let encoded = encode(&value);
            prop_assert!(encoded.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
            prop_assert_eq!(decode(&encoded), value.as_str());
        }

        #[test]
        fn nothing_panics(value in ".*", tail in "(=\\?|\\?|=|UTF-8|Q|B|ü| )*") {
            decode(&value);
            decode(&tail);
        }
    }
}
