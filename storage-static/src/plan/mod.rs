//! What is to be done to a bucket so that it has a tree: a value that can be printed, kept, tested and carried out.
//!
//! It is made of the graph, of what a listing of the bucket says, and of the index of a deploy before ([`Found`]). Nothing is asked of a store.
//! Whoever carries it out goes through [`Plan::steps`] in their order, of which those of one [`Phase`] may go side by side: then comes
//! [`Plan::index`], and at the very end [`Plan::manifest`], on the condition that the manifest is still the one that was there. What
//! fails before that leaves the site as it was, and is done the next time. All keys are from the root of the static files.
//!
//! ```
//! use storage_static::cache::Cache;
//! use storage_static::find::{Ignore, find};
//! use storage_static::graph::{Graph, Options};
//! use storage_static::plan::{Found, Listed, Listing, Plan, PlanOptions};
//!
//! # let folder = tempfile::tempdir()?;
//! # std::fs::write(folder.path().join("cat.png"), "miaow")?;
//! # std::fs::write(folder.path().join("robots.txt"), "")?;
//! let graph = Graph::build(&find(&[folder.path().into()], &Ignore::default()), &Options::default(), &Cache::none());
//! let listing: Listing =
//!     [("cat.d52cc7e73b4b.png", Listed { size: 5, etag: None }), ("old.txt", Listed::default())].into_iter().collect();
//! let plan = Plan::new(&graph, &Found::new(listing), &PlanOptions::new("1", 1_795_507_200))?;
//! assert_eq!(
//!     plan.to_string(),
//!     "unchanged cat.d52cc7e73b4b.png: 5 bytes, its name says what is in it\n\
//!      upload    robots.d41d8cd98f00.txt: 0 bytes, it is not in the bucket\n\
//!      upload    robots.txt: 0 bytes, it is not in the bucket\n\
//!      upload    staticfiles.deploys/1.json: each deploy has its own\n\
//!      upload    staticfiles.json: it is not in the bucket\n\
//!      leftover  old.txt\n"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod compare;
mod digest;
mod display;
mod fault;
mod found;
mod headers;
mod index;
mod keys;
mod listing;
mod options;
mod plain;
#[expect(clippy::module_inception, reason = "the file is named after the concept")]
mod plan;
mod step;
mod variants;

pub use fault::{PlanFault, PlanFaults};
pub use found::Found;
pub use headers::HeaderRules;
pub use keys::INDEX_FOLDER;
pub(crate) use keys::{DELETIONS, deploy_of, index_key};
pub use listing::{Listed, Listing};
pub use options::PlanOptions;
pub use plain::PlainKeys;
pub use plan::{IndexStep, ManifestStep, Mark, Plan, Skipped, Summary};
pub use step::{Action, Origin, Phase, Reason, Step, Variant, VariantState};
