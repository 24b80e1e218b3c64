use std::path::PathBuf;

use super::bundled::bundled;
use super::walk::walk;
use super::{Bundled, FindFault, Ignore, Shadowed, Source, Stamp};
use crate::parallel;

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// From the root of static files, with `/` between its parts: the name that templates call it by.
    pub path: String,
    /// Where it is on the disk.
    pub location: PathBuf,
    /// The number of the source that it was found in, from 0.
    pub source: usize,
    /// What it was when it was found.
    pub stamp: Stamp,
}

/// What was found. It is the same in whatever order the system names files.
#[derive(Debug, Default)]
pub struct Tree {
    /// The files to collect, sorted by path, each path once.
    pub files: Vec<SourceFile>,
    /// Those that are not taken because an earlier source has their path; sorted by path, then by source.
    pub shadowed: Vec<Shadowed>,
    /// What bundlers say about the files.
    pub bundled: Bundled,
    /// All that is wrong; sorted by where it is.
    pub faults: Vec<FindFault>,
}

impl Tree {
    /// The file with a path.
    pub fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(|at| &self.files[at])
    }
}

/// Finds the files of all sources; for a path that several have, the first of them wins.
///
/// Symbolic links are followed as long as they stay in their source. No file is opened, but for those that are compared because they
/// have the same path, and for a `.vite/manifest.json` in a source, which says which names carry a hash already
/// ([`ViteManifest`](crate::name::ViteManifest)); it is looked for whatever is ignored.
pub fn find(sources: &[Source], ignore: &Ignore) -> Tree {
    let mut tree = Tree::default();
    let mut all = Vec::new();
    for (number, source) in sources.iter().enumerate() {
        let walked = walk(source, number, ignore);
        all.extend(walked.files);
        tree.faults.extend(walked.faults);
    }
    all.sort_unstable_by(|one, other| (&one.path, one.source).cmp(&(&other.path, other.source)));
    let mut pairs = Vec::new();
    for file in all {
        match tree.files.last() {
            Some(taken) if taken.path == file.path => pairs.push((tree.files.len() - 1, file)),
            _ => tree.files.push(file),
        }
    }
    for compared in parallel::map(&pairs, |(taken, other)| {
        let compared = Shadowed::of(&tree.files[*taken], other.clone());
        compared.map_err(|error| FindFault::unreadable(&other.location, error))
    }) {
        match compared {
            Ok(shadowed) => tree.shadowed.push(shadowed),
            Err(fault) => tree.faults.push(fault),
        }
    }
    let (bundled, faults) = bundled(sources, &tree.files);
    tree.bundled = bundled;
    tree.faults.extend(faults);
    let clashes = files_as_folders(&tree);
    tree.faults.extend(clashes);
    tree.faults.sort_by(|one, other| one.location().cmp(other.location()));
    tree
}

/// Files whose path is that of a folder of another source.
fn files_as_folders(tree: &Tree) -> Vec<FindFault> {
    let first_in = |folder: &str| {
        let start = format!("{folder}/");
        let at = tree.files.partition_point(|file| file.path < start);
        tree.files.get(at).filter(|file| file.path.starts_with(&start))
    };
    let has_several = tree.files.iter().any(|file| file.source != 0);
    let files = tree.files.iter().filter(|_| has_several);
    files
        .filter_map(|file| {
            let inner = first_in(&file.path)?;
            Some(FindFault::FileAndFolder { file: file.location.clone(), inner: inner.location.clone() })
        })
        .collect()
}
