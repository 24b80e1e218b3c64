use storage_core::ObjectKey;

use crate::find::{Ignore, Source, find};
use crate::nearest::nearest;

/// The folders that files come from, looked at anew for each name: for development.
#[derive(Clone, Debug)]
pub(super) struct Folders {
    pub(super) sources: Vec<Source>,
    pub(super) ignore: Ignore,
}

impl Folders {
    pub(super) fn has(&self, path: &str) -> bool {
        let is_in =
            |source: &Source| source.inner(path).is_some_and(|inner| source.folder().join(inner).is_file());
        ObjectKey::new(path).is_ok() && !self.ignore.contains(path) && self.sources.iter().any(is_in)
    }

    pub(super) fn nearest(&self, path: &str) -> Vec<String> {
        let tree = find(&self.sources, &self.ignore);
        nearest(path, tree.files.iter().map(|file| file.path.as_str()))
            .into_iter()
            .map(str::to_owned)
            .collect()
    }
}
