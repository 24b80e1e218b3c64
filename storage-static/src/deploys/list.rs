use std::cmp::Reverse;

use super::read::{indexes, live, stored};
use super::{BrokenIndex, Deploy, Deploys, DeploysError};
use crate::collect::StaticBucket;
use crate::plan::{INDEX_FOLDER, deploy_of, index_key};

impl StaticBucket {
    /// What deploys there are: a request for the manifest, one for each deploy, and one for each 1,000 of them.
    ///
    /// # Errors
    ///
    /// [`DeploysError::Store`], and [`DeploysError::Broken`] for the manifest. An index that cannot be understood is no error here.
    pub async fn deploys(&self) -> Result<Deploys, DeploysError> {
        let there = stored(self, &format!("{INDEX_FOLDER}/")).await?;
        let keys = there.keys().filter(|key| deploy_of(key).is_some()).cloned().collect();
        let found = indexes(self, keys).await?;
        let manifest_hash = live(self).await?.map(|live| live.manifest.hash());
        let mut deploys = Deploys { manifest_hash, ..Deploys::default() };
        for (key, index) in found {
            match index {
                Ok(index) => {
                    let name = deploy_of(&key).unwrap_or_default().to_owned();
                    deploys.deploys.push(Deploy::new(name, &index, deploys.manifest_hash.as_deref()));
                }
                Err(source) => deploys.broken.push(BrokenIndex { key, source }),
            }
        }
        // Of one second, the store's clock says which was first.
        let stored = |deploy: &Deploy| there.get(&index_key(&deploy.name)).and_then(|stored| stored.modified);
        deploys
            .deploys
            .sort_by_cached_key(|deploy| Reverse((deploy.created, stored(deploy), deploy.name.clone())));
        Ok(deploys)
    }
}
