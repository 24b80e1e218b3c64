use std::collections::BTreeSet;

use crate::glob::Glob;

/// Files whose names carry a fingerprint already, a bundler's: they keep their names, are never rewritten, and may be cached forever.
///
/// ```
/// use storage_static::name::Fingerprinted;
///
/// let bundled = Fingerprinted::new().glob("assets/*-????????.*");
/// assert!(bundled.contains("assets/main-BRBmoGS9.js"));
/// assert!(!bundled.contains("favicon.ico"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprinted {
    globs: Vec<Glob>,
    names: BTreeSet<String>,
}

impl Fingerprinted {
    /// None so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Those whose path from the root is of this pattern.
    pub fn glob(mut self, glob: impl Into<Glob>) -> Self {
        self.globs.push(glob.into());
        self
    }

    /// These, by their paths from the root. Those that a `.vite/manifest.json` names are found without being told
    /// ([`find`](crate::find::find)).
    pub fn names(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.names.extend(names);
        self
    }

    /// Whether it is one of them.
    pub fn contains(&self, path: &str) -> bool {
        self.names.contains(path) || self.globs.iter().any(|glob| glob.matches(path))
    }
}
