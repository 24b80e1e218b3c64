use std::collections::BTreeMap;

use super::DeploysError;
use super::read::{Live, Stored, index, live, stored};
use crate::collect::{CollectError, StaticBucket, publish};
use crate::manifest::{Index, MANIFEST_NAME, Manifest};
use crate::plan::{
    Action, DELETIONS, Found, HeaderRules, INDEX_FOLDER, ManifestStep, Mark, Reason, deploy_of, index_key,
};

/// An earlier deploy that is live again.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct RolledBack {
    /// The deploy.
    pub deploy: String,
    /// The hash of the manifest that was there before; `None` if there was none.
    pub from: Option<String>,
    /// The hash of the manifest that is there now. If it is the same, nothing was stored.
    pub to: String,
    /// Plain names, such as those of pages, that have the content of another deploy, or are gone: they are not brought back. Keys
    /// from the root of the static files, sorted.
    pub stale: Vec<String>,
}

impl StaticBucket {
    /// Makes an earlier deploy live again, or a later one: its manifest, rebuilt from its index, replaces the one that is there, on the
    /// condition that nobody else does so meanwhile. First it is checked that all that it serves is there: a request for each 1,000
    /// objects, two more to read, and one after it, in case that somebody prunes beside it.
    ///
    /// What is stored by its plain name is not brought back, as other deploys have overwritten it: see [`RolledBack::stale`].
    ///
    /// # Errors
    ///
    /// [`DeploysError::Unknown`], [`DeploysError::NoManifest`], [`DeploysError::Incomplete`] with all that is missing,
    /// [`DeploysError::Concurrent`], [`DeploysError::Broken`], [`DeploysError::NotPublished`] and [`DeploysError::Store`].
    pub async fn rollback(&self, deploy: &str) -> Result<RolledBack, DeploysError> {
        let index = self.index_of_deploy(deploy).await?;
        let no_manifest = || DeploysError::NoManifest { deploy: deploy.to_owned() };
        let manifest = index.manifest().ok_or_else(no_manifest)?;
        // Before the listing: whoever deploys from here on is noticed.
        let before = live(self).await?;
        let there = stored(self, "").await?;
        let missing = missing(&manifest, &index, &there);
        if !missing.is_empty() {
            return Err(DeploysError::Incomplete { deploy: deploy.to_owned(), missing });
        }
        let done = RolledBack {
            deploy: deploy.to_owned(),
            from: before.as_ref().map(|live| live.manifest.hash()),
            to: index.manifest_hash.clone(),
            stale: stale(&manifest, &index, &there),
        };
        if done.from.as_ref() == Some(&done.to) {
            return Ok(done);
        }
        let mut found = Found::default();
        if let Some(live) = &before {
            found.listing.insert(MANIFEST_NAME, live.listed());
        }
        if let Some(stored) = there.get(DELETIONS) {
            found.listing.insert(DELETIONS, stored.listed());
        }
        self.make_live(&step(&index, &manifest), &found).await?;
        // Who prunes from here on sees the manifest. Who began before may have deleted what it names.
        let failed = |source| DeploysError::Store { doing: "looking whether somebody has pruned", source };
        if self.has_lost_objects(&found).await.map_err(failed)? {
            let missing = self::missing(&manifest, &index, &stored(self, "").await?);
            if !missing.is_empty() {
                self.put_back(before).await?;
                return Err(DeploysError::Incomplete { deploy: deploy.to_owned(), missing });
            }
        }
        Ok(done)
    }

    async fn make_live(&self, step: &ManifestStep, found: &Found) -> Result<(), DeploysError> {
        publish(self, step, found).await.map_err(|error| match error {
            CollectError::Concurrent { key, source } => DeploysError::Concurrent { key, source },
            source => DeploysError::NotPublished { source },
        })
    }

    /// The manifest that was there before a rollback, in place of the one that is there now.
    async fn put_back(&self, before: Option<Live>) -> Result<(), DeploysError> {
        let (Some(before), Some(now)) = (before, live(self).await?) else { return Ok(()) };
        let mut found = Found::default();
        found.listing.insert(MANIFEST_NAME, now.listed());
        let index = Index::new("", 0, before.manifest.hash());
        self.make_live(&step(&index, &before.manifest), &found).await
    }

    async fn index_of_deploy(&self, deploy: &str) -> Result<Index, DeploysError> {
        let key = index_key(deploy);
        let found = match self.key(&key) {
            Ok(_) if deploy_of(&key).is_some() => index(self, &key).await?,
            _ => None,
        };
        if let Some(index) = found {
            return index.map_err(|source| DeploysError::Broken { key, source });
        }
        let keys = stored(self, &format!("{INDEX_FOLDER}/")).await?;
        let known = keys.keys().filter_map(|key| deploy_of(key)).map(str::to_owned).collect();
        Err(DeploysError::Unknown { deploy: deploy.to_owned(), known })
    }
}

fn step(index: &Index, manifest: &Manifest) -> ManifestStep {
    let known = index.objects.get(MANIFEST_NAME);
    ManifestStep {
        key: MANIFEST_NAME.to_owned(),
        action: Action::Upload,
        reason: Reason::ContentDiffers,
        json: manifest.to_json(),
        md5: known.map(|object| object.md5.clone()).unwrap_or_default(),
        headers: known.map_or_else(HeaderRules::document, |object| object.headers.clone()),
        // Plain names are not brought back: whoever collects has something to do.
        mark: Mark { deploy: index.deploy.clone(), digest: String::new() },
    }
}

/// What is served, and is not there with the length that it had.
fn missing(manifest: &Manifest, index: &Index, there: &BTreeMap<String, Stored>) -> Vec<String> {
    let is_there = |name: &str, key: &str| match (there.get(key), index.objects.get(key)) {
        (None, _) => false,
        (Some(stored), Some(known)) => stored.size == known.size || name == key,
        (Some(_), None) => true,
    };
    let mut missing: Vec<_> =
        manifest.iter().filter(|(name, key)| !is_there(name, key)).map(|(_, key)| key.to_owned()).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// What has a plain name, and is not what it was.
fn stale(manifest: &Manifest, index: &Index, there: &BTreeMap<String, Stored>) -> Vec<String> {
    let plain = index.objects.iter().filter(|(key, _)| index.files.contains_key(*key));
    let kept = |name: &str| manifest.get(name).is_some_and(|served| served == name);
    let differs = plain.filter(|(key, known)| match there.get(*key) {
        Some(stored) => !stored.is(known),
        None => !kept(key),
    });
    differs.map(|(key, _)| key.clone()).collect()
}
