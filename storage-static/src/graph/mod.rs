//! What refers to what, and the names that follow from it: a file's name changes if, and only if, its own bytes change or those of
//! anything that it refers to, however indirectly.
//!
//! Files are named leaves first, those of a level at once. Files that lead to one another are named as a whole: their names come of a
//! digest over all of them, in which fixed tokens stand for the names that are not known yet.
//!
//! ```
//! use storage_static::cache::Cache;
//! use storage_static::find::{Ignore, find};
//! use storage_static::graph::{Content, Graph, Options};
//!
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! std::fs::write(folder.join("site.css"), "a { background: url(cat.png) }")?;
//! std::fs::write(folder.join("cat.png"), "miaow")?;
//! let tree = find(&[folder.into()], &Ignore::default());
//! let graph = Graph::build(&tree, &Options::default(), &Cache::none());
//! assert!(graph.is_good());
//!
//! let site = graph.output("site.css").unwrap();
//! assert_eq!(site.served, "site.80f5f65c3b6e.css");
//! assert_eq!(graph.content(site)?, Content::Bytes(b"a { background: url(cat.d52cc7e73b4b.png) }".to_vec()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod components;
mod digests;
#[expect(clippy::module_inception, reason = "the file is named after the concept")]
mod graph;
mod judge;
mod links;
mod missing;
mod options;
mod output;
mod paths;
mod problem;
mod read;
mod rewriting;
mod run;
mod scan;

pub use digests::Digests;
pub use graph::Graph;
pub use links::Naming;
pub use missing::{Action, MissingPolicy};
pub use options::{Options, Style};
pub use output::{Content, Link, Output};
pub use problem::{Difference, Problem, Severity, What};
pub use read::ReadFault;

pub(crate) use digests::hex;
pub(crate) use paths::Paths;
pub(crate) use scan::Scan;
