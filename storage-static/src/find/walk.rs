use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, DirEntry, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use storage_core::ObjectKey;
use storage_core::key::MAX_KEY_BYTES;

use super::{FindFault, Ignore, Source, SourceFile, Stamp};
use crate::parallel;

/// What a fingerprint (13 bytes) and the suffix of a compressed variant (4) add to a name.
const ADDED: usize = 17;

/// How long a part of a key may be on servers that keep objects as files, MinIO among them.
const MAX_PART_BYTES: usize = 255;

/// By how many paths a folder may be reached. Where folders link to one another the paths are more than anybody could look at.
const MOST_PATHS: usize = 256;

/// What is in a source, in any order.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) files: Vec<SourceFile>,
    pub(super) faults: Vec<FindFault>,
    folders: Vec<Folder>,
    /// Links into a folder that they are in, by the links themselves: many paths may lead to one.
    loops: Vec<(PathBuf, FindFault)>,
}

/// A folder on the way, and those above it.
#[derive(Debug)]
struct Folder {
    location: PathBuf,
    /// The path of the folder from the root of static files.
    path: String,
    above: Arc<Above>,
}

/// The real folders that a folder is in, itself first.
#[derive(Debug)]
struct Above {
    real: PathBuf,
    next: Option<Arc<Self>>,
}

impl Above {
    fn has(&self, folder: &Path) -> bool {
        std::iter::successors(Some(self), |above| above.next.as_deref()).any(|above| above.real == folder)
    }
}

/// Looks at all that is in a source: level by level, so that depth costs no stack.
pub(super) fn walk(source: &Source, number: usize, ignore: &Ignore) -> Walked {
    let mut all = Walked::default();
    let root = match root(source) {
        Ok(root) => root,
        Err(fault) => {
            all.faults.push(fault);
            return all;
        }
    };
    let walker = Walker { ignore, number, root: root.above.real.clone() };
    let mut open = vec![root];
    let mut reached: HashMap<PathBuf, usize> = HashMap::new();
    let mut told = HashSet::new();
    while !open.is_empty() {
        let level = parallel::map(&open, |folder| walker.look(folder));
        open = Vec::new();
        for walked in level {
            all.files.extend(walked.files);
            all.faults.extend(walked.faults);
            open.extend(walked.folders);
            let told_first = walked.loops.into_iter().filter(|(link, _)| told.insert(link.clone()));
            all.faults.extend(told_first.map(|(_, fault)| fault));
        }
        open.sort_by(|one, other| one.path.cmp(&other.path));
        open.retain(|folder| {
            let paths = reached.entry(folder.above.real.clone()).or_default();
            *paths += 1;
            if *paths == MOST_PATHS + 1 {
                let (location, target) = (folder.location.clone(), folder.above.real.clone());
                all.faults.push(FindFault::ManyPaths { location, target });
            }
            *paths <= MOST_PATHS
        });
    }
    all
}

fn root(source: &Source) -> Result<Folder, FindFault> {
    let location = source.folder().to_owned();
    if !source.prefix().is_empty()
        && let Err(error) = ObjectKey::new(source.prefix())
    {
        return Err(FindFault::BadName { location, rule: format!("as a prefix, {error}") });
    }
    let real = fs::canonicalize(&location).map_err(|error| FindFault::unreadable(&location, error))?;
    match real.is_dir() {
        true => {
            let above = Arc::new(Above { real, next: None });
            Ok(Folder { location, path: source.prefix().to_owned(), above })
        }
        false => Err(FindFault::NoFolder { location }),
    }
}

struct Walker<'a> {
    ignore: &'a Ignore,
    number: usize,
    root: PathBuf,
}

impl Walker<'_> {
    fn look(&self, folder: &Folder) -> Walked {
        let mut walked = Walked::default();
        let entries = match fs::read_dir(&folder.location) {
            Ok(entries) => entries,
            Err(error) => {
                walked.faults.push(FindFault::unreadable(&folder.location, error));
                return walked;
            }
        };
        for entry in entries {
            let looked = match entry {
                Ok(entry) => self.entry(folder, &entry, &mut walked),
                Err(error) => Err(FindFault::unreadable(&folder.location, error)),
            };
            walked.faults.extend(looked.err());
        }
        walked
    }

    fn entry(&self, folder: &Folder, entry: &DirEntry, walked: &mut Walked) -> Result<(), FindFault> {
        let name = entry.file_name();
        let shown = name.to_string_lossy();
        let path = match folder.path.as_str() {
            "" => shown.into_owned(),
            above => format!("{above}/{shown}"),
        };
        if self.ignore.leaves_out(&path) {
            return Ok(());
        }
        let location = entry.path();
        let unreadable = |error| FindFault::unreadable(&location, error);
        let mut metadata = entry.metadata().map_err(unreadable)?;
        let mut real = None;
        if metadata.is_symlink() {
            let target = fs::canonicalize(&location).map_err(unreadable)?;
            if !target.starts_with(&self.root) {
                return Err(FindFault::LeadsOut { location, target });
            }
            metadata = fs::metadata(&target).map_err(unreadable)?;
            real = Some(target);
        }
        if metadata.is_dir() {
            let own = folder.above.real.join(&name);
            if let Some(target) = real.take_if(|target| folder.above.has(target)) {
                walked.loops.push((own, FindFault::Loop { location, target }));
                return Ok(());
            }
            let real = real.unwrap_or(own);
            let above = Arc::new(Above { real, next: Some(folder.above.clone()) });
            walked.folders.push(Folder { location, path, above });
        } else if metadata.is_file() {
            walked.files.push(self.file(path, location, &name, &metadata)?);
        } else {
            return Err(FindFault::Special { location });
        }
        Ok(())
    }

    fn file(
        &self,
        path: String,
        location: PathBuf,
        name: &OsStr,
        metadata: &Metadata,
    ) -> Result<SourceFile, FindFault> {
        match broken_rule(&path, name) {
            Some(rule) => Err(FindFault::BadName { location, rule }),
            None => Ok(SourceFile { path, location, source: self.number, stamp: Stamp::of(metadata) }),
        }
    }
}

/// Whether a file of this path would be taken.
pub(crate) fn is_storable(path: &str) -> bool {
    broken_rule(path, OsStr::new(path)).is_none()
}

fn broken_rule(path: &str, name: &OsStr) -> Option<String> {
    if path.contains(char::REPLACEMENT_CHARACTER) && name.to_str().is_none() {
        return Some("it is not UTF-8".to_owned());
    }
    if path.contains('\\') {
        return Some("it has a backslash, which browsers read as a slash".to_owned());
    }
    let longest = path.split('/').map(str::len).max().unwrap_or_default();
    let base = path.rsplit('/').next().map_or(0, str::len);
    if path.len() + ADDED > MAX_KEY_BYTES {
        return Some(format!(
            "its path has {} bytes, and with a fingerprint more than {MAX_KEY_BYTES}",
            path.len()
        ));
    }
    if longest.max(base + ADDED) > MAX_PART_BYTES {
        return Some(format!("a part of its path has, with a fingerprint, more than {MAX_PART_BYTES} bytes"));
    }
    ObjectKey::new(path).err().map(|error| error.to_string())
}
