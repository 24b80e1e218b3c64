use async_trait::async_trait;

use super::operation::{Facts, Subject};
use super::{Traced, no_note};
use crate::Result;
use crate::bulk::{BulkObject, BulkPut, inner};

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method would not be seen")]
impl BulkPut for Traced {
    async fn works(&self) -> Result<bool> {
        let bulk = inner(&self.inner)?;
        self.start("probe", Subject::default()).call(bulk.works(), no_note).await
    }

    fn batch_size(&self) -> u64 {
        self.inner.bulk_put().map_or(0, BulkPut::batch_size)
    }

    async fn put_bulk(&self, objects: Vec<BulkObject>) -> Result<()> {
        let bulk = inner(&self.inner)?;
        let bytes = objects.iter().map(|object| object.content.len() as u64).sum();
        let count = objects.len() as u64;
        let note = |facts: &mut Facts, (): &()| (facts.sent, facts.items) = (Some(bytes), Some(count));
        self.start("put_bulk", Subject::default()).call(bulk.put_bulk(objects), note).await
    }
}
