use std::collections::BTreeSet;

use crate::glob::Glob;
use crate::graph::{Graph, Naming};

/// Which files are stored by their plain names too, beside those with fingerprints.
///
/// What a file that is stored refers to by a plain name is stored by it in any case: else the reference would lead nowhere. So it is with
/// what a bundler's files, and files with plain names, refer to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlainKeys {
    /// No others.
    None,
    /// Those whose paths are of these patterns.
    Globs(Vec<Glob>),
    /// All, as Django does.
    All,
}

impl Default for PlainKeys {
    /// What people and programs ask for by its name: `*.html`, `robots.txt`, `favicon.ico`, `.well-known/*`.
    fn default() -> Self {
        Self::Globs(["*.html", "*.htm", "robots.txt", "favicon.ico", ".well-known/*"].map(Glob::new).into())
    }
}

impl PlainKeys {
    fn has(&self, path: &str) -> bool {
        match self {
            Self::None => false,
            Self::Globs(globs) => globs.iter().any(|glob| glob.matches(path)),
            Self::All => true,
        }
    }

    /// The numbers of the outputs that are stored by plain names beside the others.
    pub(super) fn of(&self, graph: &Graph) -> BTreeSet<usize> {
        let outputs = graph.outputs();
        let mut plain = BTreeSet::new();
        let mut open: Vec<usize> = (0..outputs.len()).filter(|at| self.has(&outputs[*at].path)).collect();
        // As they are served.
        let links = outputs.iter().flat_map(|output| &output.dependencies);
        open.extend(links.filter(|link| !link.is_renamed).map(|link| link.target));
        while let Some(at) = open.pop() {
            if outputs[at].naming == Naming::Fingerprinted && plain.insert(at) {
                // As they were found.
                open.extend(outputs[at].dependencies.iter().map(|link| link.target));
            }
        }
        plain
    }
}
