use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use crate::body::FileSource;
use crate::{Error, ErrorKind, Result, random};

const BUFFER_BYTES: usize = 64 * 1024;

/// A file that has no name once it is there: gone with the last who has it open, also if the process is killed.
pub(super) struct TempFile {
    writer: BufWriter<File>,
    length: u64,
}

impl TempFile {
    /// In `folder`; only this user can read it.
    pub(super) fn create(folder: &Path) -> Result<Self> {
        let path = folder.join(format!(".storage-sweep-{}", random::hex()?));
        let file = create_nameless(&path).map_err(|error| {
            let message = format!("no temporary file can be made in {}", folder.display());
            Error::new(ErrorKind::Other, message)
                .with_operation("sweep")
                .with_hint("name a folder that can be written to, with room for all keys")
                .with_source(error)
        })?;
        Ok(Self { writer: BufWriter::with_capacity(BUFFER_BYTES, file), length: 0 })
    }

    /// How much was written.
    pub(super) fn len(&self) -> u64 {
        self.length
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.writer.write_all(bytes).map_err(unwritable)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// What was written, to be read.
    pub(super) fn finish(self) -> Result<FileSource> {
        let mut file = self.writer.into_inner().map_err(|error| unwritable(error.into_error()))?;
        file.seek(SeekFrom::Start(0)).map_err(unwritable)?;
        FileSource::open(&file)
            .map_err(unwritable)?
            .ok_or_else(|| unwritable(io::Error::other("it is no regular file")))
    }
}

fn unwritable(error: io::Error) -> Error {
    Error::new(ErrorKind::Other, "a temporary file cannot be written")
        .with_operation("sweep")
        .with_hint("name a folder for temporary files that has room for all keys")
        .with_source(error)
}

#[cfg(unix)]
fn create_nameless(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

/// The system deletes it when it is closed.
#[cfg(windows)]
fn create_nameless(path: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt;
    /// <https://learn.microsoft.com/en-us/windows/win32/api/fileapi/nf-fileapi-createfilew>
    const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
    OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .share_mode(0)
        .custom_flags(FILE_FLAG_DELETE_ON_CLOSE)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_no_name_and_gives_back_what_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = TempFile::create(folder.path()).unwrap();
        file.write(b"abc").unwrap();
        assert_eq!(file.len(), 3);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let meta = file.writer.get_ref().metadata().unwrap();
            assert_eq!((meta.mode() & 0o777, meta.nlink()), (0o600, 0));
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        }
        let source = file.finish().unwrap();
        let mut back = [0; 8];
        assert_eq!(source.read_at(1, &mut back).unwrap(), 2);
        assert_eq!(&back[..2], b"bc");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = TempFile::create(Path::new("no/such/folder")).err().unwrap();
        assert!(error.to_string().contains("no/such/folder"), "{error}");
        assert!(error.hint().is_some());
    }
}
