use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Something that a walk through a folder met.
#[derive(Debug)]
pub(crate) enum Found {
    /// A regular file, and its path below the folder with `/` between the names.
    File { path: PathBuf, name: String },
    /// A symbolic link. It is not followed, as it may lead out of the folder or round in circles.
    Link(PathBuf),
}

/// Everything below a folder, in the order of the names, one folder held in memory at a time for each level.
pub(crate) struct Walk {
    levels: Vec<std::vec::IntoIter<(PathBuf, String)>>,
}

impl Walk {
    pub(crate) fn new(folder: &Path) -> Result<Self, Failure> {
        Ok(Self { levels: vec![read_folder(folder, "")?] })
    }

    fn visit(&mut self, path: PathBuf, name: String) -> Result<Option<Found>, Failure> {
        // A lossy name must not become a key.
        utf8_name(&path)?;
        let kind = fs::symlink_metadata(&path).map_err(|error| Failure::file(&path, error))?.file_type();
        if kind.is_symlink() {
            return Ok(Some(Found::Link(path)));
        }
        if kind.is_file() {
            return Ok(Some(Found::File { path, name }));
        }
        if kind.is_dir() {
            self.levels.push(read_folder(&path, &format!("{name}/"))?);
            return Ok(None);
        }
        let error = io::Error::new(io::ErrorKind::InvalidInput, "neither a file, a folder nor a link");
        Err(Failure::file(&path, error))
    }
}

impl Iterator for Walk {
    type Item = Result<Found, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let level = self.levels.last_mut()?;
            let Some((path, name)) = level.next() else {
                self.levels.pop();
                continue;
            };
            match self.visit(path, name) {
                Ok(None) => {}
                Ok(Some(found)) => return Some(Ok(found)),
                Err(failure) => return Some(Err(failure)),
            }
        }
    }
}

/// The entries of a folder with their names, `prefix` before each.
fn read_folder(folder: &Path, prefix: &str) -> Result<std::vec::IntoIter<(PathBuf, String)>, Failure> {
    let failed = |error| Failure::file(folder, error);
    let mut entries =
        fs::read_dir(folder).map_err(failed)?.collect::<io::Result<Vec<DirEntry>>>().map_err(failed)?;
    entries.sort_by_key(DirEntry::file_name);
    let named = entries
        .iter()
        .map(|entry| (entry.path(), format!("{prefix}{}", entry.file_name().to_string_lossy())));
    Ok(named.collect::<Vec<_>>().into_iter())
}

/// The last name of a path, if it is UTF-8.
pub(crate) fn utf8_name(path: &Path) -> Result<Option<&str>, Failure> {
    match path.file_name().map(std::ffi::OsStr::to_str) {
        Some(None) => {
            let error = io::Error::new(
                io::ErrorKind::InvalidInput,
                "the name is not valid UTF-8, so it can be no key",
            );
            Err(Failure::file(path, error))
        }
        name => Ok(name.flatten()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_meets_everything_in_order() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("b/empty")).unwrap();
        for name in ["c", "b/z", "b/a", "a"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("/", dir.path().join("d")).unwrap();
        let found: Vec<_> = Walk::new(dir.path())
            .unwrap()
            .map(|found| match found.unwrap() {
                Found::File { name, .. } => name,
                Found::Link(path) => format!("link {}", path.file_name().unwrap().display()),
            })
            .collect();
        assert_eq!(found[..4], ["a", "b/a", "b/z", "c"]);
        #[cfg(unix)]
        assert_eq!(found[4..], ["link d"]);
        assert!(Walk::new(&dir.path().join("a")).is_err());
    }
}
