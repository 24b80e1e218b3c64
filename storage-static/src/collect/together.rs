//! Small files that travel together: sent in batches, and looked for afterwards.

use md5::{Digest as _, Md5};
use storage_core::bulk::BulkObject;
use storage_core::{Result, StorageExt as _};

use super::batches::batches;
use super::progress::Stage;
use super::run::{Job, Run, Sent};
use super::{CollectError, attributes, upload};
use crate::graph::hex;
use crate::plan::{Action, Listed, Plan, Reason, Step};

/// Fewer objects than these are not worth a trial of what the store takes together.
const WORTH_BULK: usize = 32;

/// The most bytes of an object that travels with others.
const MOST_IN_BULK: u64 = 4 << 20;

/// What goes with an object beside its content, in bytes: its name and headers, as in the tars of MinIO.
const BESIDE: u64 = 2_560;

/// A trial is a batch, a look for its object, and its deletion.
const TRIAL: u64 = 3;

impl<'a> Run<'a> {
    /// Where small files travel together, if the store takes them so.
    pub(super) async fn find_bulk(&mut self, plan: &Plan) {
        let is_worth = plan.steps.iter().filter(|step| is_small(step)).count() >= WORTH_BULK;
        let Some(bulk) = self.bucket.storage.bulk_put().filter(|_| is_worth) else { return };
        self.collected.requests += TRIAL;
        // What keeps the store from answering is told by what is sent next.
        if bulk.works().await.unwrap_or_default() {
            self.bulk = Some(bulk);
        }
    }

    /// What travels together, and what does not.
    pub(super) fn batches(&self, steps: &[&'a Step]) -> (Vec<Vec<&'a Step>>, Vec<&'a Step>) {
        let (small, alone): (Vec<&Step>, Vec<&Step>) = steps.iter().copied().partition(|step| is_small(step));
        match self.bulk.filter(|_| small.len() >= WORTH_BULK) {
            Some(bulk) => (batches(&small, bulk.batch_size()), alone),
            None => (Vec::new(), steps.to_vec()),
        }
    }

    pub(super) fn batch(&'a self, batch: &'a [&'a Step]) -> Option<Job<'a>> {
        let (bulk, first) = (self.bulk?, batch.first()?);
        let sending = async move {
            let bytes: u64 = batch.iter().map(|step| step.size).sum();
            let _held = self.pace.hold(bytes + BESIDE * batch.len() as u64).await?;
            let sent = self.pace.send(|| async { bulk.put_bulk(self.objects(batch).await?).await }).await;
            match sent {
                // Refused as a whole, as by a proxy that takes no such length: what is missing then is sent by itself.
                Err(error)
                    if error.http_status().is_some_and(|status| matches!(status, 400 | 411 | 413 | 501)) =>
                {
                    Ok(Sent { requests: 1, ..Sent::default() })
                }
                sent => sent.map(|()| Sent { files: batch.len(), bytes, requests: 1, ..Sent::default() }),
            }
        };
        Some((first.key.as_str(), Box::pin(sending)))
    }

    async fn objects(&self, batch: &[&Step]) -> Result<Vec<BulkObject>> {
        let contents = upload::read(self.graph, batch, &self.buffers).await?;
        let mut objects = Vec::with_capacity(batch.len());
        for (step, content) in batch.iter().zip(contents) {
            let object = BulkObject::new(self.bucket.key(&step.key)?, content);
            objects.push(object.attributes(attributes::of(&step.headers)));
        }
        Ok(objects)
    }

    /// Looks whether what travelled together has arrived as it should; what has not is sent again by itself.
    pub(super) async fn verify(&mut self, together: &[&'a Step]) -> std::result::Result<(), CollectError> {
        if together.is_empty() {
            return Ok(());
        }
        self.meter.stage(Stage::Verifying);
        let everything = self.bucket.list("").await?;
        self.collected.requests += everything.pages;
        let listed =
            |step: &Step| everything.listing.get(&step.key).filter(|listed| listed.size == step.size);
        let is_right = |step: &Step| listed(step).is_some_and(|listed| listed.is_md5(&step.md5));
        let first = together.iter().find(|step| listed(step).is_some());
        let is_opaque = match first.filter(|_| !together.iter().any(|step| is_right(step))) {
            Some(step) => self.is_opaque(step).await?,
            None => false,
        };
        let has_arrived =
            |step: &Step, found: &Listed| found.is_md5(&step.md5) || is_opaque && step.reason == Reason::New;
        let mut missing = Vec::new();
        for step in together {
            match listed(step).filter(|found| has_arrived(step, found)) {
                Some(found) => {
                    self.changes.etag(step.key.clone(), found.bare_etag().map(str::to_owned));
                    self.collected.uploaded += 1;
                    self.collected.in_bulk += 1;
                    self.collected.bytes += step.size;
                }
                None => missing.push(*step),
            }
        }
        let done = {
            let run = &*self;
            run.all(missing.iter().map(|step| run.put(step))).await?
        };
        self.note(done);
        self.meter.goes_on();
        Ok(())
    }
}

impl Run<'_> {
    /// Whether `ETag`s are no MD5: they are of none of the objects, and one is read that shows that the bytes are right.
    async fn is_opaque(&mut self, step: &Step) -> std::result::Result<bool, CollectError> {
        let failed = |source| CollectError::Store { doing: "reading what has travelled together", source };
        let key = self.bucket.key(&step.key).map_err(|invalid| failed(invalid.into()))?;
        self.collected.requests += 1;
        let content = self.bucket.storage.read(&key).await.map_err(failed)?;
        Ok(hex(&Md5::digest(&content)) == step.md5)
    }
}

fn is_small(step: &Step) -> bool {
    step.action == Action::Upload && step.size <= MOST_IN_BULK
}
