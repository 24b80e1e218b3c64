use std::sync::Arc;

use anyhow::Result;
use bytes::Bytes;
use object_store::aws::AmazonS3;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};

use super::putting::Put;
use crate::clients;

#[derive(Clone)]
struct Client(Arc<AmazonS3>);

pub(super) fn client(address: &str) -> Result<impl Put> {
    Ok(Client(Arc::new(clients::object_store(address)?)))
}

impl Put for Client {
    async fn put(&self, name: String, content: Bytes) -> Result<()> {
        self.0.put(&Path::parse(name)?, PutPayload::from_bytes(content)).await?;
        Ok(())
    }
}
