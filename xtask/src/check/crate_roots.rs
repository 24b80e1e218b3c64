//! A crate's root is a table of contents: short, and with a list of names that a reader can hold.

use std::path::Path;

use anyhow::{Result, ensure};

use super::rust_source::{code, lines_of_code};
use crate::workspace::Workspace;

/// The most lines of code in a `lib.rs`.
const LINES: usize = 60;
/// The most names that a `lib.rs` re-exports; its public modules are not counted.
const NAMES: usize = 25;

/// Roots that are too long, export too much, or export they do not say what.
pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>> {
    let mut files = workspace.rust_files()?;
    files.retain(|file| file.ends_with("src/lib.rs"));
    ensure!(!files.is_empty(), "found no src/lib.rs");
    let mut wrong = Vec::new();
    for file in files {
        wrong.extend(complaints(&file, &workspace.read(&file)?));
    }
    Ok(wrong)
}

fn complaints(file: &Path, source: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let lines = lines_of_code(source);
    if lines > LINES {
        wrong.push(format!("{}: {lines} lines of code, at most {LINES}", file.display()));
    }
    let names = exported(&code(source));
    if names.iter().any(|name| name == "*") {
        wrong.push(format!("{}: `pub use …::*` hides what is exported", file.display()));
    }
    if names.len() > NAMES {
        wrong.push(format!(
            "{}: {} names, at most {NAMES}: {}",
            file.display(),
            names.len(),
            names.join(", ")
        ));
    }
    wrong
}

/// The names that the `pub use` items of `code` export.
fn exported(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find("pub use ") {
        let item = &rest[start + "pub use ".len()..];
        let end = item.find(';').unwrap_or(item.len());
        leaves(&item[..end], &mut names);
        rest = &item[end..];
    }
    names
}

/// The last names of a tree such as `a::{b, c::{d as e, f}}`.
fn leaves(tree: &str, names: &mut Vec<String>) {
    let tree = tree.trim();
    if let Some((_, group)) = tree.strip_suffix('}').and_then(|tree| tree.split_once('{')) {
        for branch in branches(group) {
            leaves(branch, names);
        }
    } else {
        let name = tree.rsplit("::").next().unwrap_or(tree);
        let name = name.rsplit(" as ").next().unwrap_or(name).trim();
        // `as _` brings a trait into scope without a name.
        if !name.is_empty() && name != "_" {
            names.push(name.to_owned());
        }
    }
}

/// `a, b::{c, d}` cut at the commas that are not within braces.
fn branches(group: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    group.split(move |c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_counts_once() {
        let code = "pub use a::{B, c::{D as E, F,}};\npub(crate) use g::H;\npub use i::J;\n\
                    pub use k::{\n    L,\n    M as _,\n};\npub mod n;\n";
        assert_eq!(exported(code), ["B", "E", "F", "J", "L"]);
    }

    #[test]
    fn a_root_over_a_limit_fails() {
        let root = Path::new("a/src/lib.rs");
        let export = |count: usize| {
            format!(
                "pub use a::{{{}}};
",
                vec!["N"; count].join(", ")
            )
        };
        assert_eq!(complaints(root, &export(NAMES)), [""; 0]);
        assert!(
            complaints(root, &export(NAMES + 1))[0].starts_with("a/src/lib.rs: 26 names, at most 25: N, N, ")
        );
        assert_eq!(complaints(root, &"mod a;\n".repeat(LINES)), [""; 0]);
        assert_eq!(
            complaints(root, &"mod a;\n".repeat(LINES + 1)),
            ["a/src/lib.rs: 61 lines of code, at most 60"]
        );
    }

    #[test]
    fn a_glob_fails() {
        let wrong = complaints(Path::new("a/src/lib.rs"), "pub use a::*;\n");
        assert_eq!(wrong, ["a/src/lib.rs: `pub use …::*` hides what is exported"]);
    }
}
