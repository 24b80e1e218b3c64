use std::path::PathBuf;

use super::{Digests, Naming};
use crate::references::Kind;

/// A file as it is to be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its plain path from the root: the name that templates call it by.
    pub path: String,
    /// The path that it is served by: with a fingerprint, or the plain one.
    pub served: String,
    /// How it got that.
    pub naming: Naming,
    /// Of the bytes that were found.
    pub source: Digests,
    /// Of the bytes that are served: others if references in it were rewritten.
    pub content: Digests,
    /// Whether they are others.
    pub is_rewritten: bool,
    /// Where its references lead, in the order of the file; those to files that are not there are left out. After them what a bundler says
    /// that it asks for while it runs.
    pub dependencies: Vec<Link>,
}

/// That a file refers to another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// The number of the other one among [`Graph::outputs`](super::Graph::outputs).
    pub target: usize,
    /// By what.
    pub kind: Kind,
    /// Its query, from the `?` on.
    pub query: Option<String>,
    /// Whether the reference has the path that the other one is served by; else it still has the plain one.
    pub is_renamed: bool,
}

/// The bytes of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Those of this file. Whoever reads it compares them with the digests: it may change.
    File(PathBuf),
    /// These: what was rewritten.
    Bytes(Vec<u8>),
}
