//! `cargo xtask integration`: the conformance suite and the end-to-end tests against real servers.
//!
//! [`servers`] gets and starts them, [`suites`] runs the test binaries, [`libtest`] reads what these print,
//! [`report`] says what came of it, and [`page`] says it to the readers of the documentation. Nothing here is ever
//! silently skipped: a server that was asked for and cannot be had is a failure, and so is a suite in which no test ran.

mod libtest;
mod page;
mod report;
mod suites;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

pub(crate) use self::page::heading;
pub(crate) use self::report::Report;
pub(crate) use self::suites::follow;

use self::suites::SUITES;
use crate::servers::{self, Target};
use crate::workspace::Workspace;

/// Runs the conformance suite and the end-to-end tests against real servers.
///
/// A server is looked for in the variable `STORAGE_<SERVER>_BIN`, on PATH and in `target/servers`, and fetched
/// otherwise. It is started on free ports with a fresh data folder, and killed at the end.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Servers to test; default: minio where it can be had, else seaweedfs
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = servers::names())]
    server: Vec<String>,
    /// A server that runs already; its keys come from `STORAGE_TEST_ACCESS_KEY` and `STORAGE_TEST_SECRET_KEY`
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// Only tests whose name contains this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Write the page about servers to this file, as Markdown, if nothing failed
    #[arg(long, value_name = "PATH", conflicts_with = "filter")]
    write_table: Option<PathBuf>,
}

/// Runs the suites; true if all that ran passed, and something ran everywhere.
///
/// # Errors
/// When the test binaries do not compile, no server can be had, or the table cannot be written.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let workspace = Workspace::load()?;
    suites::compile()?;
    let mut report = Report::default();
    match &args.endpoint {
        Some(url) => {
            let target = Target::running_at(url, args.server.first())?;
            test(&target, args, &workspace, &mut report);
        }
        None => test_own_servers(&workspace, args, &mut report)?,
    }
    print!("\n{}", report.terminal());
    if let Some(path) = &args.write_table {
        ensure!(report.passed(), "{} is not written: not everything passed", path.display());
        std::fs::write(path, page::page(&report))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(report.passed())
}

/// Gets, starts and tests one server after the other. One that fails does not keep the next from its turn.
fn test_own_servers(workspace: &Workspace, args: &Args, report: &mut Report) -> Result<()> {
    for server in servers::wanted(&args.server, workspace)? {
        println!("\n== {}", server.name());
        match servers::start(server, workspace) {
            Ok(mut running) => {
                let failed_before = report.failed();
                test(&running.target, args, workspace, report);
                if let Some(how) = running.ended() {
                    report.broken(server.name(), "server", &format!("it ended while it was tested: {how}"));
                }
                if report.failed() > failed_before {
                    println!("\nthe end of the log of {}:\n{}", server.name(), running.log_tail());
                }
            }
            Err(error) => {
                let why = format!("{error:#}");
                println!("error: {why}");
                report.broken(server.name(), "server", &why);
            }
        }
    }
    Ok(())
}

/// Runs all suites against one server.
fn test(target: &Target, args: &Args, workspace: &Workspace, report: &mut Report) {
    let mut ran = 0;
    for suite in SUITES.iter().filter(|suite| suite.is_for(&target.server)) {
        match suites::run(suite, target, args.filter.as_deref(), workspace) {
            Ok(cases) => {
                let count = cases.iter().filter(|case| case.outcome.ran()).count();
                if count == 0 && args.filter.is_none() {
                    report.broken(&target.server, suite.name, "no test ran");
                }
                ran += count;
                report.add(&target.server, suite.name, cases);
            }
            Err(error) => report.broken(&target.server, suite.name, &format!("{error:#}")),
        }
    }
    if ran == 0 && args.filter.is_some() {
        report.broken(&target.server, "all", "no test of that name ran");
    }
}
