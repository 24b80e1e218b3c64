//! The test binaries that run against a server.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::libtest::{Case, Transcript};
use crate::command;
use crate::servers::guarded::Guarded;
use crate::servers::{Target, mc};
use crate::workspace::Workspace;

/// A test binary that finds its server in the variables `STORAGE_TEST_…`.
#[derive(Debug)]
pub(super) struct Suite {
    /// How it is called in tables.
    pub(super) name: &'static str,
    package: &'static str,
    /// The test target of that package.
    test: &'static str,
    /// The servers that it is for; none for all.
    only_on: &'static [&'static str],
    part: Part,
}

/// Which tests of a binary are a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// All but those that are ignored.
    Usual,
    /// Those that are ignored since they need MinIO's command, which they find in `STORAGE_TEST_MC`.
    WithMc,
}

impl Suite {
    /// Whether it is for this server. One that is known by its address only may be any.
    pub(super) fn is_for(&self, server: &str) -> bool {
        self.only_on.is_empty() || self.only_on.contains(&server)
    }
}

pub(super) const SUITES: &[Suite] = &[
    Suite {
        name: "conformance",
        package: "storage-minio",
        test: "conformance",
        only_on: &[],
        part: Part::Usual,
    },
    Suite { name: "urls", package: "storage-minio", test: "urls", only_on: &[], part: Part::Usual },
    Suite { name: "buckets", package: "storage-minio", test: "buckets", only_on: &[], part: Part::Usual },
    Suite { name: "faults", package: "storage-minio", test: "faults", only_on: &[], part: Part::Usual },
    Suite { name: "strangers", package: "storage-minio", test: "strangers", only_on: &[], part: Part::Usual },
    Suite {
        name: "object-store",
        package: "storage-object-store",
        test: "conformance",
        only_on: &["minio"],
        part: Part::Usual,
    },
    Suite { name: "policies", package: "storage-cli", test: "policies", only_on: &[], part: Part::Usual },
    Suite {
        name: "end-to-end",
        package: "storage-cli",
        test: "real_server",
        only_on: &[],
        part: Part::Usual,
    },
    Suite {
        name: "mc",
        package: "storage-cli",
        test: "real_server",
        only_on: &["minio"],
        part: Part::WithMc,
    },
];

/// How long a suite may print nothing before it counts as hung.
const SILENCE: Duration = Duration::from_secs(600);

/// Compiles all suites, so that no server is started for code that does not compile.
///
/// # Errors
/// When one does not compile.
pub(super) fn compile() -> Result<()> {
    for suite in SUITES {
        let args = ["test", "--package", suite.package, "--test", suite.test, "--no-run"];
        ensure!(command::run(command::cargo().args(args))?, "the suite `{}` does not compile", suite.name);
    }
    Ok(())
}

/// Runs one suite, showing what it prints, and returns what became of each of its cases.
///
/// # Errors
/// When it cannot run, what it needs cannot be had, it hangs, dies, or its totals are not what it printed line by line.
pub(super) fn run(
    suite: &Suite,
    target: &Target,
    filter: Option<&str>,
    workspace: &Workspace,
) -> Result<Vec<Case>> {
    println!("\n{} on {} at {}", suite.name, target.server, target.endpoint);
    let mut cargo = command::cargo();
    cargo.args(["test", "--package", suite.package, "--test", suite.test, "--"]).args(filter);
    if suite.part == Part::WithMc {
        cargo.arg("--ignored").env("STORAGE_TEST_MC", mc::program().obtain(&workspace.target)?);
    }
    follow(cargo.envs(target.variables()))
}

/// Runs a program that prints as a test binary does, showing it, and returns what became of each of its cases.
///
/// # Errors
/// Those of [`run`].
pub(crate) fn follow(command: &mut Command) -> Result<Vec<Case>> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut process = Guarded::spawn(command, &[])?;
    let output = process.take_stdout().context("its output is not connected")?;

    let (send, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            if send.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                break;
            }
        }
    });
    let mut transcript = Transcript::default();
    loop {
        match lines.recv_timeout(SILENCE) {
            Ok(line) => {
                println!("{line}");
                transcript.read(&line);
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => bail!("it printed nothing for {} s: killed", SILENCE.as_secs()),
        }
    }
    let status = process.wait()?;
    transcript.finish(status.success())
}
