//! The minimum supported Rust version: said once, and kept by every crate that our users build.
//!
//! That our own code uses no newer API of `std` is clippy's business (`incompatible_msrv`).

use std::collections::{BTreeMap, VecDeque};

use anyhow::{Context, Result};

use super::manifests::entries;
use crate::workspace::{Package, Workspace};

/// Crates that only developers build and that need a newer Rust, each with its reason.
const NEWER: &[(&str, &str)] =
    &[("s3-testserver", "`s3s` needs it, and nothing that is published depends on this crate")];

/// Manifests that say a version of their own, and dependencies that need a newer one.
pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for package in workspace.members().filter(|package| !NEWER.iter().any(|(name, _)| *name == package.name))
    {
        let manifest = workspace.read(&package.manifest_path)?;
        wrong.extend(own_version(&manifest).map(|what| format!("{}: {what}", package.name)));
    }
    let core = workspace.member("storage-core").context("there is no storage-core")?;
    let ours = core.rust_version.as_deref().context("[workspace.package] has no rust-version")?;
    wrong.extend(too_new(workspace, ours));
    Ok(wrong)
}

fn own_version(manifest: &str) -> Option<String> {
    let mut package = entries(manifest).filter(|(section, _)| *section == "package");
    let shared = package.any(|(_, line)| line == "rust-version.workspace = true");
    (!shared).then(|| "[package] must say `rust-version.workspace = true`".to_owned())
}

/// The crates which the published ones of ours are built on and that need more than `ours`.
fn too_new(workspace: &Workspace, ours: &str) -> Vec<String> {
    let packages: BTreeMap<_, _> =
        workspace.packages.iter().map(|package| (package.id.as_str(), package)).collect();
    let nodes: BTreeMap<_, _> = workspace.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    // Each crate with the one that brought it in.
    let mut found: BTreeMap<&str, &str> = BTreeMap::new();
    let roots = workspace.members().filter(|package| package.is_published());
    let mut open: VecDeque<_> = roots.map(|package| package.id.as_str()).collect();
    while let Some(id) = open.pop_front() {
        let edges = nodes.get(id).map_or(&[][..], |node| &node.deps);
        for edge in edges.iter().filter(|edge| edge.is_shipped()) {
            if !found.contains_key(edge.pkg.as_str()) {
                found.insert(&edge.pkg, id);
                open.push_back(&edge.pkg);
            }
        }
    }
    let needs =
        |package: &Package| package.rust_version.clone().filter(|needed| version(needed) > version(ours));
    let mut wrong = Vec::new();
    for (id, parent) in found {
        if let (Some(package), Some(parent)) = (packages.get(id), packages.get(parent))
            && let Some(needed) = needs(package)
        {
            let (name, version) = (&package.name, &package.version);
            wrong.push(format!(
                "{name} {version}, used by {}, needs Rust {needed}; ours is {ours}",
                parent.name
            ));
        }
    }
    wrong
}

/// `1.88` as `[1, 88, 0]`.
fn version(text: &str) -> [u32; 3] {
    let mut numbers = text.split('.').map(|number| number.parse().unwrap_or(0));
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;

    #[test]
    fn a_version_of_ones_own_fails() {
        assert_eq!(own_version("[package]\nrust-version.workspace = true\n"), None);
        assert!(own_version("[package]\nrust-version = \"1.95\"\n").is_some());
        assert!(own_version("[package]\nname = \"x\"\n").is_some());
    }

    #[test]
    fn a_dependency_that_needs_a_newer_rust_fails() {
        let workspace = fixture::workspace(
            &[("storage-core", "1.88", &["bytes", "dev:proptest"])],
            &[("bytes", "1.57.0", &["deep"]), ("deep", "1.88.1", &[]), ("proptest", "1.99", &[])],
        );
        assert_eq!(
            too_new(&workspace, "1.88"),
            ["deep 1.0.0, used by bytes, needs Rust 1.88.1; ours is 1.88"]
        );
        assert_eq!(too_new(&workspace, "1.100"), [""; 0]);
    }
}
