//! What is deleted, and how a deploy beside it learns of that.

use std::collections::BTreeSet;

use storage_core::backend::SaveId;
use storage_core::key::RawKey;
use storage_core::{Error, PutOptions, Result};

use super::{CollectError, Failure, StaticBucket, attributes};
use crate::plan::{Action, DELETIONS, Found, HeaderRules, Plan, deploy_of};

/// As many keys as one request deletes
/// ([S3 API, "DeleteObjects"](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)).
pub(crate) const BATCH: usize = 1_000;

/// What was cleared away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Cleared {
    /// Objects that were deleted, without indexes.
    pub objects: usize,
    /// Deploys whose indexes were deleted: nobody can go back to them.
    pub deploys: usize,
    /// Calls of the store.
    pub requests: u64,
}

impl StaticBucket {
    /// Deletes whatever was found in the bucket and is none of a deploy's that was carried out: [`Plan::leftover`], somebody else's objects too,
    /// and the indexes of all other deploys. Pages that are open in browsers may miss it, and there is no way back to earlier deploys.
    ///
    /// A deploy that goes on beside it and counts on what is deleted is told so, and not published.
    ///
    /// # Errors
    ///
    /// [`CollectError::NotDeleted`], [`CollectError::Store`]. What is left is deleted by the next attempt.
    pub async fn clear(&self, plan: &Plan, found: &Found) -> std::result::Result<Cleared, CollectError> {
        let deploy = match (plan.index.action, &found.previous) {
            (Action::Unchanged, Some(previous)) => &previous.deploy,
            _ => &plan.index.index.deploy,
        };
        let is_another = |key: &&str| deploy_of(key).is_some_and(|other| other != deploy);
        let indexes: Vec<&str> = found.listing.keys().filter(is_another).collect();
        if plan.leftover.is_empty() && indexes.is_empty() {
            return Ok(Cleared::default());
        }
        let failed = |source| CollectError::Store { doing: "deleting what is not needed any more", source };
        self.announce_deletions().await.map_err(failed)?;
        let mut requests = 1;
        let objects: Vec<&str> = plan.leftover.iter().map(String::as_str).collect();
        for batch in objects.chunks(BATCH).chain(indexes.chunks(BATCH)) {
            requests += 1;
            let failures = self.delete(batch).await.map_err(failed)?;
            if !failures.is_empty() {
                return Err(CollectError::NotDeleted(failures));
            }
        }
        Ok(Cleared { objects: objects.len(), deploys: indexes.len(), requests })
    }

    /// Says that something will be deleted from now on.
    pub(crate) async fn announce_deletions(&self) -> Result<()> {
        let options = PutOptions::new().attributes(attributes::of(&HeaderRules::document()));
        let content = SaveId::random()?.as_str().to_owned();
        self.storage.put(&self.key(DELETIONS)?, content.into(), options).await.map(drop)
    }

    /// Whether something was deleted, or is about to be, since the bucket was looked at.
    pub(crate) async fn has_lost_objects(&self, found: &Found) -> Result<bool> {
        let now = match self.storage.stat(&self.key(DELETIONS)?).await {
            Ok(meta) => Some(meta.etag.map(|etag| etag.as_str().to_owned())),
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(error),
        };
        Ok(now != found.listing.get(DELETIONS).map(|listed| listed.etag.clone()))
    }

    /// Deletes up to 1,000 keys, and says which are there still.
    pub(crate) async fn delete(&self, keys: &[&str]) -> Result<Vec<Failure>> {
        let keys: BTreeSet<_> = keys.iter().map(|key| format!("{}{key}", self.prefix)).collect();
        let failed = self.storage.delete_many(keys.into_iter().map(RawKey::from).collect()).await?.failed;
        let failure = |(key, source): (RawKey, Error)| Failure {
            key: key.as_str().strip_prefix(&self.prefix).unwrap_or_default().to_owned(),
            source,
        };
        Ok(failed.into_iter().map(failure).collect())
    }
}
