//! No tracked file names a folder or a host that only the machine has on which it was written.

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// Beginnings of such paths, taken apart so that this file does not hold them.
const FOLDERS: &[&str] = &[
    concat!("/", "home/"),
    concat!("/", "root/"),
    concat!("/", "tmp/"),
    concat!("/", "Users/"),
    concat!("/", "work/"),
    concat!("C:\\", "Users\\"),
];
/// Words in the addresses of package mirrors.
const HOSTS: &[&str] = &[concat!("arti", "factory"), concat!("nexus", ".")];

/// Lines with such a path. Files that are no text are passed over.
pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for file in workspace.files()? {
        let name = file.display();
        let bytes =
            std::fs::read(workspace.root.join(&file)).with_context(|| format!("cannot read {name}"))?;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let lines = text.lines().enumerate().filter_map(|(at, line)| Some((at + 1, found(line)?)));
        wrong.extend(lines.map(|(at, what)| format!("{name}:{at}: `{what}`")));
    }
    Ok(wrong)
}

fn found(line: &str) -> Option<&'static str> {
    let folder = FOLDERS.iter().find(|folder| {
        // `docs/work/` and `example.org/work/` are no paths from the root.
        let absolute =
            |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-/}~*\\".contains(c));
        line.match_indices(**folder).any(|(at, _)| absolute(at))
    });
    folder.or_else(|| HOSTS.iter().find(|host| line.contains(**host))).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machines_path_fails() {
        for folder in FOLDERS {
            assert_eq!(found(&format!("see `{folder}me/notes.md`")), Some(*folder));
            assert_eq!(found(&format!("{folder}x")), Some(*folder));
        }
        assert!(found(concat!("https://example.org:443/arti", "factory/crates")).is_some());
    }

    #[test]
    fn a_relative_path_or_an_address_passes() {
        for line in
            ["docs/work/plan.md", "https://example.org/tmp/x", "../tmp/a", "$HOME/work/x", "/etc/hosts"]
        {
            assert_eq!(found(line), None, "{line}");
        }
    }
}
