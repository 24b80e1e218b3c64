use std::collections::{BTreeMap, BTreeSet};

use storage_core::Error;

use super::select::select;
use super::{PruneOptions, PrunePlan};
use crate::collect::{BATCH, StaticBucket};
use crate::deploys::DeploysError;
use crate::deploys::read::{indexes, live, stored};
use crate::manifest::{MANIFEST_NAME, Manifest};
use crate::plan::{INDEX_FOLDER, deploy_of, index_key};

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Pruned {
    /// How many objects, without indexes.
    pub objects: usize,
    /// How many bytes these had.
    pub bytes: u64,
    /// How many deploys.
    pub deploys: usize,
}

impl StaticBucket {
    /// Looks what can be deleted, and deletes nothing: only what the index of an earlier deploy says that it has stored, and what neither the
    /// live deploy, nor one of the [last](PruneOptions::keep), nor a [young](PruneOptions::min_age) one refers to. Plain names that were
    /// overwritten by somebody else are kept. A request for each 1,000 objects, one for each deploy, and one for the manifest.
    ///
    /// The [share](PruneOptions::max_share) is checked when the plan is carried out: one that deletes too much can be looked at.
    ///
    /// # Errors
    ///
    /// [`DeploysError::Store`]; [`DeploysError::Broken`] for the manifest or any of the indexes.
    pub async fn plan_prune(&self, options: &PruneOptions) -> Result<PrunePlan, DeploysError> {
        let there = stored(self, "").await?;
        let keys = there.keys().filter(|key| deploy_of(key).is_some()).cloned().collect();
        let mut known = BTreeMap::new();
        for (key, index) in indexes(self, keys).await? {
            let name = deploy_of(&key).unwrap_or_default().to_owned();
            known.insert(name, index.map_err(|source| DeploysError::Broken { key, source })?);
        }
        // Last: what was published meanwhile is kept.
        let live = live(self).await?.map(|live| live.manifest);
        Ok(select(&known, &there, live.as_ref(), options))
    }

    /// Deletes what the plan says: the objects, 1,000 a request, and the indexes of their deploys after them. Whatever fails, the live deploy
    /// and all others that are kept have all that they need, and the next attempt deletes the rest.
    ///
    /// First it is looked whether somebody has deployed or rolled back since the plan was made. A deploy that is under way meanwhile and counts
    /// on what it has found there is told so ([`CollectError::Deleted`](crate::collect::CollectError::Deleted)), and so is a rollback.
    ///
    /// # Errors
    ///
    /// [`DeploysError::TooMany`] and [`DeploysError::Concurrent`], before anything is deleted; [`DeploysError::NotDeleted`];
    /// [`DeploysError::Store`].
    pub async fn prune(&self, plan: &PrunePlan) -> Result<Pruned, DeploysError> {
        plan.check_share()?;
        if plan.is_done() {
            return Ok(Pruned::default());
        }
        // Before the look: a deploy that is not seen by it sees this.
        self.announce_deletions().await.map_err(deleting)?;
        self.is_as_planned(plan).await?;
        let objects: Vec<_> = plan.delete.iter().map(|object| object.key.as_str()).collect();
        self.delete_all(&objects).await?;
        let indexes: Vec<_> = plan.deploys.iter().map(|deploy| index_key(deploy)).collect();
        self.delete_all(&indexes.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        Ok(Pruned { objects: plan.delete.len(), bytes: plan.bytes(), deploys: plan.deploys.len() })
    }

    async fn is_as_planned(&self, plan: &PrunePlan) -> Result<(), DeploysError> {
        let changed = |key: &str| Err(DeploysError::Concurrent { key: key.to_owned(), source: None });
        let kept = plan.kept.iter().map(|kept| kept.deploy.as_str());
        let known: BTreeSet<_> = kept.chain(plan.deploys.iter().map(String::as_str)).collect();
        let there = stored(self, &format!("{INDEX_FOLDER}/")).await?;
        let is_new = |key: &&String| deploy_of(key).is_some_and(|deploy| !known.contains(deploy));
        if let Some(key) = there.keys().find(is_new) {
            return changed(key);
        }
        match live(self).await?.map(|live| Manifest::hash(&live.manifest)) == plan.manifest_hash {
            true => Ok(()),
            false => changed(MANIFEST_NAME),
        }
    }

    async fn delete_all(&self, keys: &[&str]) -> Result<(), DeploysError> {
        for batch in keys.chunks(BATCH) {
            let failures = self.delete(batch).await.map_err(deleting)?;
            if !failures.is_empty() {
                return Err(DeploysError::NotDeleted(failures));
            }
        }
        Ok(())
    }
}

fn deleting(source: Error) -> DeploysError {
    DeploysError::Store { doing: "deleting what no deploy refers to", source }
}
