//! What every manifest of ours has to say, and what it must leave to the workspace.

use anyhow::Result;

use crate::workspace::{Package, Workspace};

/// Manifests with something missing, or with a version or path that belongs into the one dependency table.
pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for package in workspace.members() {
        let text = workspace.read(&package.manifest_path)?;
        let complaints = metadata(package).into_iter().chain(dependencies(&text)).chain(lints(&text));
        wrong.extend(complaints.map(|what| format!("{}: {what}", package.name)));
    }
    Ok(wrong)
}

fn metadata(package: &Package) -> Vec<String> {
    let mut wrong = Vec::new();
    if package.description.as_deref().is_none_or(|text| text.trim().is_empty() || text == "TBD") {
        wrong.push("it has no description".to_owned());
    }
    if package.license.as_deref().is_none_or(str::is_empty) {
        wrong.push("it has no licence".to_owned());
    }
    wrong
}

fn dependencies(manifest: &str) -> Vec<String> {
    let foreign = |(section, line): &(&str, &str)| {
        // `[workspace.dependencies]` is the table itself.
        section.ends_with("dependencies") && !section.starts_with("workspace") && !defers(line)
    };
    let entries = entries(manifest).filter(foreign);
    entries.map(|(section, line)| format!("[{section}]: not from the workspace's table: `{line}`")).collect()
}

/// Whether an entry says `name.workspace = true` or `name = { workspace = true, … }`, or is the crate itself, for tests with all its
/// features.
fn defers(entry: &str) -> bool {
    entry.contains(".workspace = true")
        || entry.contains("{ workspace = true")
        || entry.contains("{ path = \".\", ")
}

fn lints(manifest: &str) -> Option<String> {
    let shared = entries(manifest).any(|(section, line)| section == "lints" && line == "workspace = true");
    (!shared).then(|| "it does not take the workspace's lints: `[lints] workspace = true`".to_owned())
}

/// The entries of a manifest, each with the name of its section; an entry that is written over several lines
/// gives its first one.
pub(super) fn entries(manifest: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut section = "";
    let mut depth = 0_usize;
    manifest.lines().filter_map(move |line| {
        let line = line.split_once(" #").map_or(line, |(code, _)| code).trim();
        let inside = depth > 0;
        depth = (depth + line.matches(['[', '{']).count()).saturating_sub(line.matches([']', '}']).count());
        if inside || line.is_empty() || line.starts_with('#') {
            return None;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.trim_matches(['[', ']']);
            return None;
        }
        Some((section, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;

    #[test]
    fn a_package_without_description_or_licence_fails() {
        let mut workspace = fixture::workspace(&[("storage-core", "1.80", &[])], &[]);
        assert_eq!(metadata(&workspace.packages[0]), [""; 0]);
        workspace.packages[0].description = Some("TBD".into());
        workspace.packages[0].license = None;
        assert_eq!(metadata(&workspace.packages[0]), ["it has no description", "it has no licence"]);
    }

    #[test]
    fn a_dependency_with_a_version_of_its_own_fails() {
        let manifest = "[package]\nname = \"x\"\n[dependencies]\nbytes.workspace = true\n\
                        tokio = { workspace = true, features = [\n  \"fs\",\n] }\nurl = \"2.5\" # why\n\
                        [target.'cfg(unix)'.dev-dependencies]\nrustix = { version = \"1\" }\n\
                        x = { path = \".\", features = [\"all\"] }\n\
                        [workspace.dependencies]\nhttp = \"1\"\n";
        let wrong = dependencies(manifest);
        assert_eq!(
            wrong,
            [
                "[dependencies]: not from the workspace's table: `url = \"2.5\"`",
                "[target.'cfg(unix)'.dev-dependencies]: not from the workspace's table: `rustix = { version = \"1\" }`",
            ]
        );
    }

    #[test]
    fn a_crate_with_lints_of_its_own_fails() {
        assert_eq!(lints("[lints]\nworkspace = true\n"), None);
        assert!(lints("[lints.rust]\nunsafe_code = \"forbid\"\n").is_some());
    }
}
