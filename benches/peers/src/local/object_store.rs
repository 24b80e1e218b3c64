use std::path::Path;

use anyhow::Result;
use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::{ObjectStoreExt, PutPayload};

use super::storing::Store;

struct ObjectStore(LocalFileSystem);

pub(super) fn store(folder: &Path, is_durable: bool) -> Result<impl Store> {
    Ok(ObjectStore(LocalFileSystem::new_with_prefix(folder)?.with_fsync(is_durable)))
}

impl Store for ObjectStore {
    async fn save(&self, name: String, content: Bytes) -> Result<()> {
        self.0.put(&name.into(), PutPayload::from_bytes(content)).await?;
        Ok(())
    }

    async fn read(&self, name: String) -> Result<usize> {
        let mut chunks = self.0.get(&name.into()).await?.into_stream();
        let mut length = 0;
        while let Some(chunk) = chunks.try_next().await? {
            length += chunk.len();
        }
        Ok(length)
    }
}
