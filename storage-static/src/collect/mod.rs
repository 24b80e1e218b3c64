//! A plan carried out: from a tree of files to a bucket, so that whatever fails leaves the site as it was.
//!
//! ```
//! use std::sync::Arc;
//!
//! use storage_core::Storage;
//! use storage_static::cache::Cache;
//! use storage_static::collect::{ApplyOptions, StaticBucket};
//! use storage_static::find::{Ignore, find};
//! use storage_static::graph::{Graph, Options};
//! use storage_static::plan::{Plan, PlanOptions};
//!
//! # async fn example(storage: Arc<dyn Storage>) -> Result<(), Box<dyn std::error::Error>> {
//! let tree = find(&["static".into()], &Ignore::default());
//! let graph = Arc::new(Graph::build(&tree, &Options::default(), &Cache::none()));
//! let bucket = StaticBucket::new(storage);
//! let found = bucket.look().await?;
//! let plan = Plan::new(&graph, &found, &PlanOptions::new("2026-11-24T08-00-00Z", 1_795_507_200))?;
//! let collected = bucket.apply(&plan, &graph, &found, &ApplyOptions::new()).await?;
//! println!("{} objects, {} bytes", collected.uploaded, collected.bytes);
//! # Ok(()) }
//! ```
//!
//! Nothing is deleted, unless one [clears](StaticBucket::clear) afterwards. What is new is stored first, then what refers to it, then plain names, the index and, on the condition that nobody
//! else has stored another one, the manifest: until then the site is the old one, and what was stored is found by the next attempt.

mod apply;
mod attributes;
mod batches;
mod bucket;
mod changes;
mod deletions;
mod error;
mod load;
mod look;
mod manifest;
mod options;
mod pace;
mod progress;
mod run;
mod together;
mod upload;
mod variants;

pub use apply::Collected;
pub use bucket::StaticBucket;
pub(crate) use deletions::BATCH;
pub use deletions::Cleared;
pub use error::{CollectError, Failure};
pub use load::Documents;
pub(crate) use manifest::publish;
pub use options::ApplyOptions;
pub(crate) use pace::Pace;
pub use progress::{Progress, Stage};
