//! What cargo and git know about this workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::command;

/// The answer of `cargo metadata`, as far as it is used here.
#[derive(Debug, Deserialize)]
pub(crate) struct Workspace {
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    #[serde(rename = "target_directory")]
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
    #[serde(rename = "workspace_members")]
    member_ids: Vec<String>,
    pub(crate) resolve: Resolve,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) rust_version: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    publish: Option<Vec<String>>,
}

/// A dependency as its manifest declares it.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Option<Kind>,
}

/// The kind of a dependency; a normal one has none.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Build,
    Dev,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Resolve {
    pub(crate) nodes: Vec<Node>,
}

/// A package of the resolved graph and what it uses.
#[derive(Debug, Deserialize)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) deps: Vec<Edge>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Edge {
    pub(crate) pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Debug, Deserialize)]
struct EdgeKind {
    kind: Option<Kind>,
}

impl Workspace {
    /// Asks cargo, with all features on.
    ///
    /// # Errors
    /// When cargo fails, for example because a manifest is wrong.
    pub(crate) fn load() -> Result<Self> {
        let json =
            command::capture(command::cargo().args(["metadata", "--format-version", "1", "--all-features"]))?;
        serde_json::from_str(&json).context("cannot read the answer of `cargo metadata`")
    }

    /// The workspace's own packages.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.member_ids.contains(&package.id))
    }

    /// The workspace's own package of that name.
    pub(crate) fn member(&self, name: &str) -> Option<&Package> {
        self.members().find(|package| package.name == name)
    }

    /// All files that are tracked, or would be if all were added, relative to the root.
    ///
    /// # Errors
    /// When git cannot say, or knows no file.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>> {
        let mut git = Command::new("git");
        git.current_dir(&self.root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let listing = command::capture(&mut git)?;
        let files: Vec<_> = listing.split_terminator('\0').map(PathBuf::from).collect();
        ensure!(!files.is_empty(), "git knows no file of this workspace");
        // A file that was deleted but is still in the index.
        Ok(files.into_iter().filter(|file| self.root.join(file).exists()).collect())
    }

    /// The tracked Rust sources, relative to the root.
    ///
    /// # Errors
    /// Those of [`Self::files`].
    pub(crate) fn rust_files(&self) -> Result<Vec<PathBuf>> {
        let mut files = self.files()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
        Ok(files)
    }

    /// Reads a file given by its path relative to the root.
    ///
    /// # Errors
    /// When it cannot be read, or is no UTF-8.
    pub(crate) fn read(&self, file: &Path) -> Result<String> {
        std::fs::read_to_string(self.root.join(file))
            .with_context(|| format!("cannot read {}", file.display()))
    }
}

impl Package {
    /// Whether it may be published: `publish = false` is an empty list of registries.
    pub(crate) fn is_published(&self) -> bool {
        self.publish.as_ref().is_none_or(|registries| !registries.is_empty())
    }

    /// What users of this package build with it: its dependencies without those for development.
    pub(crate) fn shipped_dependencies(&self) -> impl Iterator<Item = &str> {
        self.dependencies.iter().filter(|dep| dep.kind != Some(Kind::Dev)).map(|dep| dep.name.as_str())
    }

    /// What only its own tests and examples use.
    pub(crate) fn dev_dependencies(&self) -> impl Iterator<Item = &str> {
        self.dependencies.iter().filter(|dep| dep.kind == Some(Kind::Dev)).map(|dep| dep.name.as_str())
    }
}

impl Edge {
    /// Whether it holds outside of tests and examples.
    pub(crate) fn is_shipped(&self) -> bool {
        self.dep_kinds.iter().any(|edge| edge.kind != Some(Kind::Dev))
    }
}

#[cfg(test)]
pub(crate) mod fixture {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::Workspace;

    /// A package: name, `rust-version`, and its dependencies (`dev:name` for development).
    pub(crate) type Spec<'a> = (&'a str, &'a str, &'a [&'a str]);

    /// A workspace of `members`, with `foreign` packages around it.
    pub(crate) fn workspace(members: &[Spec<'_>], foreign: &[Spec<'_>]) -> Workspace {
        let all = || members.iter().chain(foreign);
        let ids: Vec<_> = members.iter().map(|(name, ..)| *name).collect();
        let packages: Vec<Value> = all().map(package).collect();
        let nodes: Vec<Value> = all().map(node).collect();
        let root = Path::new("fixture");
        serde_json::from_value(json!({
            "workspace_root": root, "target_directory": root, "workspace_members": ids,
            "packages": packages, "resolve": { "nodes": nodes },
        }))
        .unwrap()
    }

    fn package((name, rust_version, dependencies): &Spec<'_>) -> Value {
        let dependencies: Vec<_> =
            dependencies.iter().map(|dep| json!({ "name": bare(dep), "kind": kind(dep) })).collect();
        json!({
            "id": name, "name": name, "version": "1.0.0", "rust_version": rust_version, "license": "MIT",
            "description": "What it is for", "manifest_path": format!("fixture/{name}/Cargo.toml"),
            "dependencies": dependencies, "features": {}, "publish": null,
        })
    }

    fn node((name, _, dependencies): &Spec<'_>) -> Value {
        let edge = |dep: &&str| json!({ "pkg": bare(dep), "dep_kinds": [{ "kind": kind(dep) }] });
        json!({ "id": name, "deps": dependencies.iter().map(edge).collect::<Vec<_>>() })
    }

    fn bare(dependency: &str) -> &str {
        dependency.strip_prefix("dev:").unwrap_or(dependency)
    }

    fn kind(dependency: &str) -> Option<&str> {
        dependency.starts_with("dev:").then_some("dev")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_is_understood() {
        let workspace = Workspace::load().unwrap();
        let xtask = workspace.member("xtask").unwrap();
        assert!(!xtask.is_published());
        assert!(workspace.member("storage-core").unwrap().is_published());
        assert!(xtask.shipped_dependencies().any(|name| name == "clap"));
        assert!(workspace.rust_files().unwrap().contains(&PathBuf::from("xtask/src/workspace.rs")));
    }
}
