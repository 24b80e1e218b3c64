//! Who may depend on whom: the crate map of ARCHITECTURE.md, as data.

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace::Workspace;

/// A crate of ours and those of ours that it may use; its tests may use more.
type Layer = (&'static str, &'static [&'static str]);

const LAYERS: &[Layer] = &[
    ("storage-core", &[]),
    ("storage-policy", &[]),
    ("storage-minio", &["storage-core", "storage-policy"]),
    ("storage-local", &["storage-core"]),
    ("storage-object-store", &["storage-core"]),
    ("storage-static", &["storage-core"]),
    ("storage-http", &["storage-core"]),
    ("storage-conformance", &["storage-core"]),
    (
        "storage-suite",
        &[
            "storage-core",
            "storage-http",
            "storage-local",
            "storage-minio",
            "storage-object-store",
            "storage-policy",
            "storage-static",
        ],
    ),
    ("storage-cli", &["storage-suite"]),
    // Development only.
    ("fuzz-engine", &[]),
    ("s3-testserver", &[]),
    ("xtask", &[]),
];

/// Foreign crates that only one of ours may use.
const CONFINED: &[(&str, &str)] = &[("object_store", "storage-object-store")];

/// What breaks the rules above.
pub(super) fn check(workspace: &Workspace) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in workspace.members() {
        let name = package.name.as_str();
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
            wrong.push(format!("{name} has no line in the table of layers"));
            continue;
        };
        for used in package.shipped_dependencies() {
            if workspace.member(used).is_some() && !allowed.contains(&used) {
                wrong.push(format!("{name} must not depend on {used}"));
            }
            if let Some((_, home)) =
                CONFINED.iter().find(|(crate_name, home)| *crate_name == used && *home != name)
            {
                wrong.push(format!("{name} must not depend on {used}: only {home} may"));
            }
        }
        // On itself a crate may depend, to have its tests with all its features.
        for used in package.dev_dependencies().filter(|used| *used != name) {
            if reachable(workspace, used).contains(name) {
                wrong
                    .push(format!("the tests of {name} must not depend on {used}, which is built on {name}"));
            }
        }
    }
    wrong
}

/// The members that `start` is built on, itself among them.
fn reachable<'a>(workspace: &'a Workspace, start: &str) -> BTreeSet<&'a str> {
    let members: BTreeMap<_, _> =
        workspace.members().map(|package| (package.name.as_str(), package)).collect();
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = vec![start];
    while let Some(name) = open.pop() {
        if let Some((name, package)) = members.get_key_value(name)
            && found.insert(*name)
        {
            open.extend(package.shipped_dependencies());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::workspace::fixture;

    const RUST: &str = "1.80";

    #[test]
    fn the_designed_graph_passes() {
        let workspace = fixture::workspace(
            &[
                ("storage-core", RUST, &["bytes"]),
                ("storage-local", RUST, &["storage-core", "dev:storage-conformance"]),
                ("storage-conformance", RUST, &["storage-core"]),
                ("storage-suite", RUST, &["storage-core", "storage-local"]),
                ("storage-cli", RUST, &["storage-suite"]),
            ],
            &[("bytes", RUST, &[])],
        );
        assert_eq!(check(&workspace), [""; 0]);
    }

    #[test]
    fn a_dependency_upwards_fails() {
        let workspace = fixture::workspace(
            &[
                ("storage-core", RUST, &["storage-local"]),
                ("storage-local", RUST, &[]),
                ("storage-cli", RUST, &["storage-local"]),
            ],
            &[],
        );
        let wrong =
            ["storage-core must not depend on storage-local", "storage-cli must not depend on storage-local"];
        assert_eq!(check(&workspace), wrong);
    }

    #[test]
    fn an_unknown_crate_fails() {
        let workspace = fixture::workspace(&[("storage-new", RUST, &[])], &[]);
        assert_eq!(check(&workspace), ["storage-new has no line in the table of layers"]);
    }

    #[test]
    fn object_store_outside_of_its_crate_fails() {
        let members: &[fixture::Spec<'_>] =
            &[("storage-object-store", RUST, &["object_store"]), ("storage-minio", RUST, &["object_store"])];
        let workspace = fixture::workspace(members, &[("object_store", RUST, &[])]);
        assert_eq!(
            check(&workspace),
            ["storage-minio must not depend on object_store: only storage-object-store may"]
        );
    }

    #[test]
    fn tests_may_look_sideways_but_not_round_in_a_circle() {
        let members: &[fixture::Spec<'_>] = &[
            ("storage-core", RUST, &["dev:storage-suite"]),
            ("storage-minio", RUST, &["storage-core", "dev:s3-testserver"]),
            ("storage-suite", RUST, &["storage-minio"]),
            ("s3-testserver", RUST, &[]),
        ];
        let wrong =
            ["the tests of storage-core must not depend on storage-suite, which is built on storage-core"];
        assert_eq!(check(&fixture::workspace(members, &[])), wrong);
    }
}
