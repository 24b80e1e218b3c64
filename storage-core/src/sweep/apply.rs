use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::task::JoinSet;

use super::background::lost;
use super::{Orphan, Plan, Report};
use crate::body::next;
use crate::key::RawKey;
use crate::{Error, Result, Storage};

/// As many keys as one request deletes
/// ([S3 API, "DeleteObjects"](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)).
const BATCH: usize = 1_000;

/// How many batches are on their way at a time.
const BATCHES_AT_ONCE: usize = 2;

/// How many orphans of a batch are looked at again at a time.
const LOOKS_AT_ONCE: usize = 16;

/// How a plan is applied.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ApplyOptions {
    /// Whether orphans are deleted without being looked at again.
    pub trusts_listing: bool,
}

impl ApplyOptions {
    /// Each orphan is looked at again before it is deleted, and kept if it was written anew.
    pub fn new() -> Self {
        Self::default()
    }

    /// Does without the second look, which is a request for each orphan and needs the permission to read it. What was replaced since it was
    /// listed is deleted then: only where names are never used again, as with random ones, or nobody writes.
    pub fn trust_listing(mut self) -> Self {
        self.trusts_listing = true;
        self
    }
}

/// What became of an orphan.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It is deleted.
    Deleted(Orphan),
    /// It was written anew after the plan was made, and is kept.
    Kept(Orphan),
    /// It was gone.
    Gone(Orphan),
    /// It is still there.
    Failed(Orphan, Error),
}

/// What became of up to 1,000 orphans.
struct Batch {
    outcomes: Vec<Outcome>,
    /// What failed as a whole. Of the orphans that are not among the outcomes nothing is known then.
    ended_by: Option<Error>,
}

pub(super) async fn apply(
    plan: &Plan,
    options: ApplyOptions,
    mut watch: impl FnMut(&Outcome) + Send,
) -> Result<Report> {
    let mut report = Report::default();
    let mut orphans = plan.orphans();
    let mut running = JoinSet::new();
    loop {
        let mut batch = Vec::new();
        while report.ended_by.is_none()
            && batch.len() < BATCH
            && let Some(orphan) = next(&mut orphans).await
        {
            match orphan {
                Ok(orphan) => batch.push(orphan),
                Err(error) => report.ended_by = Some(error),
            }
        }
        if !batch.is_empty() {
            let cutoff = (!options.trusts_listing).then_some(plan.cutoff);
            running.spawn(delete(Arc::clone(&plan.storage), batch, cutoff));
            if running.len() < BATCHES_AT_ONCE {
                continue;
            }
        }
        match running.join_next().await {
            Some(done) => report.add(done.map_err(lost)?, &mut watch),
            None => break,
        }
    }
    let tried = report.deleted + report.kept + report.gone + report.failed;
    report.untried = plan.counts().orphans.saturating_sub(tried);
    Ok(report)
}

impl Report {
    fn add(&mut self, batch: Batch, watch: &mut impl FnMut(&Outcome)) {
        for outcome in batch.outcomes {
            watch(&outcome);
            match outcome {
                Outcome::Deleted(orphan) => {
                    self.deleted += 1;
                    self.deleted_bytes = self.deleted_bytes.saturating_add(orphan.size);
                }
                Outcome::Kept(_) => self.kept += 1,
                Outcome::Gone(_) => self.gone += 1,
                Outcome::Failed(orphan, error) => {
                    self.failed += 1;
                    if self.failures.len() < Self::MAX_FAILURES {
                        self.failures.push((orphan.key, error));
                    }
                }
            }
        }
        if self.ended_by.is_none() {
            self.ended_by = batch.ended_by;
        }
    }
}

/// Looks again at those that may have changed since, and deletes the rest in one request.
async fn delete(storage: Arc<dyn Storage>, orphans: Vec<Orphan>, cutoff: Option<SystemTime>) -> Batch {
    let (old, mut outcomes) = match cutoff {
        None => (orphans, Vec::new()),
        Some(cutoff) => match look_again(&storage, orphans, cutoff).await {
            Ok(looked) => looked,
            Err(error) => return Batch { outcomes: Vec::new(), ended_by: Some(error) },
        },
    };
    if old.is_empty() {
        return Batch { outcomes, ended_by: None };
    }
    let deletion = match storage.delete_many(old.iter().map(|orphan| orphan.key.clone()).collect()).await {
        Ok(deletion) => deletion,
        Err(error) => return Batch { outcomes, ended_by: Some(error) },
    };
    let mut failed: BTreeMap<RawKey, Error> = deletion.failed.into_iter().collect();
    outcomes.extend(old.into_iter().map(|orphan| match failed.remove(&orphan.key) {
        None => Outcome::Deleted(orphan),
        Some(error) => Outcome::Failed(orphan, error),
    }));
    Batch { outcomes, ended_by: None }
}

/// Those that are still as old as they were, in the order of their keys, and what became of the others.
///
/// # Errors
///
/// The store does not answer.
async fn look_again(
    storage: &Arc<dyn Storage>,
    orphans: Vec<Orphan>,
    cutoff: SystemTime,
) -> Result<(Vec<Orphan>, Vec<Outcome>)> {
    let (mut old, mut outcomes) = (Vec::with_capacity(orphans.len()), Vec::new());
    let mut orphans = orphans.into_iter();
    let mut looking = JoinSet::new();
    loop {
        while looking.len() < LOOKS_AT_ONCE
            && let Some(orphan) = orphans.next()
        {
            looking.spawn(look(Arc::clone(storage), orphan, cutoff));
        }
        match looking.join_next().await {
            None => break,
            Some(looked) => match looked.map_err(lost)?? {
                Looked::Old(orphan) => old.push(orphan),
                Looked::Other(outcome) => outcomes.push(outcome),
            },
        }
    }
    old.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    Ok((old, outcomes))
}

enum Looked {
    Old(Orphan),
    Other(Outcome),
}

async fn look(storage: Arc<dyn Storage>, orphan: Orphan, cutoff: SystemTime) -> Result<Looked> {
    // A key that this library cannot read it does not write either.
    let Ok(key) = orphan.key.to_object_key() else { return Ok(Looked::Old(orphan)) };
    Ok(match storage.stat(&key).await {
        Ok(meta) if meta.last_modified.is_some_and(|modified| modified <= cutoff) => Looked::Old(orphan),
        Ok(_) => Looked::Other(Outcome::Kept(orphan)),
        Err(error) if error.is_not_found() => Looked::Other(Outcome::Gone(orphan)),
        Err(error) if error.is_retryable() => return Err(error),
        Err(error) => Looked::Other(Outcome::Failed(orphan, error)),
    })
}
