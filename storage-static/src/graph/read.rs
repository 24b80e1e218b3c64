//! Files read once, and found out if they change meanwhile.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use super::digests::{Digester, Digests};
use crate::buffers::{Buffer, Buffers};
use crate::find::{SourceFile, Stamp};

/// A file that could be found, but not read as it was found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadFault {
    /// It cannot be read.
    #[error("{} cannot be read", .location.display())]
    Unreadable {
        /// Where it is.
        location: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It was changed after it was found, or while it was read.
    #[error("{} was changed meanwhile: collect again once nothing writes there any more", .location.display())]
    Changed {
        /// Where it is.
        location: PathBuf,
    },
}

impl ReadFault {
    pub(super) fn changed(file: &SourceFile) -> Self {
        Self::Changed { location: file.location.clone() }
    }

    fn unreadable(file: &SourceFile, source: io::Error) -> Self {
        Self::Unreadable { location: file.location.clone(), source }
    }
}

/// All bytes of a file.
pub(super) fn whole(file: &SourceFile, buffers: &Buffers) -> Result<Buffer, ReadFault> {
    let mut buffer = buffers.take();
    buffer.bytes.reserve(usize::try_from(file.stamp.size).unwrap_or_default());
    read(file, |open| {
        open.take(file.stamp.size.saturating_add(1)).read_to_end(&mut buffer.bytes).map(|read| read as u64)
    })?;
    Ok(buffer)
}

/// Digests of a file, which is read in pieces.
pub(super) fn digests(file: &SourceFile, mut digester: Digester) -> Result<Digests, ReadFault> {
    const PIECE: u64 = 64 * 1024;
    let mut piece = vec![0; usize::try_from(file.stamp.size.clamp(1, PIECE)).unwrap_or_default()];
    read(file, |open| {
        let mut size = 0;
        loop {
            match open.read(&mut piece) {
                Ok(0) => return Ok(size),
                Ok(read) => {
                    digester.update(&piece[..read]);
                    size += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    })?;
    Ok(digester.finish())
}

/// `work` reads all, and says how many bytes that were.
fn read(file: &SourceFile, work: impl FnOnce(&mut File) -> io::Result<u64>) -> Result<(), ReadFault> {
    let unreadable = |error| ReadFault::unreadable(file, error);
    let mut open = File::open(&file.location).map_err(unreadable)?;
    let is_as_found = |open: &File| open.metadata().map(|metadata| Stamp::of(&metadata) == file.stamp);
    let is_found = is_as_found(&open).map_err(unreadable)?;
    let is_same = is_found
        && work(&mut open).map_err(unreadable)? == file.stamp.size
        && is_as_found(&open).map_err(unreadable)?;
    match is_same {
        true => Ok(()),
        false => Err(ReadFault::changed(file)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::name::Algorithm;

    fn file(content: &[u8]) -> (tempfile::NamedTempFile, SourceFile) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        let stamp = Stamp::of(&file.as_file().metadata().unwrap());
        let found = SourceFile { path: "a".to_owned(), location: file.path().to_owned(), source: 0, stamp };
        (file, found)
    }

    #[test]
    fn both_ways_read_the_same() {
        for content in [vec![], vec![7; 3], vec![9; 200_000]] {
            let (_kept, found) = file(&content);
            assert_eq!(*whole(&found, &Buffers::default()).unwrap(), *content);
            let digester = Digester::new(Algorithm::Md5, true);
            assert_eq!(digests(&found, digester).unwrap(), Digester::of(&content, Algorithm::Md5, true));
        }
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_found_out() {
        let (mut kept, found) = file(b"abc");
        let grown = read(&found, |open| {
            let mut bytes = Vec::new();
            let read = open.read_to_end(&mut bytes)? as u64;
            kept.write_all(b"d")?;
            Ok(read)
        });
        assert!(matches!(grown, Err(ReadFault::Changed { .. })), "{grown:?}");
        // And one that was changed since it was found.
        assert!(matches!(whole(&found, &Buffers::default()), Err(ReadFault::Changed { .. })));
        assert!(matches!(
            digests(&found, Digester::new(Algorithm::Md5, false)),
            Err(ReadFault::Changed { .. })
        ));
        kept.close().unwrap();
        assert!(matches!(whole(&found, &Buffers::default()), Err(ReadFault::Unreadable { .. })));
    }
}
