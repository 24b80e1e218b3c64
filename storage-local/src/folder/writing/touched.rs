use std::collections::BTreeMap;
use std::io;

use storage_core::Result;

use crate::folder::Durability;
use crate::folder::disk::dir::Dir;
use crate::folder::disk::faults::fault;

/// How many folders wait for the disk at most. Each is an open file.
const MAX_WAITING: usize = 64;

/// The folders in which names were made or removed, which a durable store writes to the disk, each once.
pub(crate) struct Touched {
    durability: Durability,
    waiting: BTreeMap<(u64, u64), Dir>,
    failed: Option<io::Error>,
}

impl Touched {
    pub(crate) fn new(durability: Durability) -> Self {
        Self { durability, waiting: BTreeMap::new(), failed: None }
    }

    /// Remembers a folder in which a name is made or removed, before or after that is done. If too many wait, the others are written now.
    pub(crate) fn add(&mut self, dir: &Dir) {
        if self.durability == Durability::None {
            return;
        }
        if self.waiting.len() >= MAX_WAITING {
            self.write();
        }
        match dir.number() {
            Ok(number) => _ = self.waiting.entry(number).or_insert_with(|| dir.clone()),
            Err(error) => _ = self.failed.get_or_insert(error),
        }
    }

    /// Waits until the changes in all of them are on the disk.
    pub(crate) fn sync(mut self) -> Result<()> {
        self.write();
        self.failed.map_or(Ok(()), |error| Err(fault(error)))
    }

    fn write(&mut self) {
        for dir in std::mem::take(&mut self.waiting).into_values() {
            if let Err(error) = dir.sync() {
                self.failed.get_or_insert(error);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::disk::case::NameCase;

    #[test]
    fn a_folder_waits_once_and_not_too_many_wait() {
        let root = tempfile::tempdir().unwrap();
        let open = |path: &std::path::Path| Dir::open(path, NameCase::Distinct).unwrap();
        let mut touched = Touched::new(Durability::Full);
        for _ in 0..1_000 {
            touched.add(&open(root.path()));
        }
        assert_eq!(touched.waiting.len(), 1);
        for n in 0..2 * MAX_WAITING {
            let path = root.path().join(n.to_string());
            std::fs::create_dir(&path).unwrap();
            touched.add(&open(&path));
            // The one just added may be changed only later.
            assert!((1..=MAX_WAITING).contains(&touched.waiting.len()));
        }
        touched.sync().unwrap();
    }
}
