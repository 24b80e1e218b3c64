use std::fs::File;
use std::io;
use std::time::Duration;

use rustix::io::Errno;
use storage_core::options::PutMode;
use storage_core::{ETag, Error, ErrorKind, ObjectKey, Result};

use super::temp::TempFile;
use super::touched::Touched;
use crate::folder::Durability;
use crate::folder::disk::faults::fault;
use crate::folder::disk::identity::Identity;
use crate::folder::place::find::Spot;
use crate::folder::record::{PendingRecord, Record};
use crate::folder::session::Session;

/// What must hold for a file to take its place.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Always,
    Absent,
    ETag(ETag),
    /// The object is the very writing that was read.
    Same(Identity),
}

impl TryFrom<PutMode> for Condition {
    type Error = Error;

    fn try_from(mode: PutMode) -> Result<Self> {
        match mode {
            PutMode::Overwrite => Ok(Self::Always),
            PutMode::Create => Ok(Self::Absent),
            PutMode::IfMatch(etag) => Ok(Self::ETag(etag)),
            _ => Err(Error::unsupported("a put mode of a later version")),
        }
    }
}

impl Session {
    /// Puts a written file in its place as the object `key`, together with its record.
    ///
    /// First both are on the disk, unseen; then one rename shows both; then the record of what was there before goes. A crash in
    /// between leaves the old object or the new one.
    pub(crate) fn commit(
        &self,
        key: &ObjectKey,
        temp: TempFile,
        record: &Record,
        condition: &Condition,
    ) -> Result<()> {
        let (identity, pending) = self.seal(key, &temp.file, record)?;
        let mut touched = Touched::new(self.store.durability);
        let lock = self.lock()?;
        let current = self.spot(key.as_str())?;
        self.check(key, current.as_ref(), condition)?;
        let moved = self.make_room(key.as_str(), current.as_ref(), &mut touched).and_then(|place| {
            let moved = match condition {
                Condition::Absent => temp.move_if_absent(&place.dir, &place.name),
                _ => temp.move_over(&place.dir, &place.name),
            };
            moved.map_err(taken_or_fault)
        });
        if let Err(error) = moved {
            self.tidy(key.as_str(), &mut touched);
            return Err(error);
        }
        pending.keep();
        if let Some(old) = current.filter(|old| old.identity != identity) {
            self.remove_record(key.as_str(), &old.identity);
        }
        drop(lock);
        touched.sync()
    }

    /// Whether the condition holds for what is there now.
    pub(crate) fn check(&self, key: &ObjectKey, current: Option<&Spot>, condition: &Condition) -> Result<()> {
        let failed = || Error::new(ErrorKind::PreconditionFailed, "the object has another ETag");
        match condition {
            Condition::Always => Ok(()),
            Condition::Absent if current.is_none() => Ok(()),
            Condition::Absent => Err(Error::new(ErrorKind::AlreadyExists, "")),
            Condition::ETag(etag) => match self.find(key)? {
                Some(found) if found.etag() == *etag => Ok(()),
                _ => Err(failed()),
            },
            Condition::Same(identity) if current.is_some_and(|spot| spot.identity == *identity) => Ok(()),
            Condition::Same(_) => Err(failed()),
        }
    }

    /// Gives the file a time that makes its identity its own, and writes the record of that identity.
    fn seal(&self, key: &ObjectKey, file: &File, record: &Record) -> Result<(Identity, PendingRecord)> {
        let mut time = self.store.clock.now();
        let mut step = Duration::from_nanos(1);
        // Some file systems keep whole seconds, or every second one: the steps grow.
        while step <= Duration::from_secs(10) {
            file.set_modified(time).map_err(fault)?;
            let stat = rustix::fs::fstat(file).map_err(|error| fault(error.into()))?;
            let identity = Identity::of(&stat);
            if let Some(pending) = self.create_record(key.as_str(), &identity, record)? {
                self.sync_both(file, &pending)?;
                return Ok((identity, pending));
            }
            time += step;
            step *= 10;
        }
        Err(Error::new(
            ErrorKind::Unavailable,
            "the object is written too often for its times to be told apart",
        ))
    }

    /// Waits until content and record are on the disk. A file system with a journal writes both in one go if they are waited for side
    /// by side.
    fn sync_both(&self, content: &File, record: &PendingRecord) -> Result<()> {
        if self.store.durability == Durability::None {
            return Ok(());
        }
        std::thread::scope(|scope| {
            let aside = std::thread::Builder::new().spawn_scoped(scope, || self.sync_record(record));
            let content = self.sync_file(content).map_err(fault);
            let record = match aside {
                Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                // The system gives no thread: one after the other, then.
                Err(_) => self.sync_record(record),
            };
            content.and(record)
        })
    }
}

/// A name that is taken in spite of the lock was made by somebody who knows nothing of it.
pub(crate) fn taken_or_fault(error: io::Error) -> Error {
    match Errno::from_io_error(&error) {
        Some(Errno::EXIST) => Error::new(ErrorKind::AlreadyExists, ""),
        Some(Errno::ISDIR | Errno::NOTEMPTY) => {
            Error::new(ErrorKind::Unavailable, "somebody made a folder in the object's place")
                .with_source(error)
        }
        _ => fault(error),
    }
}
