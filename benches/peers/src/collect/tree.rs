use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};

/// A tree of static files.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// Where `storage` keeps what it found out about it, bucket by bucket.
    caches: PathBuf,
    files: Vec<PathBuf>,
    bytes: u64,
}

impl Tree {
    /// One of those that `cargo xtask bench` has made.
    ///
    /// # Errors
    /// When it is not there.
    pub(super) fn named(name: &str, scratch: &Path) -> Result<Self> {
        let trees =
            std::env::var_os("PEERS_TREES").context("PEERS_TREES is not set: run `cargo xtask bench`")?;
        let path = PathBuf::from(trees).join(name);
        let (mut files, mut bytes) = (Vec::new(), 0);
        walk(&path, &mut files, &mut bytes).with_context(|| format!("cannot read the tree {name}"))?;
        ensure!(!files.is_empty(), "the tree {name} is empty");
        Ok(Self { name: name.to_owned(), path, caches: scratch.join(format!("caches-{name}")), files, bytes })
    }

    /// The one that the times are measured with that there are aims for.
    pub(super) fn is_large(&self) -> bool {
        self.name == "large"
    }

    pub(super) fn files(&self) -> usize {
        self.files.len()
    }

    /// Gives all files the time of now, as a fresh clone does.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) fn touch(&self) -> Result<()> {
        let now = SystemTime::now();
        for file in &self.files {
            File::open(file)
                .and_then(|open| open.set_modified(now))
                .with_context(|| format!("cannot touch {}", file.display()))?;
        }
        Ok(())
    }

    /// Where `storage` keeps what it found out for this bucket.
    pub(super) fn cache(&self, bucket: &str) -> PathBuf {
        self.caches.join(bucket)
    }

    /// Forgets what `storage` found out for this bucket.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub(super) fn forget(&self, bucket: &str) -> Result<()> {
        let cache = self.cache(bucket);
        if cache.exists() {
            std::fs::remove_dir_all(cache).context("cannot remove the cache")?;
        }
        Ok(())
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} files, {} MB", self.files(), self.bytes / 1_000_000)
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>, bytes: &mut u64) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), files, bytes)?;
        } else {
            *bytes += entry.metadata()?.len();
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_changes_times_only() {
        let folder = std::env::temp_dir().join(format!("peers-tree-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("a")).unwrap();
        let file = folder.join("a/b.css");
        std::fs::write(&file, "a{}").unwrap();
        let time = || std::fs::metadata(&file).unwrap().modified().unwrap();
        let (mut files, mut bytes) = (Vec::new(), 0);
        walk(&folder, &mut files, &mut bytes).unwrap();
        let tree =
            Tree { name: "t".to_owned(), path: folder.clone(), caches: folder.join("c"), files, bytes };
        assert_eq!((tree.files(), tree.bytes), (1, 3));
        let before = time();
        std::thread::sleep(std::time::Duration::from_millis(20));
        tree.touch().unwrap();
        assert!(time() > before);
        assert_eq!(std::fs::read(&file).unwrap(), b"a{}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
