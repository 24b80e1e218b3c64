use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::fs::FlockOperation;
use rustix::io::Errno;
use storage_core::clock::Clock;
use storage_core::{Error, ErrorKind, Result};

use super::Durability;
use super::disk::case::NameCase;
use super::disk::dir::Dir;
use super::disk::faults::fault;
use super::place::layout::{self, OWN_FOLDER};

pub(super) const LOCK_FILE: &str = "lock";
const RECORDS_FOLDER: &str = "records";
const TEMP_FOLDER: &str = "tmp";

/// What all operations of one store share.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) root: PathBuf,
    pub(super) name: String,
    pub(super) durability: Durability,
    pub(super) clock: Clock,
    pub(super) case: NameCase,
    /// Keeps the threads of this process from all waiting for the lock file.
    gate: Mutex<()>,
}

impl Store {
    pub(super) fn new(
        root: PathBuf,
        name: String,
        durability: Durability,
        clock: Clock,
        case: NameCase,
    ) -> Self {
        Self { root, name, durability, clock, case, gate: Mutex::new(()) }
    }
}

/// The folder, opened for one operation. It is opened anew each time, so that one that was moved away is missed at once.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) store: Arc<Store>,
    pub(super) root: Dir,
    pub(super) own: Dir,
    pub(super) records: Dir,
}

/// The right to change which file is where. It ends when this is dropped, or with the process.
pub(super) struct ChangeLock<'a> {
    _file: File,
    _gate: MutexGuard<'a, ()>,
}

impl Session {
    pub(super) fn open(store: &Arc<Store>) -> Result<Self> {
        let root =
            Dir::open(&store.root, store.case).map_err(|error| match Errno::from_io_error(&error) {
                Some(Errno::NOENT | Errno::NOTDIR) => {
                    Error::new(ErrorKind::BucketMissing, "the store's folder is gone")
                        .with_hint("make the folder again, or open the store anew")
                        .with_source(error)
                }
                _ => fault(error),
            })?;
        let own = own_folder(&root, OWN_FOLDER).map_err(fault)?;
        let records = own_folder(&own, RECORDS_FOLDER).map_err(fault)?;
        Ok(Self { store: Arc::clone(store), root, own, records })
    }

    /// The folder of files that are still written.
    pub(super) fn temp(&self) -> io::Result<Dir> {
        own_folder(&self.own, TEMP_FOLDER)
    }

    /// Waits until no one else, in this process or another, changes which file is where. Readers ask for no lock.
    pub(super) fn lock(&self) -> Result<ChangeLock<'_>> {
        let gate = self.store.gate.lock().unwrap_or_else(PoisonError::into_inner);
        let file = self.own.open_or_create(LOCK_FILE).map_err(fault)?;
        loop {
            match rustix::fs::flock(&file, FlockOperation::LockExclusive) {
                Err(Errno::INTR) => {}
                Err(error) => return Err(fault(error.into())),
                Ok(()) => return Ok(ChangeLock { _file: file, _gate: gate }),
            }
        }
    }

    /// The folder that a key's last segment is in; `None` if there is none.
    pub(super) fn parent(&self, segments: &[&str]) -> io::Result<Option<Dir>> {
        segment_folder(&self.root, segments)
    }

    /// Waits until the changes in these folders are on the disk.
    pub(super) fn sync(&self, touched: &[Dir]) -> Result<()> {
        match self.store.durability {
            Durability::None => Ok(()),
            Durability::Full => touched.iter().try_for_each(Dir::sync).map_err(fault),
        }
    }

    /// Waits until a file's content is on the disk.
    pub(super) fn sync_file(&self, file: &File) -> io::Result<()> {
        match self.store.durability {
            Durability::None => Ok(()),
            Durability::Full => file.sync_all(),
        }
    }
}

/// The folder that a key's segments lead to from `top` on; `None` if there is none.
pub(super) fn segment_folder(top: &Dir, segments: &[&str]) -> io::Result<Option<Dir>> {
    let mut dir = top.clone();
    for segment in segments {
        match dir.descend(&layout::plain(segment))? {
            Some(next) => dir = next,
            None => return Ok(None),
        }
    }
    Ok(Some(dir))
}

/// A folder of the store's own, made if there is none.
fn own_folder(dir: &Dir, name: &str) -> io::Result<Dir> {
    if let Some(folder) = dir.folder(name)? {
        return Ok(folder);
    }
    let folder = dir.folder_or_new(name)?;
    dir.sync()?;
    Ok(folder)
}

/// A key's segments but the last, and the last; `None` for a raw key that can lead nowhere in the folder.
pub(super) fn split(key: &str) -> Option<(Vec<&str>, &str)> {
    let mut segments: Vec<&str> = key.split('/').collect();
    if segments.iter().any(|segment| matches!(*segment, "" | "." | "..") || segment.contains('\0')) {
        return None;
    }
    let last = segments.pop()?;
    Some((segments, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_raw_key_leads_out_of_the_folder() {
        for key in ["", "/", "../x", "a/../../x", "a//b", "a/", "/etc/passwd", ".", "a/./b", "a\0b"] {
            assert_eq!(split(key), None, "{key:?}");
        }
        assert_eq!(split("a/b/c"), Some((vec!["a", "b"], "c")));
        assert_eq!(split("..."), Some((vec![], "...")));
    }
}
