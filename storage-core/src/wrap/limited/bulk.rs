use async_trait::async_trait;

use super::Limited;
use crate::bulk::{BulkObject, BulkPut};
use crate::{Error, ErrorKind, Result};

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method would not be limited")]
impl BulkPut for Limited {
    async fn works(&self) -> Result<bool> {
        let _turn = self.turn("put_bulk", None).await?;
        match self.inner.bulk_put() {
            Some(bulk) => bulk.works().await,
            None => Ok(false),
        }
    }

    fn batch_size(&self) -> u64 {
        self.inner.bulk_put().map_or(0, BulkPut::batch_size)
    }

    async fn put_bulk(&self, objects: Vec<BulkObject>) -> Result<()> {
        let _turn = self.turn("put_bulk", None).await?;
        match self.inner.bulk_put() {
            Some(bulk) => bulk.put_bulk(objects).await,
            None => Err(Error::new(ErrorKind::Unsupported, "the store takes one object at a time")),
        }
    }
}
