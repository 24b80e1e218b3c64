use std::path::{Path, PathBuf};

/// A folder that has static files.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    folder: PathBuf,
    prefix: String,
    is_bundled: bool,
}

impl Source {
    /// This folder; its files have their paths from it.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), prefix: String::new(), is_bundled: true }
    }

    /// With this path before those of its files: `vendor` makes `vendor/a.css` of `a.css`. Slashes around it do not matter.
    pub fn under(mut self, prefix: impl AsRef<str>) -> Self {
        prefix.as_ref().trim_matches('/').clone_into(&mut self.prefix);
        self
    }

    /// As if there was no `.vite/manifest.json` in the folder: what Vite has made is named as all other files are.
    pub fn without_vite(mut self) -> Self {
        self.is_bundled = false;
        self
    }

    /// Where the files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What stands before their paths; empty by default, and without slashes around it.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The path from the root of static files, of one from the folder.
    pub(crate) fn below(&self, inner: &str) -> String {
        match self.prefix.as_str() {
            "" => inner.to_owned(),
            prefix => format!("{prefix}/{inner}"),
        }
    }

    /// Whether a bundler's manifest in it is read.
    pub(super) fn is_bundled(&self) -> bool {
        self.is_bundled
    }

    /// The path from the folder, of one from the root of static files; nothing if it is not under the prefix.
    pub fn inner<'a>(&self, path: &'a str) -> Option<&'a str> {
        match self.prefix.is_empty() {
            true => Some(path),
            false => path.strip_prefix(&self.prefix)?.strip_prefix('/'),
        }
    }
}

impl<P: Into<PathBuf>> From<P> for Source {
    fn from(folder: P) -> Self {
        Self::new(folder)
    }
}
