use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The text of a file of at most `largest` bytes, a number of whole KiB; or what is wrong with it.
///
/// A pipe, which may never end, is none.
pub(super) fn read_text(path: &Path, largest: u64) -> Result<String, String> {
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(refused(largest));
    }
    read_text_or_pipe(path, largest)
}

/// The same of whatever can be read, such as what a shell's `<(command)` gives.
pub(super) fn read_text_or_pipe(path: &Path, largest: u64) -> Result<String, String> {
    let mut text = Vec::new();
    // What it says of its length may be wrong: some systems' own files say 0.
    File::open(path).map_err(unreadable)?.take(largest + 1).read_to_end(&mut text).map_err(unreadable)?;
    if text.len() as u64 > largest {
        return Err(refused(largest));
    }
    String::from_utf8(text).map_err(|_| "the file is not UTF-8 text".to_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "errors are mapped by it")]
fn unreadable(error: std::io::Error) -> String {
    format!("the file cannot be read: {error}")
}

fn refused(largest: u64) -> String {
    format!("it must be a file of at most {} KiB", largest >> 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_is_allowed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("text");
        let read = |content: &[u8]| {
            std::fs::write(&path, content).unwrap();
            read_text(&path, 1 << 10)
        };
        assert_eq!(read("ü\n".as_bytes()), Ok("ü\n".to_owned()));
        assert_eq!(read(&[b'a'; 1_024]).map(|text| text.len()), Ok(1_024));
        assert_eq!(read(&[b'a'; 1_025]), Err("it must be a file of at most 1 KiB".to_owned()));
        assert_eq!(read(b"\xff"), Err("the file is not UTF-8 text".to_owned()));
        // As long as the disk is large, and empty.
        File::create(&path).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(read_text(&path, 1 << 10), Err("it must be a file of at most 1 KiB".to_owned()));
    }

    #[test]
    fn what_is_no_file_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read_text(dir.path(), 1 << 10), Err("it must be a file of at most 1 KiB".to_owned()));
        let missing = read_text(&dir.path().join("missing"), 1 << 10).unwrap_err();
        assert!(missing.starts_with("the file cannot be read: "), "{missing}");
        #[cfg(unix)]
        for read in [read_text, read_text_or_pipe] {
            assert_eq!(
                read(Path::new("/dev/zero"), 1 << 10),
                Err("it must be a file of at most 1 KiB".to_owned())
            );
        }
    }
}
