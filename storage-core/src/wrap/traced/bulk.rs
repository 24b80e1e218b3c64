use async_trait::async_trait;

use super::operation::{Facts, Subject};
use super::{Traced, no_note};
use crate::bulk::{BulkObject, BulkPut};
use crate::{Error, ErrorKind, Result};

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method would not be seen")]
impl BulkPut for Traced {
    async fn works(&self) -> Result<bool> {
        match self.inner.bulk_put() {
            Some(bulk) => self.start("probe", Subject::default()).call(bulk.works(), no_note).await,
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
        let bytes = objects.iter().map(|object| object.content.len() as u64).sum();
        let count = objects.len() as u64;
        let note = |facts: &mut Facts, (): &()| (facts.sent, facts.items) = (Some(bytes), Some(count));
        self.start("put_bulk", Subject::default()).call(bulk.put_bulk(objects), note).await
    }
}
