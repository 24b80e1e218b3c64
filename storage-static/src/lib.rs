//! Static files of a web application: named by their content, listed in a manifest, and the references between them rewritten.

mod buffers;
pub mod cache;
pub mod collect;
pub mod deploys;
mod encoded;
pub mod find;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod glob;
pub mod graph;
pub mod manifest;
pub mod name;
mod nearest;
mod parallel;
pub mod plan;
pub mod references;
pub mod resolve;
pub mod variant;
pub mod verify;

pub use glob::Glob;
