//! What the operating system says, in this library's terms.

use std::io;

use rustix::io::Errno;
use storage_core::{Error, ErrorKind};

/// The error of an operation within the folder. "No such file" is never "no such object": whoever looks for an object decides
/// that itself.
pub(crate) fn fault(error: io::Error) -> Error {
    let errno = Errno::from_io_error(&error);
    let fault = match errno {
        Some(Errno::ACCESS | Errno::PERM | Errno::ROFS) => Error::new(ErrorKind::PermissionDenied, "")
            .with_hint("let this process's user read and write the folder"),
        Some(Errno::NOSPC | Errno::DQUOT) => Error::new(ErrorKind::Unavailable, "the disk is full")
            .with_retryable(false)
            .with_hint("free some space on the folder's disk"),
        Some(Errno::MFILE | Errno::NFILE) => Error::new(ErrorKind::Unavailable, "too many files are open")
            .with_hint("raise the limit of open files"),
        Some(Errno::NAMETOOLONG) => Error::invalid_input("the file system takes no name as long as this"),
        Some(Errno::FBIG) => Error::invalid_input("the file system takes no file as large as this"),
        Some(Errno::INVAL | Errno::ILSEQ) => Error::invalid_input("the file system does not take this name"),
        Some(Errno::XDEV) => Error::new(ErrorKind::Other, "a part of the folder is on another file system"),
        _ => Error::new(ErrorKind::Other, ""),
    };
    fault.with_source(error)
}

/// Whether this says that there is nothing of ours at the place: nothing at all, or a link, which is never followed.
pub(crate) fn is_absent(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::NAMETOOLONG | Errno::MLINK)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_file_of_ours_is_not_a_missing_object() {
        assert_eq!(fault(Errno::NOENT.into()).kind(), ErrorKind::Other);
    }

    #[test]
    fn a_full_disk_and_a_refusal_can_be_told_apart() {
        let full = fault(Errno::NOSPC.into());
        assert_eq!((full.kind(), full.is_retryable()), (ErrorKind::Unavailable, false));
        assert_eq!(fault(Errno::ACCESS.into()).kind(), ErrorKind::PermissionDenied);
        assert_eq!(fault(Errno::ROFS.into()).kind(), ErrorKind::PermissionDenied);
    }
}
