//! Real trees of static files, made of packages: what a site with a few frameworks has, and one with some icon sets and editors more.

use std::path::Path;

use anyhow::{Context, Result};

use crate::packages::{Package, Registry};

/// A part of a package, and where it lies in a tree. Every package of npm is in a folder `package`.
struct Part {
    package: &'static str,
    from: &'static str,
    to: &'static str,
}

const fn part(package: &'static str, from: &'static str, to: &'static str) -> Part {
    Part { package, from, to }
}

const SMALL: &[Part] = &[
    part("django", "django/contrib/admin/static/admin", "admin"),
    part("bootstrap", "package/dist", "bootstrap"),
    part("katex", "package/dist", "katex"),
    part("tinymce", "package", "tinymce"),
    part("swagger-ui-dist", "package", "swagger-ui"),
    part("jquery-ui", "package", "jquery-ui"),
    part("admin-lte", "package/dist", "admin-lte"),
    part("flag-icons", "package", "flag-icons"),
    part("three", "package", "three"),
    part("@fortawesome/fontawesome-free", "package/css", "fontawesome/css"),
    part("@fortawesome/fontawesome-free", "package/js", "fontawesome/js"),
    part("@fortawesome/fontawesome-free", "package/webfonts", "fontawesome/webfonts"),
];

/// What the large one has beside the small one's.
const FURTHER: &[Part] = &[
    part("@tabler/icons", "package/icons", "tabler-icons"),
    part("@fortawesome/fontawesome-free", "package/svgs", "fontawesome/svgs"),
    part("@fortawesome/fontawesome-free", "package/sprites", "fontawesome/sprites"),
    part("monaco-editor", "package", "monaco-editor"),
    part("ace-builds", "package", "ace"),
];

/// Makes the trees `small` and `large` in `folder`, afresh.
///
/// # Errors
/// When a package cannot be had, or a file not be copied.
pub(super) fn make(folder: &Path, target: &Path) -> Result<()> {
    let registry = Registry::new(target);
    for (name, parts) in [("small", &[SMALL][..]), ("large", &[SMALL, FURTHER])] {
        let root = folder.join(name);
        if root.exists() {
            std::fs::remove_dir_all(&root).with_context(|| format!("cannot empty {}", root.display()))?;
        }
        let mut files = 0;
        for Part { package, from, to } in parts.iter().copied().flatten() {
            let package = registry.obtain(Package::named(package)?)?;
            files += copy(&package.join(from), &root.join(to))?;
        }
        println!("the tree {name} has {files} files");
    }
    Ok(())
}

/// Copies what is in a folder, without the names that collectors of static files leave out, so that all have the same to do. Gives the
/// number of files.
fn copy(from: &Path, to: &Path) -> Result<usize> {
    std::fs::create_dir_all(to)?;
    let mut files = 0;
    for entry in std::fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if is_left_out(&name.to_string_lossy()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            files += copy(&entry.path(), &to.join(name))?;
        } else {
            std::fs::copy(entry.path(), to.join(name))?;
            files += 1;
        }
    }
    Ok(files)
}

fn is_left_out(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || name == "CVS"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_copied_without_what_collectors_leave_out() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("from");
        for file in ["a/b.css", "a/.hidden", "c.js~", "d.js", ".git/e"] {
            let path = from.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file).unwrap();
        }
        let to = folder.path().join("to");
        assert_eq!(copy(&from, &to).unwrap(), 2);
        assert!(to.join("a/b.css").is_file() && to.join("d.js").is_file() && !to.join(".git").exists());
    }

    #[test]
    fn every_part_is_of_a_pinned_package() {
        for part in SMALL.iter().chain(FURTHER) {
            Package::named(part.package).unwrap();
        }
    }
}
