use async_trait::async_trait;
use storage_core::attributes::Attributes;
use storage_core::bulk::{BulkObject, BulkPut};
use storage_core::key::{RawKey, STAGED};
use storage_core::{ObjectKey, Result};

use super::{MinioStorage, Store};
use crate::actions::metadata::SaveId;
use crate::actions::put_extracted;

/// Enough that the round trip does not count, and little enough to be held in memory.
const BATCH: u64 = 12 << 20;

/// MinIO takes a tar apart into objects. Other servers store the tar, and say that all is well.
#[async_trait]
impl BulkPut for MinioStorage {
    async fn works(&self) -> Result<bool> {
        let works = match self.store.client.traits.may_extract() {
            true => self.store.extraction.inquire(&self.store).await,
            false => Ok(false),
        };
        works.map_err(|error| self.named(error, "put_bulk"))
    }

    fn batch_size(&self) -> u64 {
        BATCH
    }

    async fn put_bulk(&self, objects: Vec<BulkObject>) -> Result<()> {
        let put = match random_key() {
            Ok(key) => self.store.put_tar(&key, objects).await,
            Err(error) => Err(error),
        };
        put.map_err(|error| self.named(error, "put_bulk"))
    }
}

/// Whether the server takes tars apart, once it is known.
#[derive(Debug, Default)]
pub(crate) struct Extraction(tokio::sync::OnceCell<bool>);

impl Extraction {
    async fn inquire(&self, store: &Store) -> Result<bool> {
        self.0.get_or_try_init(|| store.try_extraction()).await.copied()
    }
}

impl Store {
    async fn put_tar(&self, key: &ObjectKey, objects: Vec<BulkObject>) -> Result<()> {
        let tar = put_extracted::tar(objects, self.client.clock.now())?;
        self.write(&put_extracted::request(key, tar)).await.result.map(drop)
    }

    /// Sends a tar with one empty object, looks for it and its headers, which MinIO of before April 2023 forgets, and takes away what there
    /// is then: the object, or the tar.
    async fn try_extraction(&self) -> Result<bool> {
        let (tar, member) = (random_key()?, random_key()?);
        let mut attributes = Attributes::default();
        attributes.content_type = Some("text/css".to_owned());
        attributes.cache_control = Some("no-cache".to_owned());
        let object = BulkObject::new(member.clone(), "").attributes(attributes.clone());
        self.put_tar(&tar, vec![object]).await?;
        let found = match self.stat(&member).await {
            Ok(meta) => Ok(meta.attributes == attributes),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        };
        let left = vec![RawKey::from(&tar), RawKey::from(&member)];
        // What could not be taken away is in nobody's way, and is swept as everything that is staged.
        drop(self.delete_many(left).await);
        found
    }
}

fn random_key() -> Result<ObjectKey> {
    Ok(ObjectKey::new(format!("{STAGED}{}", SaveId::random()?.as_str()))?)
}
