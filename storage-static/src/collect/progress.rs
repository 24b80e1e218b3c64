use std::sync::{Mutex, PoisonError};

use super::ApplyOptions;
use super::run::Sent;
use crate::plan::{Action, Plan};

/// How far a plan has been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Files that are done with: stored, described anew, or compressed, each variant by itself.
    pub files: usize,
    /// How many there will be.
    pub all_files: usize,
    /// Bytes that are stored.
    pub bytes: u64,
    /// How many there will be; how much variants will have is not known before.
    pub all_bytes: u64,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Files are stored.
    Uploading,
    /// Variants are made, and stored. Files are at the same time.
    Compressing,
    /// It is looked whether what was sent together has arrived.
    Verifying,
    /// Index and manifest are stored.
    Publishing,
}

/// Counts, and tells who watches.
pub(super) struct Meter<'a> {
    options: &'a ApplyOptions,
    usual: Stage,
    now: Mutex<Progress>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(plan: &Plan, options: &'a ApplyOptions) -> Self {
        let steps = || plan.steps.iter().filter(|step| step.action != Action::Unchanged);
        let variants: usize =
            plan.steps.iter().map(|step| step.wanted().count() + step.stale().count()).sum();
        let makes_variants = plan.steps.iter().any(|step| step.wanted().next().is_some());
        let usual = if makes_variants { Stage::Compressing } else { Stage::Uploading };
        let now = Progress {
            stage: usual,
            files: 0,
            all_files: steps().count() + variants,
            bytes: 0,
            all_bytes: steps().filter(|step| step.action == Action::Upload).map(|step| step.size).sum(),
        };
        Self { options, usual, now: Mutex::new(now) }
    }

    pub(super) fn done(&self, sent: &Sent) {
        self.change(|now| {
            // What is sent a second time was counted before.
            now.files = (now.files + sent.files).min(now.all_files);
            now.bytes += sent.bytes;
            // A variant makes more bytes of it.
            if sent.made.is_some() {
                now.all_bytes += sent.bytes;
            }
            now.bytes = now.bytes.min(now.all_bytes);
        });
    }

    /// Files go on after something else.
    pub(super) fn goes_on(&self) {
        self.stage(self.usual);
    }

    pub(super) fn stage(&self, stage: Stage) {
        self.change(|now| now.stage = stage);
    }

    fn change(&self, change: impl FnOnce(&mut Progress)) {
        let now = {
            let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut now);
            *now
        };
        if let Some(watch) = &self.options.progress {
            watch(&now);
        }
    }
}
