use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::sync::Arc;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat};

use super::case::NameCase;
use super::faults::is_absent;

const NEW_FILE: Mode = Mode::from_raw_mode(0o666);
const NEW_FOLDER: Mode = Mode::from_raw_mode(0o777);
const NEW_SECRET: Mode = Mode::from_raw_mode(0o600);

/// An open folder. Everything in it is reached by one name at a time, and links are never followed, so that nothing leads out of it.
#[derive(Clone, Debug)]
pub(crate) struct Dir {
    fd: Arc<OwnedFd>,
    case: NameCase,
}

impl Dir {
    /// Opens a folder by its path. Links in the path itself are followed.
    pub(crate) fn open(path: &Path, case: NameCase) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(CWD, path, flags, Mode::empty())?;
        Ok(Self { fd: Arc::new(fd), case })
    }

    /// The folder `name` in this one; `None` if there is none.
    pub(crate) fn folder(&self, name: &str) -> io::Result<Option<Self>> {
        if !self.case.is_exact(self, name)? {
            return Ok(None);
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(&self.fd, name, flags, Mode::empty());
        let fd = present(opened.map_err(io::Error::from))?;
        Ok(fd.map(|fd| Self { fd: Arc::new(fd), case: self.case }))
    }

    /// The folder at the end of `names`; `None` if one of them is none.
    pub(crate) fn descend(&self, names: &[String]) -> io::Result<Option<Self>> {
        let mut dir = self.clone();
        for name in names {
            match dir.folder(name)? {
                Some(next) => dir = next,
                None => return Ok(None),
            }
        }
        Ok(Some(dir))
    }

    /// What `name` is; `None` if there is nothing.
    pub(crate) fn stat(&self, name: &str) -> io::Result<Option<Stat>> {
        if !self.case.is_exact(self, name)? {
            return Ok(None);
        }
        self.stat_any_spelling(name)
    }

    /// As [`stat`](Self::stat), taking the file system's word for what a name is.
    pub(crate) fn stat_any_spelling(&self, name: &str) -> io::Result<Option<Stat>> {
        self.stat_bytes(name.as_bytes())
    }

    /// What a name that need not be UTF-8 is; `None` if there is nothing.
    pub(crate) fn stat_bytes(&self, name: &[u8]) -> io::Result<Option<Stat>> {
        present(rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW).map_err(io::Error::from))
    }

    /// The file `name`, opened for reading, and what it is; `None` if there is none or it is no regular file.
    pub(crate) fn read(&self, name: &str) -> io::Result<Option<(File, Stat)>> {
        if !self.case.is_exact(self, name)? {
            return Ok(None);
        }
        // A pipe must not be waited for.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(&self.fd, name, flags, Mode::empty());
        let Some(fd) = present(opened.map_err(io::Error::from))? else { return Ok(None) };
        let stat = rustix::fs::fstat(&fd)?;
        Ok(is_file(&stat).then(|| (File::from(fd), stat)))
    }

    /// Makes the file `name`, which must not exist yet.
    pub(crate) fn create(&self, name: &str) -> io::Result<File> {
        self.create_with(name, OFlags::EXCL, NEW_FILE)
    }

    /// Makes the file `name`, which must not exist yet and which only its owner may read.
    pub(crate) fn create_secret(&self, name: &str) -> io::Result<File> {
        self.create_with(name, OFlags::EXCL, NEW_SECRET)
    }

    /// Opens the file `name` for writing, and makes it if there is none.
    pub(crate) fn open_or_create(&self, name: &str) -> io::Result<File> {
        self.create_with(name, OFlags::empty(), NEW_FILE)
    }

    fn create_with(&self, name: &str, flags: OFlags, mode: Mode) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC | flags;
        Ok(File::from(rustix::fs::openat(&self.fd, name, flags, mode)?))
    }

    /// Makes the folder `name`; `false` if something of the name is there.
    pub(crate) fn make_folder(&self, name: &str) -> io::Result<bool> {
        match rustix::fs::mkdirat(&self.fd, name, NEW_FOLDER) {
            Ok(()) => Ok(true),
            Err(rustix::io::Errno::EXIST) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The folder `name`, made if there is none.
    pub(crate) fn folder_or_new(&self, name: &str) -> io::Result<Self> {
        self.make_folder(name)?;
        self.folder(name)?.ok_or_else(|| io::Error::from(rustix::io::Errno::NOTDIR))
    }

    /// Puts `name` at `target`, in place of what is there.
    pub(crate) fn rename(&self, name: &str, to: &Self, target: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.fd, name, &to.fd, target)?)
    }

    /// Puts `name` at `target` if nothing is there, in one step; else the error is `EEXIST`.
    pub(crate) fn rename_if_absent(&self, name: &str, to: &Self, target: &str) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        {
            use rustix::fs::RenameFlags;
            use rustix::io::Errno;

            match rustix::fs::renameat_with(&self.fd, name, &to.fd, target, RenameFlags::NOREPLACE) {
                // The file system does not know how: links it may know.
                Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
                done => return Ok(done?),
            }
        }
        rustix::fs::linkat(&self.fd, name, &to.fd, target, AtFlags::empty())?;
        self.remove(name)
    }

    /// Removes the file `name`. It is fine if there is none.
    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        present(rustix::fs::unlinkat(&self.fd, name, AtFlags::empty()).map_err(io::Error::from)).map(|_| ())
    }

    /// Removes the folder `name` if it is empty; `false` if it is not, or is no folder.
    pub(crate) fn remove_empty_folder(&self, name: &str) -> bool {
        rustix::fs::unlinkat(&self.fd, name, AtFlags::REMOVEDIR).is_ok()
    }

    /// The names in the folder, in no order, with what they are where the file system says it.
    pub(crate) fn names(&self) -> io::Result<impl Iterator<Item = io::Result<(Vec<u8>, FileType)>> + use<>> {
        let entries = rustix::fs::Dir::read_from(&self.fd)?;
        Ok(entries.filter_map(|entry| match entry {
            Ok(entry) => match entry.file_name().to_bytes() {
                b"." | b".." => None,
                name => Some(Ok((name.to_owned(), entry.file_type()))),
            },
            Err(error) => Some(Err(error.into())),
        }))
    }

    /// What tells the folder from every other one while it is open.
    #[allow(clippy::useless_conversion, reason = "the fields' types differ by system")]
    pub(crate) fn number(&self) -> io::Result<(u64, u64)> {
        let stat = rustix::fs::fstat(&self.fd)?;
        Ok((u64::try_from(stat.st_dev).unwrap_or(0), u64::try_from(stat.st_ino).unwrap_or(0)))
    }

    /// Waits until names that were made and removed in the folder are on the disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.fd)?)
    }

    pub(crate) fn case(&self) -> NameCase {
        self.case
    }
}

impl AsFd for Dir {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

pub(crate) fn is_file(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
}

pub(crate) fn is_folder(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode) == FileType::Directory
}

fn present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use rustix::io::Errno;

    use super::*;

    fn folder() -> (tempfile::TempDir, Dir) {
        let root = tempfile::tempdir().unwrap();
        let dir = Dir::open(root.path(), NameCase::Distinct).unwrap();
        (root, dir)
    }

    #[test]
    fn no_call_follows_a_link() {
        let (root, dir) = folder();
        std::fs::create_dir(root.path().join("real")).unwrap();
        std::fs::write(root.path().join("file"), "x").unwrap();
        symlink("real", root.path().join("to-folder")).unwrap();
        symlink("file", root.path().join("to-file")).unwrap();
        symlink("new", root.path().join("to-nothing")).unwrap();
        assert!(dir.folder("to-folder").unwrap().is_none());
        assert!(dir.folder_or_new("to-folder").is_err());
        assert!(dir.read("to-file").unwrap().is_none());
        assert!(!is_file(&dir.stat("to-file").unwrap().unwrap()));
        assert!(dir.open_or_create("to-nothing").is_err());
        assert!(!root.path().join("new").exists());
        assert!(!dir.remove_empty_folder("to-folder"));
    }

    #[test]
    fn a_name_that_is_taken_stays_as_it_is() {
        let (root, dir) = folder();
        std::fs::write(root.path().join("new"), "new").unwrap();
        std::fs::write(root.path().join("taken"), "old").unwrap();
        let error = dir.rename_if_absent("new", &dir, "taken").unwrap_err();
        assert_eq!(Errno::from_io_error(&error), Some(Errno::EXIST));
        assert_eq!(std::fs::read(root.path().join("taken")).unwrap(), b"old");
        dir.rename_if_absent("new", &dir, "free").unwrap();
        assert!(!root.path().join("new").exists() && root.path().join("free").exists());
    }
}
