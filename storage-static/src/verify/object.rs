use std::collections::BTreeMap;

use futures_util::TryStreamExt as _;
use md5::{Digest as _, Md5};
use storage_core::attributes::Attributes;
use storage_core::outcome::GetOutcome;
use storage_core::{GetOptions, Result};

use super::Wrong;
use crate::collect::StaticBucket;
use crate::graph::hex;
use crate::manifest::IndexedObject;

const METADATA: &str = "x-amz-meta-";

/// An object as it was fetched.
pub(super) struct Fetched {
    md5: String,
    pub(super) size: u64,
    attributes: Attributes,
    /// Its bytes, if they are wanted.
    pub(super) content: Vec<u8>,
}

impl Fetched {
    /// Reads an object to its end. Only if its bytes are wanted they are held.
    pub(super) async fn get(bucket: &StaticBucket, key: &str, is_held: bool) -> Result<Self> {
        let got = bucket.storage().get(&bucket.key(key)?, GetOptions::new()).await;
        let object = got.and_then(GetOutcome::into_object)?;
        let attributes = object.meta().attributes.clone();
        let (mut md5, mut size, mut content) = (Md5::new(), 0, Vec::new());
        let mut stream = object.into_stream();
        while let Some(chunk) = stream.try_next().await? {
            md5.update(&chunk);
            size += chunk.len() as u64;
            if is_held {
                content.extend_from_slice(&chunk);
            }
        }
        Ok(Self { md5: hex(&md5.finalize()), size, attributes, content })
    }

    /// What is other than it was when it was stored.
    pub(super) fn differences(&self, known: &IndexedObject) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        // Of variants that an interrupted deploy has left, the index knows no MD5.
        let is_same = known.md5.is_empty() || known.md5 == self.md5;
        if self.size != known.size || !is_same {
            wrong.push(Wrong::OtherBytes { size: known.size, found: self.size });
        }
        let found = headers(&self.attributes);
        // Metadata that nobody has asked for are another program's.
        let others = found.keys().filter(|name| !name.starts_with(METADATA));
        let mut names: Vec<_> = known.headers.keys().chain(others).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let (expected, found) = (known.headers.get(name), found.get(name));
            if expected != found {
                let (expected, found) = (expected.cloned(), found.cloned());
                wrong.push(Wrong::OtherHeader { name: name.clone(), expected, found });
            }
        }
        wrong
    }
}

/// As an index has them.
fn headers(attributes: &Attributes) -> BTreeMap<String, String> {
    let named = [
        ("cache-control", &attributes.cache_control),
        ("content-disposition", &attributes.content_disposition),
        ("content-encoding", &attributes.content_encoding),
        ("content-language", &attributes.content_language),
        ("content-type", &attributes.content_type),
    ];
    let named = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
    let metadata = attributes.metadata.iter();
    named.chain(metadata.map(|(name, value)| (format!("{METADATA}{name}"), value.clone()))).collect()
}
