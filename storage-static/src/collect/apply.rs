use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream;
use storage_core::bulk::{BulkObject, BulkPut};
use storage_core::{CopyOptions, Error, PutOptions, Result};

use super::batches::batches;
use super::pace::Pace;
use super::progress::{Meter, Stage};
use super::variants::Made;
use super::{ApplyOptions, CollectError, Failure, Found, StaticBucket, attributes, manifest, upload};
use crate::graph::Graph;
use crate::manifest::Index;
use crate::plan::{Action, Phase, Plan, Step};

/// Fewer objects than these are not worth a trial of what the store takes together.
const WORTH_BULK: usize = 32;

/// The most bytes of an object that travels with others.
const MOST_IN_BULK: u64 = 4 << 20;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collected {
    /// Objects that were stored, but for index and manifest.
    pub uploaded: usize,
    /// Objects that have other headers now.
    pub changed_headers: usize,
    /// Bytes that were stored.
    pub bytes: u64,
    /// Objects that travelled together with others.
    pub in_bulk: usize,
    /// Calls of the store, but for listings.
    pub requests: u64,
}

impl StaticBucket {
    /// Carries out what is planned, from the files of the graph that it was planned of. Nothing is sent if there is nothing to do.
    ///
    /// # Errors
    ///
    /// [`CollectError::Failed`] names the objects that could not be stored, [`CollectError::Concurrent`] says that somebody else was quicker. The
    /// manifest is the old one then.
    pub async fn apply(
        &self,
        plan: &Plan,
        graph: &Arc<Graph>,
        found: &Found,
        options: &ApplyOptions,
    ) -> std::result::Result<Collected, CollectError> {
        if plan.is_done() {
            return Ok(Collected::default());
        }
        let mut run = Run {
            bucket: self,
            graph,
            pace: Pace::new(options.at_once),
            meter: Meter::new(plan, options),
            bulk: self.bulk(plan, options).await,
            at_once: options.at_once,
            index: plan.index.index.clone(),
            collected: Collected::default(),
        };
        for phases in [[Phase::Leaves, Phase::Referrers], [Phase::Plain, Phase::Html]] {
            let mut together = Vec::new();
            for phase in phases {
                let steps: Vec<_> = plan.steps.iter().filter(|step| step.phase == phase).collect();
                run.phase(&steps, &mut together).await?;
            }
            run.verify(&together).await?;
        }
        run.meter.stage(Stage::Publishing);
        if plan.index.action != Action::Unchanged {
            run.put_index(plan).await?;
        }
        if plan.manifest.action != Action::Unchanged {
            manifest::publish(self, &plan.manifest, found).await?;
            run.collected.requests += 1;
        }
        Ok(run.collected)
    }

    /// Where small files travel together, if the store takes them so.
    async fn bulk(&self, plan: &Plan, options: &ApplyOptions) -> Option<&dyn BulkPut> {
        let bulk = self.storage.bulk_put().filter(|_| options.in_bulk)?;
        let is_worth = plan.steps.iter().filter(|step| is_small(step)).count() >= WORTH_BULK;
        // What keeps the store from answering is told by what is sent next.
        (is_worth && bulk.works().await.unwrap_or_default()).then_some(bulk)
    }
}

fn is_small(step: &Step) -> bool {
    step.action == Action::Upload && step.size <= MOST_IN_BULK
}

pub(super) struct Run<'a> {
    pub(super) bucket: &'a StaticBucket,
    pub(super) graph: &'a Arc<Graph>,
    pub(super) pace: Pace,
    meter: Meter<'a>,
    bulk: Option<&'a dyn BulkPut>,
    at_once: usize,
    /// The index as it will be stored.
    index: Index,
    collected: Collected,
}

/// What became of one request.
#[derive(Default)]
pub(super) struct Sent {
    /// Whom it was for, with the `ETag` that the store gave.
    pub(super) objects: Vec<(String, Option<String>)>,
    pub(super) bytes: u64,
    pub(super) changes_headers: bool,
    /// Of a variant: what the index says of it, or of the object that it is of.
    pub(super) made: Option<(String, Made)>,
}

type Job<'a> = (&'a str, BoxFuture<'a, Result<Sent>>);

impl<'a> Run<'a> {
    /// All of a phase, at the same time. What travels together is added to `together`.
    async fn phase(
        &mut self,
        steps: &[&'a Step],
        together: &mut Vec<&'a Step>,
    ) -> std::result::Result<(), CollectError> {
        let (small, alone): (Vec<&Step>, Vec<&Step>) = steps.iter().copied().partition(|step| is_small(step));
        let bulk = self.bulk.filter(|_| small.len() >= WORTH_BULK);
        let (small, alone) = match bulk {
            Some(_) => (small, alone),
            None => (Vec::new(), steps.to_vec()),
        };
        let batches = bulk.map(|bulk| batches(&small, bulk.batch_size())).unwrap_or_default();
        let done = {
            let run = &*self;
            let batches = batches.iter().filter_map(|batch| run.batch(batch));
            let variants = steps.iter().copied().flat_map(|step| run.variants(step));
            let alone = alone.into_iter().filter_map(|step| run.step(step));
            run.all(batches.chain(alone).chain(variants).collect()).await?
        };
        self.note(done);
        together.extend(&small);
        self.collected.in_bulk += small.len();
        Ok(())
    }

    /// Looks whether what travelled together has arrived as it should; what has not is sent again by itself.
    async fn verify(&mut self, together: &[&'a Step]) -> std::result::Result<(), CollectError> {
        if together.is_empty() {
            return Ok(());
        }
        self.meter.stage(Stage::Verifying);
        let listing = self.bucket.list().await?;
        let mut missing = Vec::new();
        for step in together {
            match listing.get(&step.key) {
                Some(listed) if listed.size == step.size && listed.is_md5(&step.md5) => {}
                _ => missing.push(*step),
            }
        }
        let done = {
            let run = &*self;
            run.all(missing.iter().map(|step| run.put(step)).collect()).await?
        };
        self.collected.in_bulk -= missing.len();
        self.collected.uploaded -= missing.len();
        self.collected.bytes -= missing.iter().map(|step| step.size).sum::<u64>();
        self.note(done);
        self.meter.stage(Stage::Uploading);
        Ok(())
    }

    /// Begins no more once one has failed, and waits for those that were begun.
    async fn all(&self, jobs: Vec<Job<'a>>) -> std::result::Result<Vec<Sent>, CollectError> {
        let has_failed = AtomicBool::new(false);
        let has_failed = &has_failed;
        let jobs = jobs.into_iter().map(|(key, job)| async move {
            if has_failed.load(Ordering::Relaxed) {
                return None;
            }
            let sent = job.await;
            match &sent {
                Ok(sent) => self.meter.done(sent.objects.len(), sent.bytes),
                Err(_) => has_failed.store(true, Ordering::Relaxed),
            }
            Some((key, sent))
        });
        let ended: Vec<_> = stream::iter(jobs).buffer_unordered(2 * self.at_once).collect().await;
        let (mut done, mut failures) = (Vec::new(), Vec::new());
        for (key, sent) in ended.into_iter().flatten() {
            match sent {
                Ok(sent) => done.push(sent),
                Err(source) => failures.push(Failure { key: key.to_owned(), source }),
            }
        }
        failures.sort_by(|a, b| a.key.cmp(&b.key));
        if failures.is_empty() { Ok(done) } else { Err(CollectError::Failed(failures)) }
    }

    fn step(&'a self, step: &'a Step) -> Option<Job<'a>> {
        match step.action {
            Action::Unchanged => None,
            Action::Upload => Some(self.put(step)),
            Action::Headers => Some((
                step.key.as_str(),
                Box::pin(async move {
                    let key = self.bucket.key(&step.key)?;
                    let options = CopyOptions::new().attributes(attributes::of(&step.headers));
                    let copied =
                        self.pace.send(|| self.bucket.storage.copy(&key, &key, options.clone())).await?;
                    let etag = copied.etag.map(|etag| etag.as_str().to_owned());
                    Ok(Sent {
                        objects: vec![(step.key.clone(), etag)],
                        changes_headers: true,
                        ..Sent::default()
                    })
                }),
            )),
        }
    }

    fn put(&'a self, step: &'a Step) -> Job<'a> {
        let sending = async move {
            let stored = upload::put(self.bucket, self.graph, step, &self.pace).await?;
            let etag = stored.etag.map(|etag| etag.as_str().to_owned());
            Ok(Sent { objects: vec![(step.key.clone(), etag)], bytes: step.size, ..Sent::default() })
        };
        (step.key.as_str(), Box::pin(sending))
    }

    fn variants(&'a self, step: &'a Step) -> impl Iterator<Item = Job<'a>> {
        let variants = step.wanted().chain(step.stale());
        variants.map(move |variant| -> Job<'a> {
            (variant.key.as_str(), Box::pin(async move { self.variant(step, variant).await }))
        })
    }

    fn batch(&'a self, batch: &'a [&'a Step]) -> Option<Job<'a>> {
        let (bulk, first) = (self.bulk?, batch.first()?);
        let sending = async move {
            let bytes = batch.iter().map(|step| step.size).sum();
            // The files, and what is made of them.
            let _held = self.pace.hold(2 * bytes).await?;
            self.pace.send(|| async { bulk.put_bulk(self.objects(batch).await?).await }).await?;
            // Where objects travel together, an `ETag` is the MD5.
            let objects = batch.iter().map(|step| (step.key.clone(), None)).collect();
            Ok(Sent { objects, bytes, ..Sent::default() })
        };
        Some((first.key.as_str(), Box::pin(sending)))
    }

    async fn objects(&self, batch: &[&Step]) -> Result<Vec<BulkObject>> {
        let mut objects = Vec::with_capacity(batch.len());
        for step in batch {
            let content = upload::read(self.graph, step).await?;
            let object = BulkObject::new(self.bucket.key(&step.key)?, content);
            objects.push(object.attributes(attributes::of(&step.headers)));
        }
        Ok(objects)
    }

    fn note(&mut self, done: Vec<Sent>) {
        for sent in done {
            self.collected.requests += u64::from(!sent.objects.is_empty());
            self.collected.bytes += sent.bytes;
            match sent.made {
                Some((key, Made::Stored(object))) => _ = self.index.objects.insert(key, object),
                Some((key, Made::Declined(encoding))) => {
                    if let Some(object) = self.index.objects.get_mut(&key) {
                        object.declined.push(encoding);
                    }
                }
                None => {}
            }
            match sent.changes_headers {
                true => self.collected.changed_headers += sent.objects.len(),
                false => self.collected.uploaded += sent.objects.len(),
            }
            for (key, etag) in sent.objects {
                if let Some(object) = self.index.objects.get_mut(&key) {
                    object.etag = etag.filter(|etag| *etag != object.md5);
                }
            }
        }
    }

    async fn put_index(&mut self, plan: &Plan) -> std::result::Result<(), CollectError> {
        let failed = |source: Error| CollectError::Store { doing: "storing the index of the deploy", source };
        let key = self.bucket.key(&plan.index.key).map_err(|invalid| failed(invalid.into()))?;
        let options = PutOptions::new().attributes(attributes::of(&plan.index.headers));
        let json = self.index.to_json();
        let stored =
            self.pace.send(|| self.bucket.storage.put(&key, json.clone().into(), options.clone())).await;
        self.collected.requests += 1;
        stored.map(drop).map_err(failed)
    }
}
