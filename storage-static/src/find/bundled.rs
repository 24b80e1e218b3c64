use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::{fs, io};

use super::{FindFault, Source, SourceFile};
use crate::name::ViteManifest;

/// Where Vite keeps its manifest, in the folder that it writes to.
const VITE: &str = ".vite/manifest.json";

/// What a bundler says about files that it has made, by their paths from the root of static files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundled {
    /// Those that have a fingerprint in their names.
    pub(crate) fingerprinted: BTreeSet<String>,
    /// The files of sources, by the names of these.
    pub(crate) sources: BTreeMap<String, String>,
    /// The same by file.
    pub(crate) made_of: BTreeMap<String, Vec<String>>,
    /// What a file may ask for while it runs.
    pub(crate) needs: BTreeMap<String, Vec<String>>,
}

impl Bundled {
    /// The files whose names have a fingerprint already; sorted.
    pub fn fingerprinted(&self) -> impl ExactSizeIterator<Item = &str> {
        self.fingerprinted.iter().map(String::as_str)
    }

    /// The file of each source that the bundler was given, or found on the way; sorted by source.
    pub fn sources(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.sources.iter().map(|(source, file)| (source.as_str(), file.as_str()))
    }

    /// What a manifest says about those files that were taken from its source.
    pub(super) fn add(&mut self, source: &Source, manifest: &ViteManifest, is_taken: impl Fn(&str) -> bool) {
        let file = |path: &str| Some(source.below(path)).filter(|path| is_taken(path));
        self.fingerprinted.extend(manifest.fingerprinted().into_iter().filter_map(file));
        for (name, made) in manifest.sources() {
            if let Some(made) = file(made)
                && let Entry::Vacant(vacant) = self.sources.entry(source.below(name))
            {
                self.made_of.entry(made.clone()).or_default().push(source.below(name));
                vacant.insert(made);
            }
        }
        for (made, needed) in manifest.needs() {
            if let (Some(made), Some(needed)) = (file(made), file(needed)) {
                let all = self.needs.entry(made).or_default();
                if !all.contains(&needed) {
                    all.push(needed);
                }
            }
        }
    }
}

/// The manifest of Vite in a source, if there is one that is to be read.
pub(crate) fn vite(source: &Source) -> Result<Option<ViteManifest>, FindFault> {
    if !source.is_bundled() {
        return Ok(None);
    }
    let location = source.folder().join(VITE);
    let read =
        |location| -> io::Result<_> { Ok((fs::canonicalize(source.folder())?, fs::canonicalize(location)?)) };
    let (root, target) = match read(&location) {
        Ok(read) => read,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(FindFault::unreadable(location, error)),
    };
    if !target.starts_with(root) {
        return Err(FindFault::LeadsOut { location, target });
    }
    let json = fs::read(target).map_err(|error| FindFault::unreadable(&location, error))?;
    match ViteManifest::parse(&json) {
        Ok(manifest) => Ok(Some(manifest)),
        Err(source) => Err(FindFault::Bundler { location, source }),
    }
}

/// What all manifests say about the files that were taken.
pub(super) fn bundled(sources: &[Source], files: &[SourceFile]) -> (Bundled, Vec<FindFault>) {
    let (mut bundled, mut faults) = (Bundled::default(), Vec::new());
    for (number, source) in sources.iter().enumerate() {
        let is_taken = |path: &str| {
            let at = files.binary_search_by(|file| file.path.as_str().cmp(path));
            at.is_ok_and(|at| files[at].source == number)
        };
        match vite(source) {
            Ok(Some(manifest)) => bundled.add(source, &manifest, is_taken),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    (bundled, faults)
}
