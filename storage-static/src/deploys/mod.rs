//! The deploys of a bucket: which there are, back to an earlier one, and what none of them needs any more.
//!
//! ```
//! use storage_static::collect::StaticBucket;
//! use storage_static::deploys::{DeploysError, PruneOptions};
//!
//! # async fn example(bucket: StaticBucket) -> Result<(), DeploysError> {
//! for deploy in bucket.deploys().await?.deploys {
//!     println!("{deploy}"); // 2026-11-24T08-00-00Z: 16336 files, live
//! }
//! bucket.rollback("2026-11-23T08-00-00Z").await?;
//!
//! let plan = bucket.plan_prune(&PruneOptions::new()).await?;
//! print!("{plan}");
//! bucket.prune(&plan).await?;
//! # Ok(()) }
//! ```
//!
//! Each deploy has an index in the bucket, which says what its names are served by and what was stored for it.

mod deploy;
mod error;
mod list;
mod prune;
mod read;
mod rollback;

pub use deploy::{BrokenIndex, Deploy, Deploys};
pub use error::DeploysError;
pub use prune::{KeptBecause, KeptDeploy, PruneOptions, PrunePlan, Pruned, PrunedObject};
pub use rollback::RolledBack;
