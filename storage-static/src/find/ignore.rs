use crate::glob::Glob;

/// Which files and folders are left out: those whose base name or whole path is of one of these patterns.
///
/// By default `CVS`, `.*` and `*~`, as Django's `collectstatic` does, but `.well-known` is kept.
///
/// ```
/// use storage_static::find::Ignore;
///
/// let ignore = Ignore::default().glob("*.scss").without("CVS");
/// assert!(ignore.contains("a/.git/config") && ignore.contains("css/site.scss"));
/// assert!(!ignore.contains(".well-known/security.txt") && !ignore.contains("CVS"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    globs: Vec<Glob>,
    kept: Vec<Glob>,
}

impl Default for Ignore {
    fn default() -> Self {
        Self { globs: ["CVS", ".*", "*~"].map(Glob::new).into(), kept: vec![Glob::new(".well-known")] }
    }
}

impl Ignore {
    /// Nothing is left out.
    pub fn nothing() -> Self {
        Self { globs: Vec::new(), kept: Vec::new() }
    }

    /// This pattern too.
    pub fn glob(mut self, glob: impl Into<Glob>) -> Self {
        self.globs.push(glob.into());
        self
    }

    /// Not this pattern any more, a default one or another.
    pub fn without(mut self, glob: impl Into<Glob>) -> Self {
        let glob = glob.into();
        self.globs.retain(|known| *known != glob);
        self.kept.retain(|known| *known != glob);
        self
    }

    /// What is of this pattern is kept, whatever the others say. What is in a folder that is left out is left out with it.
    pub fn keep(mut self, glob: impl Into<Glob>) -> Self {
        self.kept.push(glob.into());
        self
    }

    /// The patterns.
    pub fn globs(&self) -> &[Glob] {
        &self.globs
    }

    /// Whether a path is left out: by itself, or with a folder that it is in.
    pub fn contains(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.into_iter().any(|end| self.leaves_out(&path[..end]))
    }

    /// Whether this very file or folder is left out.
    pub(super) fn leaves_out(&self, path: &str) -> bool {
        let (folder, base) = path.rsplit_once('/').unwrap_or(("", path));
        let is_of = |globs: &[Glob], text: &str| globs.iter().any(|glob| glob.matches(text));
        if is_of(&self.kept, base) || is_of(&self.kept, path) {
            return false;
        }
        // As a whole `.well-known/x` is of `.*` too, but its folder is kept.
        let is_in_kept = || folder.split('/').any(|part| is_of(&self.kept, part));
        is_of(&self.globs, base) || is_of(&self.globs, path) && !is_in_kept()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_name_and_whole_path_are_matched() {
        let ignore = Ignore::default().glob("vendor/*.map").glob("docs").keep("keep.*~");
        for path in
            ["a~", "x/CVS", "x/CVS/a", ".a/b", "vendor/x/y.map", "docs/a", "x/docs/a", ".well-known/.a"]
        {
            assert!(ignore.contains(path), "{path}");
        }
        for path in ["a", "y.map", "cvs", ".well-known", "x/.well-known/a", "keep.a~", "docs.txt"] {
            assert!(!ignore.contains(path), "{path}");
        }
        assert!(!Ignore::nothing().contains(".git/a~"));
        assert!(Ignore::default().without(".well-known").contains(".well-known/a"));
    }
}
