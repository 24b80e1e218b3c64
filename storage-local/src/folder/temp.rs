use std::fs::File;
use std::io;
use std::time::{Duration, UNIX_EPOCH};

use rustix::fs::FlockOperation;
use storage_core::Result;

use super::dir::Dir;
use super::faults::fault;
use super::session::Session;
use crate::random;

/// How long a file that nobody writes any more stays. Its writer may be about to lock it.
const DEAD_AFTER: Duration = Duration::from_secs(60);

/// A file that is still written, in `.storage/tmp`. It is removed unless it is moved to its place.
///
/// Its writer holds a lock on it, which ends with the writer: that tells a dead file from one that is written.
pub(super) struct TempFile {
    dir: Dir,
    name: String,
    pub(super) file: File,
    moved: bool,
}

impl TempFile {
    pub(super) fn create(session: &Session) -> Result<Self> {
        Self::create_with(session, Dir::create)
    }

    /// A file that only its owner may read.
    pub(super) fn create_secret(session: &Session) -> Result<Self> {
        Self::create_with(session, Dir::create_secret)
    }

    fn create_with(session: &Session, create: impl Fn(&Dir, &str) -> io::Result<File>) -> Result<Self> {
        let dir = session.temp().map_err(fault)?;
        let name = random::hex(&random::bytes::<16>()?);
        let file = create(&dir, &name).map_err(fault)?;
        let temp = Self { dir, name, file, moved: false };
        rustix::fs::flock(&temp.file, FlockOperation::NonBlockingLockExclusive)
            .map_err(|e| fault(e.into()))?;
        Ok(temp)
    }

    /// Moves the file to its place, over what is there.
    pub(super) fn move_over(mut self, dir: &Dir, name: &str) -> io::Result<()> {
        self.dir.rename(&self.name, dir, name)?;
        self.moved = true;
        Ok(())
    }

    /// Moves the file to its place if nothing is there; else the error is `EEXIST`.
    pub(super) fn move_if_absent(mut self, dir: &Dir, name: &str) -> io::Result<()> {
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

/// Removes the files whose writers died.
pub(super) fn sweep(session: &Session) -> io::Result<()> {
    let dir = session.temp()?;
    let now = session.store.clock.now();
    for entry in dir.names()? {
        let (name, _) = entry?;
        let Ok(name) = String::from_utf8(name) else { continue };
        let Some((file, stat)) = dir.read(&name)? else { continue };
        let born = UNIX_EPOCH + Duration::from_secs(u64::try_from(stat.st_ctime).unwrap_or(0));
        let is_old = now.duration_since(born).is_ok_and(|age| age >= DEAD_AFTER);
        if is_old && rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
            dir.remove(&name)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::super::tests::{names_in, session_at};
    use super::*;

    #[test]
    fn only_the_dead_are_swept() {
        let root = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        let session = session_at(root.path(), now);
        let living = TempFile::create(&session).unwrap();
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
