use std::sync::{Mutex, PoisonError};

use super::ApplyOptions;
use crate::plan::{Action, Plan};

/// How far a plan has been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Objects that are stored, or have their new headers.
    pub objects: usize,
    /// How many there will be, without variants.
    pub all_objects: usize,
    /// Bytes that are stored.
    pub bytes: u64,
    /// How many there will be, without variants.
    pub all_bytes: u64,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Files are stored.
    Uploading,
    /// It is looked whether what was sent together has arrived.
    Verifying,
    /// Index and manifest are stored.
    Publishing,
}

/// Counts, and tells who watches.
pub(super) struct Meter<'a> {
    options: &'a ApplyOptions,
    now: Mutex<Progress>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(plan: &Plan, options: &'a ApplyOptions) -> Self {
        let steps = || plan.steps.iter().filter(|step| step.action != Action::Unchanged);
        let now = Progress {
            stage: Stage::Uploading,
            objects: 0,
            all_objects: steps().count(),
            bytes: 0,
            all_bytes: steps().filter(|step| step.action == Action::Upload).map(|step| step.size).sum(),
        };
        Self { options, now: Mutex::new(now) }
    }

    pub(super) fn done(&self, objects: usize, bytes: u64) {
        self.change(|now| {
            now.objects += objects;
            now.bytes += bytes;
        });
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
