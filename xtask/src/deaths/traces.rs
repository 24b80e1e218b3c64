//! What a killed writer leaves behind in a store's own folders, which no reader sees.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where a store keeps what is still written.
#[derive(Clone, Debug)]
pub(super) struct Traces {
    folder: PathBuf,
    /// How many levels below the folder.
    depth: u32,
}

impl Traces {
    pub(super) fn new(folder: PathBuf, depth: u32) -> Self {
        Self { folder, depth }
    }

    /// What is there now.
    pub(super) fn now(&self) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        collect(&self.folder, self.depth, &mut found);
        found
    }
}

/// A folder that cannot be read has just gone.
fn collect(folder: &Path, depth: u32, found: &mut BTreeSet<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        match depth {
            0 | 1 => _ = found.insert(entry.path()),
            _ => collect(&entry.path(), depth - 1, found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_depth_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("a/b/c")).unwrap();
        let names = |depth| {
            let found = Traces::new(folder.path().to_owned(), depth).now();
            found.iter().map(|path| path.strip_prefix(folder.path()).unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(1), [Path::new("a")]);
        assert_eq!(names(2), [Path::new("a/b")]);
        assert!(Traces::new(folder.path().join("none"), 1).now().is_empty());
    }
}
