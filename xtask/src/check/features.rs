//! Each feature of a crate must compile without the others.

use anyhow::Result;

use super::lints::expect;
use crate::command;
use crate::workspace::{Package, Workspace};

/// `cargo check` of each crate once per feature, with only that feature on.
pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for package in workspace.members() {
        for feature in alone(package) {
            let name = &package.name;
            let args = ["check", "--package", name, "--no-default-features", "--features", feature];
            expect(
                command::cargo().args(args),
                &format!("{name} with only its feature `{feature}`"),
                &mut wrong,
            )?;
        }
    }
    Ok(wrong)
}

/// The features to be tried; `default` is what everything else builds with, and one that begins with `_` is only a part of others.
fn alone(package: &Package) -> impl Iterator<Item = &str> {
    package
        .features
        .keys()
        .map(String::as_str)
        .filter(|feature| *feature != "default" && !feature.starts_with('_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;

    #[test]
    fn every_feature_but_the_default_is_tried() {
        let mut workspace = fixture::workspace(&[("storage-core", "1.80", &[])], &[]);
        let features = ["default", "serde", "sniff", "_both"].map(|name| (name.to_owned(), vec![]));
        workspace.packages[0].features = features.into();
        assert_eq!(alone(workspace.member("storage-core").unwrap()).collect::<Vec<_>>(), ["serde", "sniff"]);
    }
}
