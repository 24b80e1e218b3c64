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
mod finding;
mod options;
mod report;
mod wanted;

pub use bucket::{BucketReport, Change};
pub use finding::{Aspect, Finding};
pub use options::ProvisionOptions;
pub use report::Report;

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream;
use storage_core::{Error, ErrorKind, Storage};

use crate::Storages;
use crate::storages::UnknownName;
use wanted::{Wanted, WantedAspects};

/// How many buckets are looked at and changed at a time.
const AT_ONCE: usize = 32;

/// Whether changes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Apply,
    Look,
}

/// One bucket on its way.
struct Task {
    alias: String,
    bucket: String,
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
    /// [`UnknownName`] if the options name a storage or a bucket that there is not, before anything is sent. What goes wrong with a bucket
    /// is in the report.
    pub async fn initialize(&self, options: &ProvisionOptions) -> Result<Report, UnknownName> {
        options.check_names(self)?;
        Ok(provision(wanted::tasks(self.groups(), options), options, Mode::Apply).await)
    }

    /// The same walk without any change: what [`initialize`](Self::initialize) would do, bucket by bucket.
    ///
    /// # Errors
    ///
    /// Those of [`initialize`](Self::initialize).
    pub async fn check(&self, options: &ProvisionOptions) -> Result<Report, UnknownName> {
        options.check_names(self)?;
        Ok(provision(wanted::tasks(self.groups(), options), options, Mode::Look).await)
    }
}

/// Initialises the storages whose settings say so. All that fails is in the one error.
pub(crate) async fn on_connect(storages: &Storages) -> storage_core::Result<()> {
    let groups = storages.groups().iter().filter(|(_, group)| group.initializes_on_connect());
    let options = ProvisionOptions::new();
    let report = provision(wanted::tasks(groups, &options), &options, Mode::Apply).await;
    let mut failed: Vec<_> = report.buckets.into_iter().filter(|bucket| !bucket.is_ok()).collect();
    if let [only] = failed.as_mut_slice()
        && let Some(error) = only.error.take()
    {
        return Err(error);
    }
    let kind =
        |bucket: &BucketReport| bucket.error.as_ref().map_or(ErrorKind::PreconditionFailed, Error::kind);
    let Some(first) = failed.first().map(kind) else { return Ok(()) };
    let shared = if failed.iter().all(|bucket| kind(bucket) == first) { first } else { ErrorKind::Other };
    let texts: Vec<_> = failed.iter().map(ToString::to_string).collect();
    Err(Error::new(shared, texts.join("; ")))
}

/// Whatever a hook opens or closes, all buckets exist by then.
async fn provision(tasks: Vec<(usize, Task)>, options: &ProvisionOptions, mode: Mode) -> Report {
    let prepare = |(place, task): (usize, Task)| async move {
        let (report, hook) = apply::prepare(&task, options, mode).await;
        (place, task, report, hook)
    };
    let prepared: Vec<_> = stream::iter(tasks).map(prepare).buffer_unordered(AT_ONCE).collect().await;
    let put = |(place, task, report, hook): (usize, Task, BucketReport, Option<Change>)| async move {
        match hook {
            Some(change) => (place, apply::put_hook(&task, change, mode, report).await),
            None => (place, report),
        }
    };
    let mut buckets: Vec<_> = stream::iter(prepared).map(put).buffer_unordered(AT_ONCE).collect().await;
    buckets.sort_by_key(|(place, _)| *place);
    Report { buckets: buckets.into_iter().map(|(_, report)| report).collect() }
}
