use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use storage_core::{Error, ErrorKind, Result};

/// What the fields of a form have to be. Names are in lower case.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Policy {
    /// Unix seconds.
    pub(super) expires: u64,
    #[serde(rename = "content-length-range")]
    pub(super) length: (u64, u64),
    #[serde(rename = "eq")]
    pub(super) exact: BTreeMap<String, String>,
    #[serde(rename = "starts-with")]
    pub(super) beginnings: BTreeMap<String, String>,
}

impl Policy {
    /// JSON in base64, as S3's.
    pub(super) fn encode(&self) -> Result<String> {
        let json = serde_json::to_vec(self).map_err(|error| {
            Error::new(ErrorKind::Other, "the conditions of a form cannot be written").with_source(error)
        })?;
        Ok(BASE64.encode(json))
    }

    pub(super) fn decode(text: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64.decode(text).ok()?).ok()
    }

    /// Whether each condition has its field and each field its condition.
    pub(super) fn holds(&self, fields: &BTreeMap<String, String>) -> bool {
        let exact = self.exact.iter().all(|(name, value)| fields.get(name) == Some(value));
        let mut beginnings = self.beginnings.iter();
        let begin =
            beginnings.all(|(name, start)| fields.get(name).is_some_and(|value| value.starts_with(start)));
        let mut names = fields.keys();
        exact
            && begin
            && names.all(|name| self.exact.contains_key(name) || self.beginnings.contains_key(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn policy() -> Policy {
        Policy {
            expires: 7,
            length: (1, 9),
            exact: map(&[("content-type", "image/png")]),
            beginnings: map(&[("key", "uploads/"), ("note", "")]),
        }
    }

    #[test]
    fn it_is_json_that_people_can_read() {
        let text = policy().encode().unwrap();
        assert_eq!(
            String::from_utf8(BASE64.decode(&text).unwrap()).unwrap(),
            r#"{"expires":7,"content-length-range":[1,9],"eq":{"content-type":"image/png"},"starts-with":{"key":"uploads/","note":""}}"#
        );
        assert_eq!(Policy::decode(&text), Some(policy()));
        assert_eq!(Policy::decode("{}"), None);
    }

    #[test]
    fn each_condition_has_its_field_and_each_field_its_condition() {
        let right = [("content-type", "image/png"), ("key", "uploads/a"), ("note", "")];
        assert!(policy().holds(&map(&right)));
        for at in 0..right.len() {
            let mut fields = right.to_vec();
            fields.remove(at);
            assert!(!policy().holds(&map(&fields)), "without {:?}", right[at]);
        }
        for wrong in [("content-type", "image/png2"), ("key", "upload/a"), ("other", "")] {
            assert!(!policy().holds(&map(&[&right[..], &[wrong]].concat())), "{wrong:?}");
        }
    }
}
