//! How long a source file may be.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::rust_source::{lines_of_code, test_modules};
use crate::workspace::Workspace;

/// The most lines of code in a file, without comments, blank lines and test modules.
const LIMIT: usize = 500;

/// Files that are too long.
pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>> {
    let files = workspace.rust_files()?;
    let mut sources = Vec::with_capacity(files.len());
    for file in files {
        let text = workspace.read(&file)?;
        sources.push((file, text));
    }
    Ok(too_long(&sources))
}

fn too_long(sources: &[(PathBuf, String)]) -> Vec<String> {
    let tests: BTreeSet<_> = sources.iter().flat_map(|(file, text)| test_files(file, text)).collect();
    let mut wrong = Vec::new();
    for (file, text) in sources.iter().filter(|(file, _)| !tests.contains(file)) {
        let lines = lines_of_code(text);
        if lines > LIMIT {
            wrong.push(format!("{}: {lines} lines of code, at most {LIMIT}", file.display()));
        }
    }
    wrong
}

/// Where the modules of `file` may lie that are compiled for tests only.
fn test_files(file: &Path, text: &str) -> Vec<PathBuf> {
    let stem = file.file_stem().unwrap_or_default();
    let is_root = ["lib", "main", "mod"].iter().any(|root| stem == *root);
    let folder = if is_root { file.with_file_name("") } else { file.with_extension("") };
    let files = |name: String| [folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs")];
    test_modules(text).into_iter().flat_map(files).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_over_the_limit_fails() {
        let source = |name: &str, lines: usize| (PathBuf::from(name), "f();\n".repeat(lines));
        let wrong = too_long(&[source("a/src/x.rs", LIMIT), source("a/src/y.rs", LIMIT + 1)]);
        assert_eq!(wrong, ["a/src/y.rs: 501 lines of code, at most 500"]);
    }

    #[test]
    fn a_test_module_in_a_file_of_its_own_may_be_long() {
        let long = "f();\n".repeat(LIMIT + 1);
        let owner = |name: &str| (PathBuf::from(name), "#[cfg(test)]\nmod tests;\n".to_owned());
        let sources = [
            owner("a/src/key.rs"),
            ("a/src/key/tests.rs".into(), long.clone()),
            owner("b/src/lib.rs"),
            ("b/src/tests.rs".into(), long.clone()),
            ("b/src/key/tests.rs".into(), long),
        ];
        assert_eq!(too_long(&sources), ["b/src/key/tests.rs: 501 lines of code, at most 500"]);
    }
}
