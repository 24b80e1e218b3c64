use std::collections::HashMap;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization as _;

use super::Difference;
use crate::find::SourceFile;
use crate::nearest::nearest;

/// All paths that there are.
pub(crate) struct Paths<'a> {
    files: &'a [SourceFile],
    /// Those that are not ASCII, by their NFC.
    normal: OnceLock<HashMap<String, usize>>,
    hints: OnceLock<Hints<'a>>,
}

/// What is needed only when something is missing.
struct Hints<'a> {
    /// Paths in NFC and in lower case.
    lower: HashMap<String, &'a str>,
    /// By base name.
    base: HashMap<&'a str, Vec<&'a str>>,
    /// By folder.
    folder: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Paths<'a> {
    /// Of files that are sorted by path. Costs nothing.
    pub(super) fn new(files: &'a [SourceFile]) -> Self {
        Self { files, normal: OnceLock::new(), hints: OnceLock::new() }
    }

    /// The number of the file with this very path.
    pub(super) fn exact(&self, path: &str) -> Option<usize> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()
    }

    /// The number of the file with this path, or with the same in another normal form of Unicode.
    pub(super) fn find(&self, path: &str) -> Option<usize> {
        self.exact(path).or_else(|| {
            let normal = (!path.is_ascii()).then(|| self.normal.get_or_init(|| normal(self.files)))?;
            normal.get(&path.nfc().collect::<String>()).copied()
        })
    }

    /// The path of a file.
    pub(super) fn path(&self, at: usize) -> &'a str {
        &self.files[at].path
    }

    /// Whether there are files below this path.
    pub(super) fn is_folder(&self, path: &str) -> bool {
        let start = format!("{path}/");
        let at = self.files.partition_point(|file| file.path < start);
        self.files.get(at).is_some_and(|file| file.path.starts_with(&start))
    }

    /// What may have been meant instead of a path that is not there, and how the only one differs if that is known.
    pub(super) fn nearest(&self, path: &str) -> (Vec<String>, Option<Difference>) {
        let hints = self.hints.get_or_init(|| Hints::of(self.files));
        let same = self.find(path).map(|at| (self.path(at), Difference::NormalForm));
        let same = same.or_else(|| Some((*hints.lower.get(&lower(path))?, Difference::Case)));
        if let Some((same, difference)) = same {
            return (vec![same.to_owned()], Some(difference));
        }
        let (folder, base) = split(path);
        let elsewhere = hints.base.get(base).into_iter().flatten().copied();
        let beside = hints.folder.get(folder).into_iter().flatten();
        let bases = nearest(base, beside.map(|path| split(path).1));
        let beside = bases
            .into_iter()
            .map(|base| if folder.is_empty() { base.to_owned() } else { format!("{folder}/{base}") });
        (elsewhere.map(str::to_owned).chain(beside).take(3).collect(), None)
    }
}

impl<'a> Hints<'a> {
    fn of(files: &'a [SourceFile]) -> Self {
        let mut hints = Self { lower: HashMap::new(), base: HashMap::new(), folder: HashMap::new() };
        for file in files {
            let (folder, base) = split(&file.path);
            hints.lower.entry(lower(&file.path)).or_insert(&file.path);
            hints.base.entry(base).or_default().push(&file.path);
            hints.folder.entry(folder).or_default().push(&file.path);
        }
        hints
    }
}

fn normal(files: &[SourceFile]) -> HashMap<String, usize> {
    let mut normal = HashMap::new();
    for (at, file) in files.iter().enumerate() {
        if !file.path.is_ascii() {
            normal.entry(file.path.nfc().collect()).or_insert(at);
        }
    }
    normal
}

fn lower(path: &str) -> String {
    path.nfc().collect::<String>().to_lowercase()
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::find::Stamp;

    fn files(paths: &[&str]) -> Vec<SourceFile> {
        let file = |path: &&str| SourceFile {
            path: (*path).to_owned(),
            location: PathBuf::new(),
            source: 0,
            stamp: Stamp::default(),
        };
        paths.iter().map(file).collect()
    }

    #[test]
    fn names_are_found_in_either_normal_form() {
        let files =
            files(&["a/e\u{301}.png", "a/\u{fc}.png", "b/u\u{308}.png", "b/\u{fc}.png", "e\u{301}/x"]);
        let paths = Paths::new(&files);
        assert_eq!(paths.find("a/\u{e9}.png"), Some(0));
        assert_eq!(paths.find("a/u\u{308}.png"), Some(1));
        // The very name goes first.
        assert_eq!(paths.find("b/u\u{308}.png"), Some(2));
        assert_eq!(paths.find("b/\u{fc}.png"), Some(3));
        assert_eq!(paths.find("c/\u{fc}.png"), None);
        // Folders too.
        assert_eq!(paths.find("\u{e9}/x"), Some(4));
        assert_eq!(paths.nearest("\u{e9}/x"), (vec!["e\u{301}/x".to_owned()], Some(Difference::NormalForm)));
        assert!(paths.is_folder("a") && !paths.is_folder("a/") && !paths.is_folder("c"));
    }

    #[test]
    fn what_may_have_been_meant() {
        let files = files(&["css/Site.css", "img/cat.png", "img/cow.png", "js/deep/app.js", "js/main.js"]);
        let paths = Paths::new(&files);
        assert_eq!(paths.nearest("CSS/site.css"), (vec!["css/Site.css".to_owned()], Some(Difference::Case)));
        assert_eq!(paths.nearest("img/cats.png").0, ["img/cat.png"]);
        assert_eq!(paths.nearest("js/app.js").0, ["js/deep/app.js"]);
        assert_eq!(paths.nearest("main.js").0, ["js/main.js"]);
        assert!(paths.nearest("x/nothing").0.is_empty());
    }
}
