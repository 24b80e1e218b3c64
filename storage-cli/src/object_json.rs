use serde::Serialize;
use storage_suite::storage_core::outcome::PutOutcome;
use storage_suite::storage_core::{ETag, ObjectEntry, ObjectMeta};
use storage_suite::{ObjectKey, Saved};

use crate::time::rfc_3339;

/// An object as JSON. What a command does not know is null.
#[derive(Default, Serialize)]
pub(crate) struct ObjectJson<'a> {
    pub(crate) key: &'a str,
    pub(crate) size: Option<u64>,
    pub(crate) etag: Option<&'a str>,
    pub(crate) last_modified: Option<String>,
    pub(crate) content_type: Option<&'a str>,
}

impl<'a> From<&'a ObjectMeta> for ObjectJson<'a> {
    fn from(meta: &'a ObjectMeta) -> Self {
        Self {
            key: meta.key.as_str(),
            size: Some(meta.size),
            etag: meta.etag.as_ref().map(ETag::as_str),
            last_modified: meta.last_modified.map(rfc_3339),
            content_type: Some(&meta.content_type),
        }
    }
}

impl<'a> From<&'a ObjectEntry> for ObjectJson<'a> {
    fn from(entry: &'a ObjectEntry) -> Self {
        Self {
            key: entry.key.as_str(),
            size: Some(entry.size),
            etag: entry.etag.as_ref().map(ETag::as_str),
            last_modified: entry.last_modified.map(rfc_3339),
            content_type: None,
        }
    }
}

impl<'a> From<&'a Saved> for ObjectJson<'a> {
    fn from(saved: &'a Saved) -> Self {
        Self {
            key: saved.key.as_str(),
            size: Some(saved.size),
            etag: saved.etag.as_ref().map(ETag::as_str),
            last_modified: None,
            content_type: Some(&saved.content_type),
        }
    }
}

impl<'a> ObjectJson<'a> {
    pub(crate) fn copied(key: &'a ObjectKey, outcome: &'a PutOutcome) -> Self {
        Self {
            key: key.as_str(),
            size: Some(outcome.size),
            etag: outcome.etag.as_ref().map(ETag::as_str),
            ..Self::default()
        }
    }
}
