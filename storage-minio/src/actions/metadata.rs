use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue};
pub(crate) use storage_core::backend::SaveId;
use storage_core::backend::encoded_word;
use storage_core::{Error, Result};

use crate::client::{header_value, text_of};

const PREFIX: &str = "x-amz-meta-";

/// The header of the entry of user metadata that holds the save id.
const SAVE_ID_HEADER: HeaderName = HeaderName::from_static("x-amz-meta-storage-save-id");

/// Whether these headers of an object hold this id.
pub(crate) fn holds(headers: &HeaderMap, id: &SaveId) -> bool {
    headers.get(SAVE_ID_HEADER).is_some_and(|value| value.as_bytes() == id.as_str().as_bytes())
}

pub(super) fn write_save_id(save_id: Option<&SaveId>, headers: &mut HeaderMap) -> Result<()> {
    if let Some(id) = save_id {
        headers.insert(SAVE_ID_HEADER, header_value(&SAVE_ID_HEADER, id.as_str())?);
    }
    Ok(())
}

/// Gives a set of headers that was carried over another save id.
pub(crate) fn stamp(save_id: &SaveId, headers: &mut HeaderMap) -> Result<()> {
    write_save_id(Some(save_id), headers)
}

pub(super) fn write(metadata: &BTreeMap<String, String>, headers: &mut HeaderMap) -> Result<()> {
    for (name, value) in metadata {
        if name == SaveId::ENTRY {
            return Err(Error::invalid_input(format!("the metadata name `{}` is reserved", SaveId::ENTRY)));
        }
        insert(name, value, headers)?;
    }
    Ok(())
}

fn insert(name: &str, value: &str, headers: &mut HeaderMap) -> Result<()> {
    let value = HeaderValue::from_str(&encoded_word::encode(value));
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
            name.as_str().strip_prefix(PREFIX).filter(|name| *name != SaveId::ENTRY && !name.is_empty())
        else {
            continue;
        };
        let value = text_of(value.as_bytes());
        let value = encoded_word::decode(&value);
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
    use storage_core::ErrorKind;

    use super::*;

    #[test]
    fn the_entry_of_the_save_id_is_that_of_the_core() {
        assert_eq!(SAVE_ID_HEADER.as_str().strip_prefix(PREFIX), Some(SaveId::ENTRY));
    }

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
        assert!(holds(&headers, &id) && !holds(&headers, &SaveId::random().unwrap()));
    }

    #[test]
    fn an_own_id_cannot_be_forged_by_a_caller() {
        let metadata = BTreeMap::from([(SaveId::ENTRY.to_owned(), "x".to_owned())]);
        assert_eq!(write(&metadata, &mut HeaderMap::new()).unwrap_err().kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn the_entry_fits_into_what_core_leaves_free() {
        assert!(SaveId::ENTRY.len() + SaveId::random().unwrap().as_str().len() <= 128);
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
