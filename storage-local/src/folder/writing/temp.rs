use std::fs::File;
use std::io;
use std::time::{Duration, UNIX_EPOCH};

use rustix::fs::FlockOperation;
use storage_core::Result;

use crate::folder::disk::dir::Dir;
use crate::folder::disk::faults::fault;
use crate::folder::disk::identity::Identity;
use crate::folder::record::key_hash;
use crate::folder::session::Session;
use crate::random;

/// How long a file that nobody writes any more stays. Its writer may be about to lock it.
const DEAD_AFTER: Duration = Duration::from_secs(60);

/// Stands before the hash of the key in a name.
const SEPARATOR: char = '.';

/// A file that is still written, in `.storage/tmp`. It is removed unless it is moved to its place.
///
/// Its writer holds a lock on it, which ends with the writer: that tells a dead file from one that is written.
pub(crate) struct TempFile {
    dir: Dir,
    name: String,
    pub(crate) file: File,
    moved: bool,
}

impl TempFile {
    /// A file that is to be the object `key`. Its name tells whose record goes with it if its writer dies.
    pub(crate) fn create(session: &Session, key: &str) -> Result<Self> {
        Self::create_with(session, &format!("{SEPARATOR}{}", key_hash(key)), Dir::create)
    }

    /// A file that only its owner may read.
    pub(crate) fn create_secret(session: &Session) -> Result<Self> {
        Self::create_with(session, "", Dir::create_secret)
    }

    fn create_with(
        session: &Session,
        ending: &str,
        create: impl Fn(&Dir, &str) -> io::Result<File>,
    ) -> Result<Self> {
        let dir = session.temp().map_err(fault)?;
        let name = random::hex(&random::bytes::<16>()?) + ending;
        let file = create(&dir, &name).map_err(fault)?;
        let temp = Self { dir, name, file, moved: false };
        rustix::fs::flock(&temp.file, FlockOperation::NonBlockingLockExclusive)
            .map_err(|e| fault(e.into()))?;
        Ok(temp)
    }

    /// Moves the file to its place, over what is there.
    pub(crate) fn move_over(mut self, dir: &Dir, name: &str) -> io::Result<()> {
        self.dir.rename(&self.name, dir, name)?;
        self.moved = true;
        Ok(())
    }

    /// Moves the file to its place if nothing is there; else the error is `EEXIST`.
    pub(crate) fn move_if_absent(mut self, dir: &Dir, name: &str) -> io::Result<()> {
        self.dir.rename_if_absent(&self.name, dir, name)?;
        self.moved = true;
        Ok(())
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        if !self.moved {
            // What cannot be removed now is removed when a store is opened.
            let _ = self.dir.remove(&self.name);
        }
    }
}

/// Removes the files whose writers died, and the records that were written for them.
pub(crate) fn sweep(session: &Session) -> io::Result<()> {
    let dir = session.temp()?;
    let now = session.store.clock.now();
    for entry in dir.names()? {
        let (name, _) = entry?;
        let Ok(name) = String::from_utf8(name) else { continue };
        let Some((file, stat)) = dir.read(&name)? else { continue };
        let born = UNIX_EPOCH + Duration::from_secs(u64::try_from(stat.st_ctime).unwrap_or(0));
        let is_old = now.duration_since(born).is_ok_and(|age| age >= DEAD_AFTER);
        if !is_old || rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            continue;
        }
        // Another sweep may have been here before the lock was ours.
        let stat = rustix::fs::fstat(&file)?;
        if stat.st_nlink == 0 {
            continue;
        }
        if let Some((_, hash)) = name.split_once(SEPARATOR) {
            session.remove_orphan(hash, &Identity::of(&stat));
        }
        dir.remove(&name)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Write;
    use std::path::{Path, PathBuf};
    use std::time::SystemTime;

    use storage_core::ETag;
    use storage_core::attributes::Attributes;

    use super::*;
    use crate::folder::record::Record;
    use crate::folder::tests::{names_in, session_at};

    /// What is left of a writer who died when all was written and nothing could be seen: a file, and its record.
    fn die(session: &Session, root: &Path, key: &str) -> (PathBuf, PathBuf) {
        let mut temp = TempFile::create(session, key).unwrap();
        temp.file.write_all(b"content").unwrap();
        let identity = Identity::of(&rustix::fs::fstat(&temp.file).unwrap());
        let record =
            Record { etag: ETag::new("e"), attributes: Attributes::default(), tags: BTreeMap::new() };
        session.create_record(key, &identity, &record).unwrap().unwrap().keep();

        let left = root.join(".storage/tmp").join(format!("left.{}", key_hash(key)));
        std::fs::copy(root.join(".storage/tmp").join(&temp.name), &left).unwrap();
        File::options().write(true).open(&left).unwrap().set_modified(identity.modified).unwrap();
        let (shard, rest) = (key_hash(key)[..2].to_owned(), key_hash(key)[2..].to_owned());
        (left, root.join(".storage/records").join(shard).join(format!("{rest}.{identity}")))
    }

    fn sweep_later(root: &Path) {
        let later = SystemTime::now() + DEAD_AFTER + Duration::from_secs(2);
        sweep(&session_at(root, later)).unwrap();
    }

    #[test]
    fn the_record_of_a_dead_writer_goes_with_its_file() {
        let root = tempfile::tempdir().unwrap();
        let session = session_at(root.path(), SystemTime::now());
        let (left, record) = die(&session, root.path(), "dir/a");
        assert!(left.exists() && record.exists());
        sweep_later(root.path());
        assert!(!left.exists() && !record.exists());

        let (left, record) = die(&session, root.path(), "dir/a");
        let whole = std::fs::read(&record).unwrap();
        std::fs::write(&record, &whole[..whole.len() / 2]).unwrap();
        sweep_later(root.path());
        assert!(!left.exists() && !record.exists(), "one that was still written stays");
    }

    #[test]
    fn the_record_of_what_can_be_seen_stays() {
        let root = tempfile::tempdir().unwrap();
        let session = session_at(root.path(), SystemTime::now());
        let (left, record) = die(&session, root.path(), "a");
        // As where a file takes its place by a link: the writer died before it removed its own name.
        std::fs::hard_link(&left, root.path().join("a")).unwrap();
        sweep_later(root.path());
        assert!(!left.exists() && record.exists() && root.path().join("a").exists());
    }

    #[test]
    fn only_the_dead_are_swept() {
        let root = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        let session = session_at(root.path(), now);
        let living = TempFile::create(&session, "k").unwrap();
        let dead = root.path().join(".storage/tmp/dead");
        std::fs::write(&dead, "half").unwrap();

        sweep(&session).unwrap();
        assert!(dead.exists(), "it is too young");

        sweep(&session_at(root.path(), now + DEAD_AFTER + Duration::from_secs(2))).unwrap();
        assert!(!dead.exists());
        assert_eq!(names_in(&root.path().join(".storage/tmp")), std::slice::from_ref(&living.name));

        drop(living);
        assert_eq!(names_in(&root.path().join(".storage/tmp")), [""; 0]);
    }
}
