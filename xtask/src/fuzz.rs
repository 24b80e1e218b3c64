//! `cargo xtask fuzz`: runs the fuzz targets of all crates optimised, on stable Rust and without coverage guidance.

use anyhow::Result;

use crate::command;
use crate::workspace::Workspace;

/// Runs the fuzz targets, or those named, and prints what came of it
///
/// With coverage guidance they run as `cargo fuzz run TARGET`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these targets
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// How often each target is run; else for 10 seconds
    #[arg(long, value_name = "N")]
    executions: Option<u64>,
    /// Another seed brings other inputs; else one is chosen and shown
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How many targets run at a time; else as many as there are processors
    #[arg(long, value_name = "N")]
    jobs: Option<u64>,
    /// Show the targets
    #[arg(long)]
    list: bool,
}

/// Builds the runner, which is a workspace of its own, and runs it; true if nothing was found.
///
/// # Errors
/// When it cannot be built or started.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let workspace = Workspace::load()?;
    let mut cargo = command::cargo();
    cargo.args(["run", "--quiet", "--release", "--no-default-features", "--bin", "storage-fuzz"]);
    cargo.arg("--manifest-path").arg(workspace.root.join("fuzz").join("Cargo.toml"));
    // The targets are compiled for tests and under this flag, which cargo-fuzz sets too.
    cargo.env("RUSTFLAGS", "--cfg fuzzing").env("CARGO_TARGET_DIR", workspace.target.join("fuzz"));
    cargo.arg("--").args(words(args));
    command::run(&mut cargo)
}

fn words(args: &Args) -> Vec<String> {
    let mut words = args.targets.clone();
    for (flag, value) in [("--executions", args.executions), ("--seed", args.seed), ("--jobs", args.jobs)] {
        words.extend(value.into_iter().flat_map(|value| [flag.to_owned(), value.to_string()]));
    }
    words.extend(args.list.then(|| "--list".to_owned()));
    words
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_flag_is_handed_on() {
        let targets = vec!["keys".to_owned()];
        let args = Args { targets, executions: Some(7), seed: None, jobs: Some(1), list: true };
        assert_eq!(words(&args), ["keys", "--executions", "7", "--jobs", "1", "--list"]);
    }

    #[test]
    fn what_runs_by_itself_runs_under_libfuzzer_too() {
        let workspace = Workspace::load().unwrap();
        let fuzz = Path::new("fuzz");
        let targets = workspace.read(&fuzz.join("src/targets.rs")).unwrap();
        let manifest = workspace.read(&fuzz.join("Cargo.toml")).unwrap();
        let (_, table) = targets.split_once("targets! {").unwrap();
        let packages = table.lines().filter_map(|line| line.trim().strip_suffix(';')?.split_once(": "));
        let mut count = 0;
        for (package, name) in
            packages.flat_map(|(package, names)| names.split(' ').map(move |name| (package, name)))
        {
            count += 1;
            let wrapper = workspace.read(&fuzz.join(format!("fuzz_targets/{name}.rs"))).unwrap();
            assert!(wrapper.contains(&format!("{package}::fuzz::{name}::run(data)")), "{wrapper}");
            assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        }
        assert_eq!(count, manifest.matches("\n[[bin]]\n").count());
        assert!(count > 10, "{count}");
    }
}
