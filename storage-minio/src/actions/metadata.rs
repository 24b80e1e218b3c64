use std::collections::BTreeMap;
use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};
use storage_core::{Error, ErrorKind, Result};

use super::rfc2047;
use crate::client::{header_value, text_of};

const PREFIX: &str = "x-amz-meta-";

/// The entry of user metadata that holds the save id.
const SAVE_ID: &str = "storage-save-id";
const SAVE_ID_HEADER: HeaderName = HeaderName::from_static("x-amz-meta-storage-save-id");

/// A random id that a conditional write carries, by which it knows its own earlier success when its answer was lost and a
/// repetition is refused. It is kept as user metadata under `x-amz-meta-storage-save-id`, and hidden on reading.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SaveId(String);

impl SaveId {
    pub(crate) fn random() -> Result<Self> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| {
            Error::new(ErrorKind::Other, "the operating system gave no random bytes").with_source(error)
        })?;
        Ok(Self(format!("{:032x}", u128::from_ne_bytes(bytes))))
    }

    /// 32 hexadecimal digits.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether these headers of an object hold this id.
    pub(crate) fn is_in(&self, headers: &HeaderMap) -> bool {
        headers.get(SAVE_ID_HEADER).is_some_and(|value| value.as_bytes() == self.0.as_bytes())
    }
}

impl fmt::Debug for SaveId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SaveId({})", self.0)
    }
}

pub(super) fn write_save_id(save_id: Option<&SaveId>, headers: &mut HeaderMap) -> Result<()> {
    if let Some(id) = save_id {
        headers.insert(SAVE_ID_HEADER, header_value(&SAVE_ID_HEADER, &id.0)?);
    }
    Ok(())
}

/// Gives a set of headers that was carried over another save id.
pub(crate) fn stamp(save_id: &SaveId, headers: &mut HeaderMap) -> Result<()> {
    write_save_id(Some(save_id), headers)
}

pub(super) fn write(metadata: &BTreeMap<String, String>, headers: &mut HeaderMap) -> Result<()> {
    for (name, value) in metadata {
        if name == SAVE_ID {
            return Err(Error::invalid_input(format!("the metadata name `{SAVE_ID}` is reserved")));
        }
        insert(name, value, headers)?;
    }
    Ok(())
}

fn insert(name: &str, value: &str, headers: &mut HeaderMap) -> Result<()> {
    let value = HeaderValue::from_str(&rfc2047::encode(value));
    let value =
        value.map_err(|_| Error::invalid_input(format!("metadata `{name}` cannot be sent as a header")))?;
    headers.insert(header_name(name)?, value);
    Ok(())
}

pub(super) fn header_name(name: &str) -> Result<HeaderName> {
    HeaderName::try_from(format!("{PREFIX}{name}"))
        .map_err(|_| Error::invalid_input(format!("`{}` cannot be a metadata name", name.escape_debug())))
}

/// The user metadata in an answer. An entry that was sent several times is joined with commas, as HTTP does.
pub(super) fn read(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut metadata: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        let Some(name) =
            name.as_str().strip_prefix(PREFIX).filter(|name| *name != SAVE_ID && !name.is_empty())
        else {
            continue;
        };
        let value = text_of(value.as_bytes());
        let value = rfc2047::decode(&value);
        match metadata.get_mut(name) {
            Some(earlier) => {
                earlier.push(',');
                earlier.push_str(&value);
            }
            None => {
                metadata.insert(name.to_owned(), value.into_owned());
            }
        }
    }
    metadata
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_written_and_the_save_id_stays_hidden() {
        let metadata =
            BTreeMap::from([("author".to_owned(), "Jürgen 😀".to_owned()), ("n".to_owned(), String::new())]);
        let id = SaveId::random().unwrap();
        let mut headers = HeaderMap::new();
        write(&metadata, &mut headers).unwrap();
        write_save_id(Some(&id), &mut headers).unwrap();
        assert_eq!(headers.len(), 3);
        assert_eq!(read(&headers), metadata);
        assert!(id.is_in(&headers) && !SaveId::random().unwrap().is_in(&headers));
    }

    #[test]
    fn an_own_id_cannot_be_forged_by_a_caller() {
        let metadata = BTreeMap::from([(SAVE_ID.to_owned(), "x".to_owned())]);
        assert_eq!(write(&metadata, &mut HeaderMap::new()).unwrap_err().kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn the_entry_fits_into_what_core_leaves_free() {
        assert!(SAVE_ID.len() + SaveId::random().unwrap().0.len() <= 128);
    }

    #[test]
    fn foreign_entries_of_any_bytes_are_read() {
        let mut headers = HeaderMap::new();
        headers.append("x-amz-meta-a", HeaderValue::from_bytes(b"\xe4").unwrap());
        headers.append("x-amz-meta-a", HeaderValue::from_static("b"));
        headers.append("x-amz-meta-", HeaderValue::from_static("nameless"));
        assert_eq!(read(&headers), BTreeMap::from([("a".to_owned(), "ä,b".to_owned())]));
    }
}
