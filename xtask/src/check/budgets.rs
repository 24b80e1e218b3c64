//! How many crates a user of ours has to build, and which ones never.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};

use crate::command;
use crate::workspace::Workspace;

/// What an application builds that uses only these crates of ours, with their default features.
struct Budget {
    packages: &'static [&'static str],
    /// The most crates that the whole tree may have, ours included.
    limit: usize,
}

const BUDGETS: &[Budget] = &[
    Budget { packages: &["storage-core"], limit: 25 },
    Budget { packages: &["storage-core", "storage-minio"], limit: 70 },
    Budget { packages: &["storage-policy"], limit: 20 },
    Budget { packages: &["storage-core", "storage-static"], limit: 45 },
];

/// Crates that must not be in a package's tree, with these flags.
struct Ban {
    package: &'static str,
    flags: &'static [&'static str],
    crates: &'static [&'static str],
}

const BANS: &[Ban] = &[
    Ban {
        package: "storage-core",
        flags: &["--all-features"],
        crates: &["hyper", "mio", "object_store", "quick-xml", "reqwest", "rustls"],
    },
    // A feature of its name brings it in, nothing else does.
    Ban { package: "storage-core", flags: &[], crates: &["sqlx", "url"] },
];

/// Trees that are too large or hold what they must not.
pub(super) fn check(_: &Workspace) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for budget in BUDGETS {
        let crates = tree(budget.packages, &[])?;
        println!("{}: {} of {} crates", budget.packages.join(" + "), crates.len(), budget.limit);
        wrong.extend(over_budget(budget, &crates));
    }
    for ban in BANS {
        let crates = tree(&[ban.package], ban.flags)?;
        wrong.extend(trespassers(ban.package, ban.crates, &crates));
    }
    Ok(wrong)
}

fn over_budget(budget: &Budget, crates: &BTreeSet<String>) -> Option<String> {
    let (count, limit) = (crates.len(), budget.limit);
    let list = || crates.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    (count > limit)
        .then(|| format!("{}: {count} crates, at most {limit}: {}", budget.packages.join(" + "), list()))
}

fn trespassers(package: &str, forbidden: &[&str], crates: &BTreeSet<String>) -> Vec<String> {
    let name_of = |entry: &String| entry.split(' ').next().unwrap_or_default().to_owned();
    let names: BTreeSet<_> = crates.iter().map(name_of).collect();
    let found = forbidden.iter().filter(|name| names.contains(**name));
    found.map(|name| format!("{package} must never bring in {name}")).collect()
}

/// The tree of `packages`: each crate once, as name and version.
fn tree(packages: &[&str], flags: &[&str]) -> Result<BTreeSet<String>> {
    let mut cargo = command::cargo();
    cargo.args(["tree", "--edges", "normal", "--prefix", "none", "--format", "{p}"]).args(flags);
    cargo.args(packages.iter().flat_map(|package| ["--package", *package]));
    let crates = crates_of(&command::capture(&mut cargo)?);
    ensure!(!crates.is_empty(), "`cargo tree` printed nothing");
    Ok(crates)
}

fn crates_of(listing: &str) -> BTreeSet<String> {
    let lines = listing.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "storage-core v0.1.0 (folder/storage-core)\nasync-trait v0.1.89 (proc-macro)\n\
                           syn v2.0.1\nbytes v1.10.0\n\nsyn v2.0.1 (*)\nsyn v3.0.0\nmio v1.0.0\n";

    #[test]
    fn a_crate_counts_once_per_version() {
        let expected = [
            "async-trait v0.1.89",
            "bytes v1.10.0",
            "mio v1.0.0",
            "storage-core v0.1.0",
            "syn v2.0.1",
            "syn v3.0.0",
        ];
        assert_eq!(crates_of(LISTING), expected.map(String::from).into());
    }

    #[test]
    fn one_crate_too_many_fails() {
        let crates = crates_of(LISTING);
        let budget = |limit| Budget { packages: &["storage-core"], limit };
        assert!(over_budget(&budget(6), &crates).is_none());
        let message = over_budget(&budget(5), &crates).unwrap();
        assert!(message.starts_with("storage-core: 6 crates, at most 5: async-trait"), "{message}");
    }

    #[test]
    fn a_forbidden_crate_fails() {
        let wrong = trespassers("storage-core", &["hyper", "mio"], &crates_of(LISTING));
        assert_eq!(wrong, ["storage-core must never bring in mio"]);
    }
}
