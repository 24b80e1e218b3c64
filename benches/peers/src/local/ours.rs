use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use bytes::Bytes;
use futures_util::TryStreamExt;
use storage_core::{Bucket, Storage};
use storage_local::{Durability, LocalStorage};

use super::storing::Store;

struct Ours(Bucket);

pub(super) fn store(folder: &Path, is_durable: bool) -> Result<impl Store> {
    let durability = match is_durable {
        true => Durability::Full,
        false => Durability::None,
    };
    let storage: Arc<dyn Storage> = Arc::new(LocalStorage::builder(folder).durability(durability).build()?);
    Ok(Ours(Bucket::new(storage)))
}

impl Store for Ours {
    async fn save(&self, name: String, content: Bytes) -> Result<()> {
        self.0.save(name, content).await?;
        Ok(())
    }

    async fn read(&self, name: String) -> Result<usize> {
        let mut chunks = self.0.open(name).await?.into_stream();
        let mut length = 0;
        while let Some(chunk) = chunks.try_next().await? {
            length += chunk.len();
        }
        Ok(length)
    }
}
