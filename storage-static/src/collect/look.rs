use std::time::SystemTime;

use futures_util::TryStreamExt as _;
use md5::{Digest as _, Md5};
use storage_core::list::{ListItem, ListOptions};
use storage_core::outcome::GetOutcome;
use storage_core::{Error, GetOptions, ObjectMeta, Result};

use super::{CollectError, StaticBucket};
use crate::graph::hex;
use crate::manifest::MANIFEST_NAME;
use crate::plan::{Found, Listed, Listing, Mark, deploy_of, index_key};

/// Keys in a page of a listing
/// ([S3 API, "ListObjectsV2"](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html)).
const PAGE: u64 = 1_000;

const DEPLOY: &str = "static-deploy";
const DIGEST: &str = "static-digest";

/// What a listing came to.
pub(crate) struct Everything {
    pub(crate) listing: Listing,
    /// The keys of indexes, the newest first, as the store's clock has it.
    pub(super) indexes: Vec<(Option<SystemTime>, String)>,
    pub(crate) pages: u64,
}

impl StaticBucket {
    /// Looks what is there: one request for each 1,000 objects, and one for the newest index if there is one. Another one is for the manifest,
    /// if its `ETag` does not say that it is of that index: after a rollback, or where `ETag`s are no MD5.
    ///
    /// # Errors
    ///
    /// [`CollectError::Store`]. An index that cannot be understood is no error: [`Found::broken`] says so, and the one before it is read.
    pub async fn look(&self) -> Result<Found, CollectError> {
        let Everything { listing, indexes, pages } = self.list("").await?;
        let mut found = Found::new(listing);
        found.requests = pages;
        for (_, key) in indexes {
            found.requests += 1;
            match self.index(&key, "reading the index of a deploy").await {
                Ok(Some(index)) => {
                    found.previous = Some(index);
                    break;
                }
                Ok(None) => {}
                Err(CollectError::Index { key, source }) => found.broken.push(format!("{key}: {source}")),
                Err(error) => return Err(error),
            }
        }
        self.identify(&mut found).await?;
        Ok(found)
    }

    /// What the manifest that is there says of its deploy, in one request; `None` if there is none, or it was stored by somebody else.
    ///
    /// A [plan](crate::plan::Plan) of the same [digest](Mark::digest) has nothing to do, unless somebody has deleted or overwritten objects: that
    /// can be seen only by [`look`](Self::look).
    ///
    /// # Errors
    ///
    /// [`CollectError::Store`].
    pub async fn mark(&self) -> Result<Option<Mark>, CollectError> {
        let failed = |source| CollectError::Store { doing: "asking for the manifest", source };
        let key = self.key(MANIFEST_NAME).map_err(|invalid| failed(invalid.into()))?;
        match self.storage.stat(&key).await {
            Ok(meta) => Ok(mark_of(&meta)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// All objects whose keys from the root of the static files begin so, page after page.
    ///
    /// To list ranges of keys at the same time, as an earlier index could tell them, makes it no quicker: MinIO lists anew for each of them,
    /// and takes two to three times as long in all (of 2026-02; 17 pages, 2 processors).
    pub(crate) async fn list(&self, below: &str) -> Result<Everything, CollectError> {
        let failed = |source| CollectError::Store { doing: "listing what is in the bucket", source };
        let mut items = self.storage.list(ListOptions::new().prefix(format!("{}{below}", self.prefix)));
        let (mut listing, mut indexes, mut count) = (Listing::new(), Vec::new(), 0_u64);
        while let Some(item) = items.try_next().await.map_err(failed)? {
            count += 1;
            // What no key can be is none of ours.
            if let ListItem::Object(object) = item
                && let Some(key) = object.key.as_str().strip_prefix(&self.prefix)
            {
                if deploy_of(key).is_some() {
                    indexes.push((object.last_modified, key.to_owned()));
                }
                let etag = object.etag.as_ref().map(|etag| etag.as_str().to_owned());
                listing.insert(key, Listed { size: object.size, etag });
            }
        }
        indexes.sort_unstable_by(|one, other| other.cmp(one));
        Ok(Everything { listing, indexes, pages: count.div_ceil(PAGE).max(1) })
    }

    /// Finds out which deploy the manifest is of, and lets the index that was read know its bytes.
    async fn identify(&self, found: &mut Found) -> Result<(), CollectError> {
        let Some(listed) = found.listing.get(MANIFEST_NAME).cloned() else { return Ok(()) };
        let known = |found: &Found| Some(found.previous.as_ref()?.objects.get(MANIFEST_NAME)?.md5.clone());
        if known(found).as_deref().is_some_and(|md5| listed.bare_etag() == Some(md5)) {
            found.live = found.previous.as_ref().map(|previous| previous.deploy.clone());
            return Ok(());
        }
        found.requests += 1;
        let failed = |source| CollectError::Store { doing: "reading the manifest", source };
        let key = self.key(MANIFEST_NAME).map_err(|invalid| failed(Error::from(invalid)))?;
        let got = self.storage.get(&key, GetOptions::new()).await;
        let object = match got.and_then(GetOutcome::into_object) {
            Ok(object) => object,
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) => return Err(failed(error)),
        };
        let mark = mark_of(object.meta());
        let is_listed = object.meta().etag.as_ref().map(|etag| etag.as_str().to_owned()) == listed.etag;
        let json = object.bytes().await.map_err(failed)?;
        let is_there = |deploy: &String| found.listing.get(&index_key(deploy)).is_some();
        found.live = mark.map(|mark| mark.deploy).filter(is_there);
        if let Some(previous) = found.previous.as_mut().filter(|_| is_listed) {
            let known = previous.objects.entry(MANIFEST_NAME.to_owned()).or_default();
            known.size = json.len() as u64;
            known.md5 = hex(&Md5::digest(&json));
            known.etag = listed.bare_etag().filter(|etag| *etag != known.md5).map(str::to_owned);
        }
        Ok(())
    }
}

/// Metadata that say what the manifest is of.
pub(super) fn marked(mark: &Mark) -> [(&'static str, &str); 2] {
    [(DEPLOY, &mark.deploy), (DIGEST, &mark.digest)]
}

fn mark_of(meta: &ObjectMeta) -> Option<Mark> {
    let value = |name: &str| meta.attributes.metadata.get(name).cloned();
    Some(Mark { deploy: value(DEPLOY)?, digest: value(DIGEST).unwrap_or_default() })
}
