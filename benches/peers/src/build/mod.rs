//! What an application pays to compile a client.

mod application;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use self::application::{APPLICATIONS, Application};
use crate::harness::{Report, Settings, Table, ratio, run, run_and_read, seconds, version_in};

/// How many crates an application compiles for its client, and how long that takes from nothing
#[derive(Debug, clap::Args)]
pub(crate) struct Build {
    /// How many jobs cargo runs at a time
    #[arg(long, value_name = "NUMBER", default_value_t = 2)]
    jobs: u16,
}

/// What one application took.
struct Built {
    crates: usize,
    usage: crate::harness::Usage,
    /// Bytes of the program.
    size: u64,
    version: String,
}

pub(crate) fn bench(args: &Build, settings: &Settings) -> Result<()> {
    let scratch = settings.scratch("build")?;
    let mut built = Vec::new();
    for application in APPLICATIONS.iter().filter(|application| settings.wants(application.name)) {
        let result = build(application, &scratch, args.jobs)
            .with_context(|| format!("the application with {} failed", application.name))?;
        eprintln!("{}: {} crates, {}", application.name, result.crates, seconds(result.usage.wall));
        built.push((application, result));
    }
    let mut report = Report::new("build", "fewer crates and less time than each peer");
    report.table(&table(&built));
    report.note(&format!(
        "An application that stores and reads one object, from an empty target folder, `cargo build --release -j {}`, one after the \
         other, one run each. The crates are those that are compiled, build scripts' and macros' included, the application not; \
         tokio is among all of them.",
        args.jobs
    ));
    report.versions(built.iter().map(|(application, built)| (application.package, built.version.clone())));
    report.finish(settings)
}

fn table(built: &[(&Application, Built)]) -> Table {
    let heading = ["application with", "crates", "time", "to ours", "CPU time", "program"];
    let mut table = Table::new("Clean release build", &heading);
    // Ours comes first.
    let ours = built.first().map(|(_, built)| built.usage.wall);
    for (application, built) in built {
        table.row(vec![
            application.name.to_owned(),
            built.crates.to_string(),
            seconds(built.usage.wall),
            ours.map_or_else(String::new, |ours| ratio(built.usage.wall, ours)),
            seconds(built.usage.cpu),
            crate::harness::mebibytes(built.size),
        ]);
    }
    table
}

fn build(application: &Application, scratch: &Path, jobs: u16) -> Result<Built> {
    let folder = scratch.join(application.folder());
    application.write_into(&folder)?;
    // Everything is on this machine before the clock runs.
    run(cargo(&folder).arg("fetch"))?;
    let (_, tree) =
        run_and_read(cargo(&folder).args(["tree", "--prefix", "none", "--edges", "normal,build"]))?;
    let target = folder.join("target");
    let jobs = jobs.to_string();
    let mut command = cargo(&folder);
    command.args(["build", "--release", "--offline", "--jobs", &jobs, "--target-dir"]).arg(&target);
    let usage = run(&mut command)?;
    let lock = fs::read_to_string(folder.join("Cargo.lock"))?;
    let size = fs::metadata(target.join("release").join("application"))?.len();
    fs::remove_dir_all(&folder).context("cannot remove the application")?;
    Ok(Built { crates: crates(&tree), usage, size, version: version_in(&lock, application.package) })
}

/// The distinct crates of a `cargo tree`, without the application, which is its first line.
fn crates(tree: &str) -> usize {
    let mut names: Vec<_> = tree.lines().skip(1).filter_map(|line| line.split(" (").next()).collect();
    names.sort_unstable();
    names.dedup();
    names.iter().filter(|name| !name.trim().is_empty()).count()
}

/// Cargo in that folder, without a compiler's cache that would keep it from its work.
fn cargo(folder: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(folder).env_remove("RUSTC_WRAPPER").env_remove("RUSTFLAGS");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_counts_once() {
        let tree = "application v0.1.0 (/x)\nbytes v1.0.0\nserde v1.0.0\nserde_derive v1.0.0 (proc-macro)\nbytes v1.0.0 (*)\n\nbytes v0.5.0\n";
        assert_eq!(crates(tree), 4);
    }
}
