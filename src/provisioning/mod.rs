//! Buckets made what the settings say: wanted state, actual state, difference, applied, reported.
//!
//! ```
//! use storage_suite::Storages;
//! use storage_suite::provisioning::ProvisionOptions;
//!
//! async fn prepare(storages: &Storages) -> Result<(), Box<dyn std::error::Error>> {
//!     let report = storages.initialize(&ProvisionOptions::new()).await?; // an error here: the settings themselves are wrong
//!     for bucket in &report.buckets {
//!         println!("{bucket}");
//!     }
//!     if !report.is_ok() {
//!         return Err("not all buckets are what they should be".into());
//!     }
//!     Ok(())
//! }
//! ```
//!
//! One bucket's failure hides no other's. What is there already is not written again, so that it can run at every start, in any number of
//! processes at once.
//!
//! A policy is known if it means what a [`Preset`](crate::policy::Preset) means: ours, those of `mc anonymous`, and that of
//! `django-minio-backend`. Such a policy is replaced by what the settings want: a bucket that moved from public to private is closed. Any other
//! policy is somebody's work: it is reported and kept, unless [`replace_foreign`](ProvisionOptions::replace_foreign) is set.

mod apply;
mod aspects;
mod bucket;
mod difference;
mod invalid;
mod report;
mod wanted;

pub use bucket::{Aspect, BucketReport, Change, Finding};
pub use invalid::InvalidPolicies;
pub use report::Report;

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream;
use storage_core::{ErrorKind, Storage};

use crate::Storages;
use wanted::{Wanted, WantedAspects};

/// How many buckets are looked at and changed at a time.
const AT_ONCE: usize = 32;

/// What [`Storages::initialize`] may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProvisionOptions {
    /// Whether policies that somebody else wrote are replaced, too.
    pub replace_foreign: bool,
}

impl ProvisionOptions {
    /// Foreign policies are kept.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces policies that somebody else wrote, too.
    pub fn replace_foreign(mut self) -> Self {
        self.replace_foreign = true;
        self
    }
}

/// Whether changes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Apply,
    Look,
}

/// One bucket on its way.
struct Task {
    alias: String,
    storage: Arc<dyn Storage>,
    wanted: Wanted,
    aspects: WantedAspects,
}

impl Storages {
    /// Makes the buckets of all storages what the settings say: missing ones are created, public ones opened for reading, private ones closed,
    /// and the policies of hooks put, after all buckets exist. One request for a bucket that is right already, three for one that is
    /// missing; and one more for each of CORS, lifecycle and versions that the settings speak of, to read it or, in a new bucket, to set it.
    ///
    /// # Errors
    ///
    /// [`InvalidPolicies`] if hooks are no policies for their buckets, all faults at once and before anything is sent. What goes wrong with
    /// a bucket is in the report.
    pub async fn initialize(&self, options: &ProvisionOptions) -> Result<Report, InvalidPolicies> {
        Ok(provision(wanted::tasks(self.groups())?, options, Mode::Apply).await)
    }

    /// The same walk without any change: what [`initialize`](Self::initialize) would do, bucket by bucket.
    ///
    /// # Errors
    ///
    /// Those of [`initialize`](Self::initialize).
    pub async fn check(&self, options: &ProvisionOptions) -> Result<Report, InvalidPolicies> {
        Ok(provision(wanted::tasks(self.groups())?, options, Mode::Look).await)
    }
}

/// Initialises the storages whose settings say so.
pub(crate) async fn on_connect(storages: &Storages) -> storage_core::Result<()> {
    let groups = storages.groups().iter().filter(|(_, group)| group.initializes_on_connect());
    let report = provision(wanted::tasks(groups)?, &ProvisionOptions::new(), Mode::Apply).await;
    for bucket in report.buckets {
        match bucket {
            bucket if bucket.is_ok() => {}
            BucketReport { error: Some(error), .. } => return Err(error),
            bucket => {
                return Err(storage_core::Error::new(ErrorKind::PreconditionFailed, bucket.to_string()));
            }
        }
    }
    Ok(())
}

async fn provision(tasks: Vec<(usize, Task)>, options: &ProvisionOptions, mode: Mode) -> Report {
    // Whatever a hook opens or closes, the bucket that it speaks of exists by then.
    let (hooked, plain): (Vec<_>, Vec<_>) = tasks.into_iter().partition(|(_, task)| task.wanted.is_hook);
    let mut buckets = Vec::new();
    for tasks in [plain, hooked] {
        let done = stream::iter(tasks)
            .map(|(place, task)| async move { (place, apply::provision(&task, options, mode).await) });
        buckets.extend(done.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await);
    }
    buckets.sort_by_key(|(place, _)| *place);
    Report { buckets: buckets.into_iter().map(|(_, report)| report).collect() }
}
