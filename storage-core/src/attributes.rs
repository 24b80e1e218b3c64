//! Headers and user metadata of an object.

use std::collections::BTreeMap;

use crate::{Error, Result};

/// The most bytes of user metadata that a caller may give, counted as they travel: 11 bytes (`x-amz-meta-`), the name and the value for each
/// entry; a value that has to be encoded (one that is empty, is not ASCII, or holds two spaces together or `=?`) counts twice and 16 bytes
/// more. S3 allows 2,048
/// ([S3 user guide, "Working with object metadata"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html));
/// 128 of them are kept for a store's own use.
pub const MAX_METADATA_BYTES: usize = 1_920;

/// The setters of [`Attributes`], for each options type that carries them.
macro_rules! attribute_setters {
    ($($field:ident .)*) => {
        /// Sets the `Content-Type`.
        pub fn content_type(mut self, value: impl Into<String>) -> Self {
            self.$($field .)*content_type = Some(value.into());
            self
        }

        /// Sets the `Cache-Control`.
        pub fn cache_control(mut self, value: impl Into<String>) -> Self {
            self.$($field .)*cache_control = Some(value.into());
            self
        }

        /// Sets the `Content-Disposition`; see [`disposition`](crate::disposition) for how to build one.
        pub fn content_disposition(mut self, value: impl Into<String>) -> Self {
            self.$($field .)*content_disposition = Some(value.into());
            self
        }

        /// Sets the `Content-Encoding`.
        pub fn content_encoding(mut self, value: impl Into<String>) -> Self {
            self.$($field .)*content_encoding = Some(value.into());
            self
        }

        /// Sets the `Content-Language`.
        pub fn content_language(mut self, value: impl Into<String>) -> Self {
            self.$($field .)*content_language = Some(value.into());
            self
        }

        /// Adds one entry of user metadata. The name is stored in lower case, as S3 does.
        pub fn metadata(mut self, name: impl AsRef<str>, value: impl Into<String>) -> Self {
            self.$($field .)*metadata.insert(name.as_ref().to_ascii_lowercase(), value.into());
            self
        }
    };
}
pub(crate) use attribute_setters;

/// What is stored beside an object's bytes and comes back with them.
///
/// On writing, `None` leaves the header out. On reading, it means that the object has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Attributes {
    /// `Content-Type`; a store takes `application/octet-stream` where there is none.
    pub content_type: Option<String>,
    /// `Cache-Control`.
    pub cache_control: Option<String>,
    /// `Content-Disposition`. Build it with [`disposition`](crate::disposition): a file name that is not ASCII has to be encoded.
    pub content_disposition: Option<String>,
    /// `Content-Encoding`.
    pub content_encoding: Option<String>,
    /// `Content-Language`.
    pub content_language: Option<String>,
    /// User metadata. Names are lower-case HTTP tokens, values any text without control characters and with no space around it; together
    /// at most [`MAX_METADATA_BYTES`].
    pub metadata: BTreeMap<String, String>,
}

impl Attributes {
    /// No attributes.
    pub fn new() -> Self {
        Self::default()
    }

    attribute_setters!();

    /// Checks that every value can travel in an HTTP header and be stored by every store. A store calls it before it
    /// writes anything.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) names the field and the rule.
    pub fn validate(&self) -> Result<()> {
        let headers = [
            ("Content-Type", &self.content_type),
            ("Cache-Control", &self.cache_control),
            ("Content-Disposition", &self.content_disposition),
            ("Content-Encoding", &self.content_encoding),
            ("Content-Language", &self.content_language),
        ];
        for (header, value) in headers {
            if let Some(value) = value {
                check_header(header, value)?;
            }
        }
        self.validate_metadata()
    }

    fn validate_metadata(&self) -> Result<()> {
        let mut bytes = 0;
        for (name, value) in &self.metadata {
            if name.is_empty() || !name.bytes().all(is_lower_token) {
                return Err(Error::invalid_input(format!(
                    "metadata name `{}` must be a lower-case HTTP token (letters, digits, `-`, `_`, `.`)",
                    name.escape_debug()
                )));
            }
            if value.chars().any(char::is_control) {
                return Err(Error::invalid_input(format!("metadata `{name}` holds a control character")));
            }
            if value.trim_matches([' ', '\t']).len() != value.len() {
                return Err(Error::invalid_input(format!(
                    "metadata `{name}` begins or ends with a space, which HTTP would drop"
                )));
            }
            bytes += METADATA_PREFIX_BYTES + name.len() + travelling_bytes(value);
        }
        match bytes > MAX_METADATA_BYTES {
            true => Err(Error::invalid_input(format!(
                "user metadata takes {bytes} bytes; the limit is {MAX_METADATA_BYTES}"
            ))),
            false => Ok(()),
        }
    }
}

/// `x-amz-meta-`.
const METADATA_PREFIX_BYTES: usize = 11;

/// How long a value is at most when it is encoded for a header
/// ([RFC 2047 §2](https://www.rfc-editor.org/rfc/rfc2047#section-2): words of 75 characters with 45 bytes in each).
fn travelling_bytes(value: &str) -> usize {
    // An empty value, several spaces together and what looks like an encoded word would not arrive as they are.
    let is_encoded = value.is_empty() || !value.is_ascii() || value.contains("  ") || value.contains("=?");
    match is_encoded {
        false => value.len(),
        true => 2 * value.len() + 16,
    }
}

/// What servers and proxies take of one header without being asked: half of the 8 KiB that many allow for all.
const MAX_HEADER_BYTES: usize = 4_096;

fn check_header(header: &str, value: &str) -> Result<()> {
    let fault = if value.is_empty() {
        "is empty"
    } else if value.len() > MAX_HEADER_BYTES {
        "is longer than 4,096 bytes"
    } else if !value.is_ascii() {
        "is not ASCII; encode a file name with `disposition::attachment`"
    } else if value.chars().any(char::is_control) {
        "holds a control character"
    } else if value.trim().len() != value.len() {
        "begins or ends with a space"
    } else {
        return Ok(());
    };
    Err(Error::invalid_input(format!("{header} {fault}")))
}

/// RFC 9110 §5.6.2, less the characters that some servers or proxies do not pass on.
fn is_lower_token(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PutOptions;

    #[test]
    fn takes_ordinary_headers_and_any_readable_metadata() {
        let options = PutOptions::new()
            .content_type("text/plain; charset=utf-8")
            .cache_control("private, max-age=60")
            .metadata("Author", "Jürgen 😀");
        assert_eq!(options.attributes.validate().map_err(|e| e.to_string()), Ok(()));
        assert_eq!(options.attributes.metadata["author"], "Jürgen 😀");
    }

    #[test]
    fn refuses_what_would_break_a_header() {
        let bad = [
            PutOptions::new().content_type("text/plain\r\nX-Evil: 1"),
            PutOptions::new().content_type(""),
            PutOptions::new().content_disposition("attachment; filename=\"ü\""),
            PutOptions::new().cache_control(" private"),
            PutOptions::new().cache_control("x".repeat(4_097)),
            PutOptions::new().metadata("a b", "x"),
            PutOptions::new().metadata("", "x"),
            PutOptions::new().metadata("ü", "x"),
            PutOptions::new().metadata("a", "x\ny"),
            PutOptions::new().metadata("a", "x "),
            PutOptions::new().metadata("a", "x".repeat(MAX_METADATA_BYTES)),
            PutOptions::new().metadata("a", "x  y".repeat(300)),
            (0..100).fold(PutOptions::new(), |options, n| options.metadata(format!("empty-{n}"), "")),
        ];
        for options in bad {
            assert!(options.attributes.validate().is_err(), "{:?}", options.attributes);
        }
    }
}
