use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream;
use storage_core::bulk::BulkPut;
use storage_core::{CopyOptions, Result};

use super::changes::Changes;
use super::pace::Pace;
use super::progress::Meter;
use super::variants::Made;
use super::{ApplyOptions, CollectError, Collected, Failure, StaticBucket, attributes, upload};
use crate::buffers::Buffers;
use crate::graph::Graph;
use crate::plan::{Action, Plan, Step};
use crate::variant::Effort;

/// A plan that is being carried out.
pub(super) struct Run<'a> {
    pub(super) bucket: &'a StaticBucket,
    pub(super) graph: &'a Arc<Graph>,
    pub(super) pace: Pace,
    pub(super) buffers: Buffers,
    pub(super) meter: Meter<'a>,
    pub(super) bulk: Option<&'a dyn BulkPut>,
    at_once: usize,
    pub(super) effort: Effort,
    /// To the index as it was planned.
    pub(super) changes: Changes<'a>,
    pub(super) collected: Collected,
}

/// What became of a request.
#[derive(Default)]
pub(super) struct Sent {
    /// Whom it was for, with the `ETag` that the store gave. Of what travels together it is not known yet.
    pub(super) objects: Vec<(String, Option<String>)>,
    /// For the progress: files that are done with.
    pub(super) files: usize,
    pub(super) bytes: u64,
    pub(super) requests: u64,
    pub(super) changes_headers: bool,
    /// Of a variant: what the index says of it, or of the object that it is of.
    pub(super) made: Option<(String, Made)>,
}

pub(super) type Job<'a> = (&'a str, BoxFuture<'a, Result<Sent>>);

impl<'a> Run<'a> {
    pub(super) async fn new(
        bucket: &'a StaticBucket,
        graph: &'a Arc<Graph>,
        plan: &'a Plan,
        meter: Meter<'a>,
        options: &ApplyOptions,
    ) -> Self {
        let mut run = Self {
            bucket,
            graph,
            pace: Pace::new(options.at_once),
            buffers: Buffers::default(),
            meter,
            bulk: None,
            at_once: options.at_once,
            effort: options.effort,
            changes: Changes::to(&plan.index.index),
            collected: Collected::default(),
        };
        if options.in_bulk {
            run.find_bulk(plan).await;
        }
        run
    }

    /// All of a phase, at the same time. What travels together is added to `together`.
    pub(super) async fn phase(
        &mut self,
        steps: &[&'a Step],
        together: &mut Vec<&'a Step>,
    ) -> std::result::Result<(), CollectError> {
        let (batches, alone) = self.batches(steps);
        let done = {
            let run = &*self;
            let batches = batches.iter().filter_map(|batch| run.batch(batch));
            let variants = steps.iter().copied().flat_map(|step| run.variants(step));
            let alone = alone.into_iter().filter_map(|step| run.step(step));
            run.all(batches.chain(alone).chain(variants)).await?
        };
        self.note(done);
        together.extend(batches.iter().flatten());
        Ok(())
    }

    /// Makes no more of them once one has failed, and waits for those that were begun.
    pub(super) async fn all<'j>(
        &self,
        jobs: impl Iterator<Item = Job<'j>>,
    ) -> std::result::Result<Vec<Sent>, CollectError> {
        let has_failed = AtomicBool::new(false);
        let has_failed = &has_failed;
        let jobs = jobs.map(|(key, job)| async move {
            if has_failed.load(Ordering::Relaxed) {
                return None;
            }
            let sent = job.await;
            match &sent {
                Ok(sent) => self.meter.done(sent),
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
            Action::Headers => Some((step.key.as_str(), Box::pin(self.describe(step)))),
        }
    }

    pub(super) fn put(&'a self, step: &'a Step) -> Job<'a> {
        let sending = async move {
            let stored = upload::put(self.bucket, self.graph, step, &self.pace).await?;
            let etag = stored.etag.map(|etag| etag.as_str().to_owned());
            let objects = vec![(step.key.clone(), etag)];
            Ok(Sent { objects, files: 1, bytes: step.size, requests: 1, ..Sent::default() })
        };
        (step.key.as_str(), Box::pin(sending))
    }

    async fn describe(&self, step: &Step) -> Result<Sent> {
        let key = self.bucket.key(&step.key)?;
        let options = CopyOptions::new().attributes(attributes::of(&step.headers));
        let copied = self.pace.send(|| self.bucket.storage.copy(&key, &key, options.clone())).await?;
        let etag = copied.etag.map(|etag| etag.as_str().to_owned());
        let objects = vec![(step.key.clone(), etag)];
        Ok(Sent { objects, files: 1, requests: 1, changes_headers: true, ..Sent::default() })
    }

    fn variants(&'a self, step: &'a Step) -> impl Iterator<Item = Job<'a>> {
        let variants = step.wanted().chain(step.stale());
        variants.map(move |variant| -> Job<'a> {
            (variant.key.as_str(), Box::pin(async move { self.variant(step, variant).await }))
        })
    }

    pub(super) fn note(&mut self, done: Vec<Sent>) {
        for sent in done {
            self.collected.requests += sent.requests;
            let count = match sent.changes_headers {
                true => &mut self.collected.changed_headers,
                false => &mut self.collected.uploaded,
            };
            *count += sent.objects.len();
            if !sent.objects.is_empty() {
                self.collected.bytes += sent.bytes;
            }
            match sent.made {
                Some((key, Made::Stored(object))) => {
                    self.collected.variants += 1;
                    self.changes.stored(key, object);
                }
                Some((key, Made::Declined(encoding))) => self.changes.declined(key, encoding),
                None => {}
            }
            for (key, etag) in sent.objects {
                self.changes.etag(key, etag);
            }
        }
    }
}
