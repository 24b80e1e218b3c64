//! `cargo xtask check`: everything that is enforced about this workspace besides its tests.
//!
//! One module per check. All of them run, however many fail.

mod budgets;
mod crate_roots;
mod deny;
mod features;
mod file_sizes;
mod layers;
mod lints;
mod machine_paths;
mod manifests;
mod msrv;
mod rust_source;
mod servers_page;

use std::time::Instant;

use anyhow::{Result, ensure};

use crate::table;
use crate::workspace::Workspace;

/// Checks format, lints, documentation, dependencies, sizes and licences; all of them, or those named.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these checks
    #[arg(value_name = "CHECK")]
    only: Vec<String>,
    /// Look for known vulnerabilities too (fetches the advisory database)
    #[arg(long)]
    advisories: bool,
    /// Show the checks and what they enforce
    #[arg(long)]
    list: bool,
}

/// One check.
struct Check {
    name: &'static str,
    about: &'static str,
    /// Returns what is wrong, a sentence each.
    run: fn(&Workspace, &Args) -> Result<Vec<String>>,
}

/// Those that take no time come first.
const CHECKS: &[Check] = &[
    Check { name: "layers", about: "who may depend on whom", run: |it, _| Ok(layers::check(it)) },
    Check {
        name: "manifests",
        about: "one dependency table, one lint table, descriptions, licences",
        run: |it, _| manifests::check(it),
    },
    Check {
        name: "msrv",
        about: "one minimum Rust version, which every dependency keeps",
        run: |it, _| msrv::check(it),
    },
    Check { name: "budgets", about: "crates in a dependency tree", run: |it, _| budgets::check(it) },
    Check { name: "file-sizes", about: "lines of code in a file", run: |it, _| file_sizes::check(it) },
    Check {
        name: "crate-roots",
        about: "lib.rs is a short table of contents",
        run: |it, _| crate_roots::check(it),
    },
    Check {
        name: "machine-paths",
        about: "no path of somebody's machine in a tracked file",
        run: |it, _| machine_paths::check(it),
    },
    Check {
        name: "servers-page",
        about: "docs/servers.md names the gaps that are declared, and the versions that are tested",
        run: |it, _| servers_page::check(it),
    },
    Check { name: "format", about: "cargo fmt", run: |_, _| lints::format() },
    Check {
        name: "deny",
        about: "licences, sources, banned and duplicate crates, by cargo-deny",
        run: |it, args| deny::check(it, args.advisories),
    },
    Check {
        name: "clippy",
        about: "clippy without a warning, all features and none",
        run: |it, _| lints::clippy(it),
    },
    Check { name: "features", about: "each feature alone compiles", run: |it, _| features::check(it) },
    Check { name: "docs", about: "rustdoc without a warning", run: |_, _| lints::docs() },
];

/// What a check gave.
#[derive(Debug)]
enum Verdict {
    Passed,
    /// What is wrong.
    Failed(Vec<String>),
    /// Why it could not tell; as bad as a failure.
    Broken(String),
}

/// Runs the checks; true if all passed.
///
/// # Errors
/// When a check of that name is not there, or cargo cannot describe the workspace.
pub(crate) fn run(args: &Args) -> Result<bool> {
    if args.list {
        let rows: Vec<_> =
            CHECKS.iter().map(|check| vec![check.name.to_owned(), check.about.to_owned()]).collect();
        print!("{}", table::render(&rows));
        return Ok(true);
    }
    for name in &args.only {
        ensure!(CHECKS.iter().any(|check| check.name == name), "there is no check `{name}`; see `--list`");
    }
    let workspace = Workspace::load()?;
    std::env::set_current_dir(&workspace.root)?;

    let mut rows = vec![["check", "result", "time"].map(String::from).to_vec()];
    let mut all_passed = true;
    for check in
        CHECKS.iter().filter(|check| args.only.is_empty() || args.only.iter().any(|only| only == check.name))
    {
        println!("\n== {}: {}", check.name, check.about);
        let start = Instant::now();
        let verdict = Verdict::of((check.run)(&workspace, args));
        verdict.print();
        all_passed &= matches!(verdict, Verdict::Passed);
        rows.push(vec![
            check.name.to_owned(),
            verdict.in_short(),
            format!("{:.1} s", start.elapsed().as_secs_f64()),
        ]);
    }
    println!("\n{}", table::render(&rows));
    Ok(all_passed)
}

impl Verdict {
    fn of(outcome: Result<Vec<String>>) -> Self {
        match outcome {
            Ok(wrong) if wrong.is_empty() => Self::Passed,
            Ok(wrong) => Self::Failed(wrong),
            Err(error) => Self::Broken(format!("{error:#}")),
        }
    }

    fn print(&self) {
        match self {
            Self::Passed => {}
            Self::Failed(wrong) => wrong.iter().for_each(|what| println!("error: {what}")),
            Self::Broken(why) => println!("error: could not check: {why}"),
        }
    }

    fn in_short(&self) -> String {
        match self {
            Self::Passed => "ok".to_owned(),
            Self::Failed(wrong) => format!("FAILED ({})", wrong.len()),
            Self::Broken(_) => "COULD NOT RUN".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use anyhow::anyhow;

    use super::*;

    #[test]
    fn a_check_that_could_not_run_has_not_passed() {
        assert!(matches!(Verdict::of(Ok(vec![])), Verdict::Passed));
        assert!(matches!(Verdict::of(Ok(vec!["wrong".into()])), Verdict::Failed(_)));
        assert!(matches!(Verdict::of(Err(anyhow!("no git"))), Verdict::Broken(_)));
    }

    #[test]
    fn every_check_has_a_name_of_its_own() {
        let names: BTreeSet<_> = CHECKS.iter().map(|check| check.name).collect();
        assert_eq!(names.len(), CHECKS.len());
    }
}
