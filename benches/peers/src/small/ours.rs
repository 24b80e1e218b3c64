use std::sync::Arc;

use anyhow::Result;
use bytes::Bytes;
use storage_core::{Bucket, Storage};

use super::putting::Put;
use crate::clients;

#[derive(Clone)]
struct Client(Bucket);

pub(super) fn client(address: &str) -> Result<impl Put> {
    let storage: Arc<dyn Storage> = Arc::new(clients::ours(address)?);
    Ok(Client(Bucket::new(storage)))
}

impl Put for Client {
    async fn put(&self, name: String, content: Bytes) -> Result<()> {
        self.0.save(name, content).await?;
        Ok(())
    }
}
