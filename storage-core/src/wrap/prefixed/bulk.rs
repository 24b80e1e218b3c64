use async_trait::async_trait;

use super::Prefixed;
use crate::Result;
use crate::bulk::{BulkObject, BulkPut, inner};

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method would leave the prefix")]
impl BulkPut for Prefixed {
    async fn works(&self) -> Result<bool> {
        inner(&self.inner)?.works().await
    }

    fn batch_size(&self) -> u64 {
        self.inner.bulk_put().map_or(0, BulkPut::batch_size)
    }

    async fn put_bulk(&self, objects: Vec<BulkObject>) -> Result<()> {
        let bulk = inner(&self.inner)?;
        let full = |object: BulkObject| Ok(BulkObject { key: self.full(&object.key)?, ..object });
        let objects = objects.into_iter().map(full).collect::<Result<_>>()?;
        bulk.put_bulk(objects).await.map_err(|error| self.relative_error(error))
    }
}
