use std::io;

use super::dir::Dir;

/// Whether the file system takes `A` and `a` for one name.
///
/// Where it does, a name is looked for in its folder letter by letter, which costs a reading of the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameCase {
    Distinct,
    Folded,
}

impl NameCase {
    /// Tries it on a file that exists.
    pub(crate) fn detect(dir: &Dir, existing: &str) -> io::Result<Self> {
        let other = dir.stat_any_spelling(&existing.to_ascii_uppercase())?;
        let same = dir.stat_any_spelling(existing)?;
        Ok(match (other, same) {
            (Some(other), Some(same)) if other.st_ino == same.st_ino => Self::Folded,
            _ => Self::Distinct,
        })
    }

    /// Whether `name`, if it exists, is spelled like this.
    pub(crate) fn is_exact(self, dir: &Dir, name: &str) -> io::Result<bool> {
        Ok(self == Self::Distinct || self.other_spelling(dir, name)?.is_none())
    }

    /// Another name in the folder that the file system takes for this one.
    pub(crate) fn other_spelling(self, dir: &Dir, name: &str) -> io::Result<Option<String>> {
        if self == Self::Distinct {
            return Ok(None);
        }
        let folded = name.to_lowercase();
        let existing = dir.stat_any_spelling(name)?;
        let mut other = None;
        for entry in dir.names()? {
            let (bytes, _) = entry?;
            if bytes == name.as_bytes() {
                return Ok(None);
            }
            let found = String::from_utf8_lossy(&bytes);
            // The file system may fold more than letters: then the file behind both names says it.
            let same_file = || -> io::Result<bool> {
                let Some(existing) = &existing else { return Ok(false) };
                Ok(dir.stat_any_spelling(&found)?.is_some_and(|stat| stat.st_ino == existing.st_ino))
            };
            if other.is_none() && (found.to_lowercase() == folded || same_file()?) {
                other = Some(found.into_owned());
            }
        }
        Ok(other)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use storage_core::attributes::Attributes;
    use storage_core::clock::Clock;
    use storage_core::{CopyOptions, ErrorKind, GetOptions, ObjectKey, Result};

    use super::*;
    use crate::folder::read;
    use crate::folder::record::Record;
    use crate::folder::session::Session;
    use crate::folder::tests::session;
    use crate::folder::writing::commit::Condition;
    use crate::folder::writing::upload::Upload;
    use crate::folder::writing::{copy, delete, rename};

    /// A file system that tells spellings apart, and a store that thinks it does not: whatever would collide is seen.
    fn folding(root: &std::path::Path) -> Session {
        session(root, Clock::system(), NameCase::Folded)
    }

    fn key(text: &str) -> ObjectKey {
        text.parse().unwrap()
    }

    fn put(session: &Session, name: &str, condition: &Condition) -> Result<()> {
        let mut upload = Upload::new(session.clone(), &key(name), None, None)?;
        upload.write(&["x".into()])?;
        let etag = upload.take_etag()?;
        let record = Record { etag, attributes: Attributes::default(), tags: BTreeMap::new() };
        session.commit(&key(name), upload.temp, &record, condition)
    }

    #[test]
    fn another_spelling_is_in_the_way_and_is_not_found() {
        let root = tempfile::tempdir().unwrap();
        let session = folding(root.path());
        put(&session, "Dir/File.TXT", &Condition::Always).unwrap();
        put(&session, "Dir/File.TXT", &Condition::Always).unwrap();
        for condition in [Condition::Always, Condition::Absent] {
            let error = put(&session, "Dir/file.txt", &condition).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AlreadyExists);
            assert!(
                error.to_string().contains("`file.txt`") && error.to_string().contains("`File.TXT`"),
                "{error}"
            );
            let error = put(&session, "dir/other", &condition).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().contains("`dir`") && error.to_string().contains("`Dir`"), "{error}");
        }
        let [other, right] = ["Dir/file.txt", "Dir/File.TXT"].map(key);
        assert_eq!(read::stat(&session.store, &other).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(
            read::get(&session.store, &other, &GetOptions::new()).unwrap_err().kind(),
            ErrorKind::NotFound
        );
        assert_eq!(read::stat(&session.store, &key("DIR/File.TXT")).unwrap_err().kind(), ErrorKind::NotFound);
        delete::delete(&session.store, other.as_str()).unwrap();
        for moved in [
            copy::copy(&session.store, &right, &other, &CopyOptions::new()),
            rename::rename(&session.store, &right, &other, &CopyOptions::new()),
        ] {
            assert_eq!(moved.unwrap_err().kind(), ErrorKind::AlreadyExists);
        }
        assert_eq!(read::stat(&session.store, &right).unwrap().size, 1);
        put(&session, "Dir/Straße", &Condition::Absent).unwrap();
    }

    #[test]
    fn an_ordinary_file_system_is_found_to_tell_spellings_apart() {
        let root = tempfile::tempdir().unwrap();
        let session = session(root.path(), Clock::system(), NameCase::Distinct);
        drop(session.lock().unwrap());
        assert_eq!(NameCase::detect(&session.own, "lock").unwrap(), NameCase::Distinct);
        std::fs::hard_link(root.path().join(".storage/lock"), root.path().join(".storage/LOCK")).unwrap();
        assert_eq!(NameCase::detect(&session.own, "lock").unwrap(), NameCase::Folded);
    }
}
