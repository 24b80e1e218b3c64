use async_trait::async_trait;

use super::Limited;
use crate::Result;
use crate::bulk::{BulkObject, BulkPut, inner};

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method would not be limited")]
impl BulkPut for Limited {
    async fn works(&self) -> Result<bool> {
        let _turn = self.turn("put_bulk", None).await?;
        inner(&self.inner)?.works().await
    }

    fn batch_size(&self) -> u64 {
        self.inner.bulk_put().map_or(0, BulkPut::batch_size)
    }

    async fn put_bulk(&self, objects: Vec<BulkObject>) -> Result<()> {
        let _turn = self.turn("put_bulk", None).await?;
        inner(&self.inner)?.put_bulk(objects).await
    }
}
