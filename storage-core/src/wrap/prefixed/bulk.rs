use async_trait::async_trait;

use super::Prefixed;
use crate::bulk::{BulkObject, BulkPut};
use crate::{Error, ErrorKind, Result};

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method would leave the prefix")]
impl BulkPut for Prefixed {
    async fn works(&self) -> Result<bool> {
        match self.inner.bulk_put() {
            Some(bulk) => bulk.works().await,
            None => Ok(false),
        }
    }

    fn batch_size(&self) -> u64 {
        self.inner.bulk_put().map_or(0, BulkPut::batch_size)
    }

    async fn put_bulk(&self, objects: Vec<BulkObject>) -> Result<()> {
        let Some(bulk) = self.inner.bulk_put() else {
            return Err(Error::new(ErrorKind::Unsupported, "the store takes one object at a time"));
        };
        let full = |object: BulkObject| Ok(BulkObject { key: self.full(&object.key)?, ..object });
        let objects = objects.into_iter().map(full).collect::<Result<_>>()?;
        bulk.put_bulk(objects).await.map_err(|error| self.relative_error(error))
    }
}
