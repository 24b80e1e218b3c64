//! What is in the bucket: objects, the manifest, and indexes.

use std::collections::BTreeMap;
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use storage_core::list::{ListItem, ListOptions};
use storage_core::outcome::GetOutcome;
use storage_core::{ETag, Error, GetOptions, Object};

use super::DeploysError;
use crate::collect::StaticBucket;
use crate::manifest::{Index, MANIFEST_NAME, Manifest, ManifestError};
use crate::plan::Listed;

/// How many indexes are read at a time.
const READS_AT_ONCE: usize = 8;

/// What a listing says of an object.
#[derive(Clone, Debug, Default)]
pub(super) struct Stored {
    pub(super) size: u64,
    pub(super) etag: Option<ETag>,
    pub(super) modified: Option<SystemTime>,
}

/// The manifest that is in the bucket.
pub(super) struct Live {
    pub(super) manifest: Manifest,
    pub(super) size: u64,
    pub(super) etag: Option<ETag>,
}

impl Stored {
    pub(super) fn listed(&self) -> Listed {
        Listed { size: self.size, etag: self.etag.as_ref().map(|etag| etag.as_str().to_owned()) }
    }
}

impl Live {
    pub(super) fn listed(&self) -> Listed {
        Listed { size: self.size, etag: self.etag.as_ref().map(|etag| etag.as_str().to_owned()) }
    }
}

/// All objects whose keys begin with `below`, by their keys from the root of the static files.
pub(super) async fn stored(
    bucket: &StaticBucket,
    below: &str,
) -> Result<BTreeMap<String, Stored>, DeploysError> {
    let failed = |source| DeploysError::Store { doing: "listing what is in the bucket", source };
    let mut items = bucket.storage().list(ListOptions::new().prefix(format!("{}{below}", bucket.prefix)));
    let mut stored = BTreeMap::new();
    while let Some(item) = items.try_next().await.map_err(failed)? {
        // What no key can be is none of ours.
        if let ListItem::Object(object) = item
            && let Some(key) = object.key.as_str().strip_prefix(&bucket.prefix)
        {
            let about =
                Stored { size: object.size, etag: object.etag.clone(), modified: object.last_modified };
            stored.insert(key.to_owned(), about);
        }
    }
    Ok(stored)
}

/// The manifest that is there now.
pub(super) async fn live(bucket: &StaticBucket) -> Result<Option<Live>, DeploysError> {
    let Some((object, json)) = document(bucket, MANIFEST_NAME, "reading the manifest").await? else {
        return Ok(None);
    };
    let broken = |source| DeploysError::Broken { key: MANIFEST_NAME.to_owned(), source };
    let manifest = Manifest::parse(&json).map_err(broken)?;
    Ok(Some(Live { manifest, size: json.len() as u64, etag: object }))
}

/// An index, read if it is there and understood if it can be.
pub(super) async fn index(
    bucket: &StaticBucket,
    key: &str,
) -> Result<Option<Result<Index, ManifestError>>, DeploysError> {
    let read = document(bucket, key, "reading the index of a deploy").await?;
    Ok(read.map(|(_, json)| Index::parse(&json)))
}

/// The indexes of these keys, those that are gone meanwhile left out, in the same order.
pub(super) async fn indexes(
    bucket: &StaticBucket,
    keys: Vec<String>,
) -> Result<Vec<(String, Result<Index, ManifestError>)>, DeploysError> {
    let reads = stream::iter(keys).map(|key| async move {
        let read = index(bucket, &key).await?;
        Ok(read.map(|index| (key, index)))
    });
    reads.buffered(READS_AT_ONCE).try_filter_map(async |read| Ok(read)).try_collect().await
}

async fn document(
    bucket: &StaticBucket,
    key: &str,
    doing: &'static str,
) -> Result<Option<(Option<ETag>, Bytes)>, DeploysError> {
    let failed = |source| DeploysError::Store { doing, source };
    let place = bucket.key(key).map_err(|invalid| failed(Error::from(invalid)))?;
    let got = bucket.storage().get(&place, GetOptions::new()).await;
    let object: Object = match got.and_then(GetOutcome::into_object) {
        Ok(object) => object,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let etag = object.meta().etag.clone();
    Ok(Some((etag, object.bytes().await.map_err(failed)?)))
}
