use std::fmt;
use std::sync::Arc;

/// The entity tag of an object's content, without the quotes that HTTP puts around it
/// ([RFC 9110 §8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3)).
///
/// Compare it, hand it to a condition, send it in a header; read nothing into it. It is the content's MD5 on some stores
/// and for some uploads only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ETag(Arc<str>);

impl ETag {
    /// Takes a tag with or without its quotes. A weakness mark (`W/`, before quotes) is dropped: stores compare strongly.
    pub fn new(tag: impl AsRef<str>) -> Self {
        let mut tag = tag.as_ref();
        // More quotes than one pair can be no part of a tag; left in, they would be lost when the tag is next read from its text.
        while let Some(inner) = unquoted(tag) {
            tag = inner;
        }
        Self(tag.into())
    }

    /// The tag without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag in quotes, as HTTP headers carry it.
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }
}

fn unquoted(tag: &str) -> Option<&str> {
    tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')
}

impl AsRef<str> for ETag {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ETag {
    fn from(tag: &str) -> Self {
        Self::new(tag)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ETag {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for ETag {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer).map(Self::new)
    }
}

impl PartialEq<str> for ETag {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for ETag {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ETag({:?})", &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_weakness_are_not_part_of_the_tag() {
        for tag in ["abc", "\"abc\"", "W/\"abc\"", "\"\"abc\"\""] {
            assert_eq!(ETag::new(tag).as_str(), "abc");
        }
        // Not a mark: a tag may be base64.
        for tag in ["W/abc", "\"W/abc\"", "W/\"W/abc\""] {
            assert_eq!(ETag::new(tag).as_str(), "W/abc");
        }
        assert_eq!(ETag::new("abc").quoted(), "\"abc\"");
        assert_eq!(ETag::new("\"").as_str(), "\"");
    }
}
