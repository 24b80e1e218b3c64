//! Orphans: objects that nothing refers to any more, found and deleted in bounded memory, however many objects there are.
//!
//! An application keeps the keys of its files in a database. What was saved and never written there, or whose row is gone, is found by
//! comparing the two. A sweep has two steps: a [`Plan`] changes nothing and can be looked at; applying it deletes.
//!
//! ```
//! use std::time::Duration;
//!
//! use storage_core::Bucket;
//! use storage_core::sweep::{References, Sweep};
//!
//! async fn tidy(photos: &Bucket) -> storage_core::Result<()> {
//!     let sweep = Sweep::new(photos.storage()).prefix("uploads/").min_age(Duration::from_secs(7 * 86_400));
//!     let plan = sweep.plan(References::file("keys.txt")).await?; // one key a line, in any order
//!     println!("{plan}"); // 12 of 4000 objects are orphans, 31415 bytes; 2 references have no object
//!     let report = plan.apply().await?;
//!     println!("{report}"); // 12 deleted, 31415 bytes
//!     report.into_result()
//! }
//! ```
//!
//! # What keeps files from being lost
//!
//! - Only what is older than the [minimum age](Sweep::min_age) is an orphan, so that uploads on their way, and files whose row is not
//!   committed yet, are left alone. S3 counts the age of an upload in parts from its *beginning*
//!   ([S3 user guide, "System-defined object metadata"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html)): the
//!   minimum age must be longer than the longest upload.
//! - References that are a file count from when that was last written, others from when the plan was begun, unless
//!   [told](References::as_of): what is newer than that, less the minimum age, cannot be among them, and is left alone.
//! - A plan that is more than a [maximum share](Sweep::max_share) of the objects is refused before anything is deleted, and so are
//!   [no references](Sweep::allow_no_references): a query that went wrong does not empty a bucket.
//! - S3 deletes many objects in one request without a condition. So each orphan is looked at once more before the request, and kept if it
//!   was written anew since. What is replaced in the moment between the two is deleted; who saves files under the names of old ones, and
//!   not under new ones as [`Bucket::save`](crate::Bucket::save) does, should sweep when nobody writes.
//! - A listing that fails half-way is an error, never a plan. One that is not in the order of its keys, as that of SeaweedFS, is sorted.
//!
//! # What it takes
//!
//! A request for each page of the listing, one for each 1,000 orphans, and the second look at each orphan. Memory for
//! [sorting](Sweep::memory), twice a page of the listing, and little else. References that do not fit, orphans and missing objects go to
//! temporary files without a name, which are gone with the plan, whatever becomes of the process. Keys are the longest part of them.
//!
//! It runs in a tokio runtime, as files are written on its blocking threads.

mod apply;
mod background;
mod counts;
mod external;
mod join;
mod listed;
mod orphan;
mod plan;
mod records;
mod references;
mod refusal;
mod report;
#[allow(clippy::module_inception, reason = "the module is all of a sweep, the file is its beginning")]
mod sweep;

pub use apply::{ApplyOptions, Outcome};
pub use counts::Counts;
pub use orphan::Orphan;
pub use plan::{MissingStream, OrphanStream, Plan};
pub use references::{NextPage, References};
pub use refusal::Refusal;
pub use report::Report;
pub use sweep::Sweep;
