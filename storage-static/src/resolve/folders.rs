use std::borrow::Cow;
use std::fs;
use std::path::Path;

use crate::find::{self, Ignore, Source, find};
use crate::nearest::nearest;

/// The folders that files come from, looked at anew for each name: for development.
#[derive(Clone, Debug)]
pub(super) struct Folders {
    pub(super) sources: Vec<Source>,
    pub(super) ignore: Ignore,
}

impl Folders {
    /// The path of what has this name: its own, or that of the file that a bundler made from it.
    pub(super) fn find<'a>(&self, name: &'a str) -> Option<Cow<'a, str>> {
        if self.has(name) {
            return Some(Cow::Borrowed(name));
        }
        let made = self.sources.iter().find_map(|source| {
            // A manifest that is broken is a fault of what is found, and told there.
            let manifest = find::vite(source).ok()??;
            let mut sources = manifest.sources();
            sources.find(|(known, _)| source.below(known) == name).map(|(_, made)| source.below(made))
        });
        made.filter(|path| self.has(path)).map(Cow::Owned)
    }

    /// Whether a file of this path would be found.
    fn has(&self, path: &str) -> bool {
        let is_in =
            |source: &Source| source.inner(path).is_some_and(|inner| is_there(source.folder(), inner));
        find::is_storable(path) && !self.ignore.contains(path) && self.sources.iter().any(is_in)
    }

    pub(super) fn nearest(&self, path: &str) -> Vec<String> {
        let tree = find(&self.sources, &self.ignore);
        nearest(path, tree.files.iter().map(|file| file.path.as_str()))
            .into_iter()
            .map(str::to_owned)
            .collect()
    }
}

/// Whether there is a file by just this path, to which no link leads out of the root or into a folder that it is in.
fn is_there(root: &Path, path: &str) -> bool {
    let Ok(real) = fs::canonicalize(root) else { return false };
    let (mut location, mut above) = (root.to_owned(), vec![real]);
    for part in path.split('/') {
        if !is_called(&location, part) {
            return false;
        }
        location.push(part);
        match fs::canonicalize(&location) {
            Ok(real) if real.starts_with(&above[0]) && !above.contains(&real) => above.push(real),
            _ => return false,
        }
    }
    location.is_file()
}

/// Whether what is found by this name in a folder has just this one: some disks do not tell capital letters from small ones, nor normal
/// forms of Unicode; stores do.
fn is_called(folder: &Path, name: &str) -> bool {
    let swapped: String = name.chars().map(swapped).collect();
    if name.is_ascii() && (swapped == name || !folder.join(swapped).exists()) {
        return true;
    }
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.flatten().any(|entry| entry.file_name() == name)
}

fn swapped(letter: char) -> char {
    if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
}
