//! What is stored beside a file's content: one small JSON file per writing of an object, at
//! `.storage/records/{2 hexadecimal digits}/{62 more of the key's SHA-256}.{identity}`.
//!
//! A record is there before its content can be seen, and goes after it: whoever has content with a record's identity has the
//! record that belongs to it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};

use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use storage_core::attributes::Attributes;
use storage_core::{ETag, Error, ErrorKind, Result};

use super::disk::dir::Dir;
use super::disk::faults::fault;
use super::disk::identity::Identity;
use super::session::Session;
use crate::random::hex;

/// The version of the format that is written.
const VERSION: u32 = 1;

/// No record is larger: attributes and tags have their limits.
const MAX_RECORD_BYTES: u64 = 256 * 1024;

/// What is stored beside an object's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) etag: ETag,
    pub(super) attributes: Attributes,
    pub(super) tags: BTreeMap<String, String>,
}

/// A record that is written, and whose content cannot be seen yet. It is removed again unless it is kept.
pub(super) struct PendingRecord {
    shard: Dir,
    name: String,
    file: File,
    /// The shard was made for it.
    is_first: bool,
    kept: bool,
}

impl PendingRecord {
    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for PendingRecord {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed is found by nobody.
            let _ = self.shard.remove(&self.name);
        }
    }
}

impl Session {
    /// The record of this writing of the object; `None` if the store did not write it.
    pub(super) fn record(&self, key: &str, identity: &Identity) -> Result<Option<Record>> {
        let (shard, name) = place(key, identity);
        let Some(shard) = self.records.folder(&shard).map_err(fault)? else { return Ok(None) };
        let Some((file, _)) = shard.read(&name).map_err(fault)? else { return Ok(None) };
        let mut text = Vec::new();
        file.take(MAX_RECORD_BYTES).read_to_end(&mut text).map_err(fault)?;
        parse(&text, key)
    }

    /// Writes a record, which is on the disk after [`sync_record`](Self::sync_record); `None` if there is one of this identity already.
    pub(super) fn create_record(
        &self,
        key: &str,
        identity: &Identity,
        record: &Record,
    ) -> Result<Option<PendingRecord>> {
        let text = print(key, record)?;
        let (shard, name) = place(key, identity);
        let (shard, is_first) = match self.records.folder(&shard).map_err(fault)? {
            Some(folder) => (folder, false),
            None => (self.records.folder_or_new(&shard).map_err(fault)?, true),
        };
        let file = match shard.create(&name) {
            Ok(file) => file,
            Err(error) if Errno::from_io_error(&error) == Some(Errno::EXIST) => return Ok(None),
            Err(error) => return Err(fault(error)),
        };
        let mut pending = PendingRecord { shard, name, file, is_first, kept: false };
        pending.file.write_all(&text).map_err(fault)?;
        Ok(Some(pending))
    }

    /// Waits until a record can be found on the disk.
    pub(super) fn sync_record(&self, record: &PendingRecord) -> Result<()> {
        self.sync_file(&record.file).map_err(fault)?;
        self.sync(std::slice::from_ref(&record.shard))?;
        match record.is_first {
            true => self.sync(std::slice::from_ref(&self.records)),
            false => Ok(()),
        }
    }

    /// Removes the record that a writer made who died before its content could be seen.
    ///
    /// What cannot be removed now is found by nobody.
    pub(super) fn remove_orphan(&self, hash: &str, identity: &Identity) {
        let Some((shard, name)) = place_of(hash, identity) else { return };
        let Ok(Some(shard)) = self.records.folder(&shard) else { return };
        // Nobody makes content with this identity visible meanwhile.
        let Ok(_lock) = self.lock() else { return };
        let Ok(Some((file, _))) = shard.read(&name) else { return };
        let mut text = Vec::new();
        if file.take(MAX_RECORD_BYTES).read_to_end(&mut text).is_err() {
            return;
        }
        // The writer may have died while it wrote this, and then no content was ever seen with it.
        let key = serde_json::from_slice::<Document<'_>>(&text).map(|document| document.key);
        let is_in_use = match key {
            Ok(key) => {
                self.spot(&key).map_or(true, |spot| spot.is_some_and(|spot| spot.identity == *identity))
            }
            Err(_) => false,
        };
        if !is_in_use {
            let _ = shard.remove(&name);
        }
    }

    /// Removes a record whose content is gone. One that stays behind does no harm: nobody has its identity.
    pub(super) fn remove_record(&self, key: &str, identity: &Identity) {
        let (shard, name) = place(key, identity);
        if let Ok(Some(shard)) = self.records.folder(&shard) {
            let _ = shard.remove(&name);
        }
    }
}

/// By what a key is found here.
pub(super) fn key_hash(key: &str) -> String {
    hex(&Sha256::digest(key))
}

fn place(key: &str, identity: &Identity) -> (String, String) {
    let hash = key_hash(key);
    let (shard, rest) = hash.split_at(2);
    (shard.to_owned(), format!("{rest}.{identity}"))
}

/// `None` for what is no hash of a key.
fn place_of(hash: &str, identity: &Identity) -> Option<(String, String)> {
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (shard, rest) = hash.split_at_checked(2).filter(|_| is_hash)?;
    Some((shard.to_owned(), format!("{rest}.{identity}")))
}

#[derive(Serialize, Deserialize)]
struct Document<'a> {
    version: u32,
    key: Cow<'a, str>,
    etag: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cache_control: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_disposition: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_encoding: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_language: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
}

pub(super) fn print(key: &str, record: &Record) -> Result<Vec<u8>> {
    let attributes = &record.attributes;
    let document = Document {
        version: VERSION,
        key: key.into(),
        etag: record.etag.as_str().into(),
        content_type: borrow(attributes.content_type.as_ref()),
        cache_control: borrow(attributes.cache_control.as_ref()),
        content_disposition: borrow(attributes.content_disposition.as_ref()),
        content_encoding: borrow(attributes.content_encoding.as_ref()),
        content_language: borrow(attributes.content_language.as_ref()),
        metadata: borrow_all(&attributes.metadata),
        tags: borrow_all(&record.tags),
    };
    serde_json::to_vec(&document).map_err(|error| fault(io::Error::from(error)))
}

fn borrow(value: Option<&String>) -> Option<Cow<'_, str>> {
    value.map(|value| Cow::Borrowed(value.as_str()))
}

fn borrow_all(map: &BTreeMap<String, String>) -> BTreeMap<Cow<'_, str>, Cow<'_, str>> {
    map.iter().map(|(name, value)| (Cow::Borrowed(name.as_str()), Cow::Borrowed(value.as_str()))).collect()
}

/// `None` for a record of another key: a hash that two keys share.
pub(super) fn parse(text: &[u8], key: &str) -> Result<Option<Record>> {
    let document: Document<'_> =
        serde_json::from_slice(text).map_err(|error| corrupt("is damaged").with_source(error))?;
    if document.version != VERSION {
        return Err(corrupt("was written by a later version of this library"));
    }
    if document.key != key {
        return Ok(None);
    }
    let own = |value: Option<Cow<'_, str>>| value.map(Cow::into_owned);
    let own_all = |map: BTreeMap<Cow<'_, str>, Cow<'_, str>>| {
        map.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    };
    let mut attributes = Attributes::default();
    attributes.content_type = own(document.content_type);
    attributes.cache_control = own(document.cache_control);
    attributes.content_disposition = own(document.content_disposition);
    attributes.content_encoding = own(document.content_encoding);
    attributes.content_language = own(document.content_language);
    attributes.metadata = own_all(document.metadata);
    Ok(Some(Record { etag: ETag::new(document.etag), attributes, tags: own_all(document.tags) }))
}

fn corrupt(what: &str) -> Error {
    Error::new(ErrorKind::Corrupt, format!("the record of the object's metadata {what}"))
        .with_hint("store the object anew, or delete its file in the folder and put it there again")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use storage_core::PutOptions;

    use super::*;

    fn record() -> Record {
        let options = PutOptions::new()
            .content_type("text/plain; charset=utf-8")
            .content_disposition("attachment; filename=\"a\\\"b\"")
            .metadata("author", "Jürgen 😀 \"x\"")
            .tag("a", "b");
        Record { etag: ETag::new("tag"), attributes: options.attributes, tags: options.tags }
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let text = print("a/ü", &record()).unwrap();
        assert_eq!(parse(&text, "a/ü").unwrap(), Some(record()));
        assert_eq!(parse(&text, "another key").unwrap(), None);
    }

    #[test]
    fn a_damaged_record_is_corrupt_whatever_became_of_it() {
        let text = print("k", &record()).unwrap();
        for end in 0..text.len() {
            assert_eq!(parse(&text[..end], "k").map_err(|e| e.kind()), Err(ErrorKind::Corrupt), "{end}");
        }
        let later = String::from_utf8(text).unwrap().replace("\"version\":1", "\"version\":2");
        assert_eq!(parse(later.as_bytes(), "k").map_err(|e| e.kind()), Err(ErrorKind::Corrupt));
    }

    proptest! {
        #[test]
        fn no_record_makes_the_parser_panic(position in 0usize..200, byte: u8) {
            let mut text = print("k", &record()).unwrap();
            let position = position % text.len();
            text[position] = byte;
            let _ = parse(&text, "k");
        }
    }
}
