//! `cargo xtask bench`: side-by-side benchmarks against what else one would take.
//!
//! [`tools`] gets the programs that are compared with, [`trees`] makes the files that some of them move; the measuring is done by the program `peers`, which lies with its
//! dependencies in a workspace of its own, `benches/peers`.

mod tools;
mod trees;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use self::tools::Tool;
use crate::command;
use crate::servers::OwnServer;
use crate::workspace::Workspace;

/// Runs side-by-side benchmarks and prints their tables, which are kept in `target/bench` too.
///
/// What is needed is built and fetched first. Without names all of them run but `build`, which takes longest and measures only once, and
/// those that have the original beside them, `collect` and `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these benchmarks
    #[arg(value_name = "NAME", value_parser = names())]
    names: Vec<String>,
    /// How often each contestant is measured; default: 5
    #[arg(long, value_name = "NUMBER")]
    rounds: Option<u32>,
    /// Further flags of a single benchmark, after `--`: see `cargo xtask bench transfer -- --help`
    #[arg(last = true, requires = "names", value_name = "FLAG")]
    flags: Vec<String>,
}

/// One of the benchmarks in `benches/peers`.
struct Benchmark {
    name: &'static str,
    /// Whether it runs when none is named.
    is_usual: bool,
    needs: Needs,
}

/// What a benchmark needs beside its own program.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// The command `storage`, a server and the programs that are compared.
    Server,
    /// The original too.
    Original,
    /// And real trees of static files.
    Trees,
}

const BENCHMARKS: &[Benchmark] = &[
    Benchmark { name: "transfer", is_usual: true, needs: Needs::Server },
    Benchmark { name: "sign", is_usual: true, needs: Needs::Nothing },
    Benchmark { name: "small", is_usual: true, needs: Needs::Nothing },
    Benchmark { name: "tree", is_usual: true, needs: Needs::Server },
    Benchmark { name: "list", is_usual: true, needs: Needs::Nothing },
    Benchmark { name: "local", is_usual: true, needs: Needs::Nothing },
    Benchmark { name: "policy", is_usual: true, needs: Needs::Nothing },
    Benchmark { name: "wrappers", is_usual: true, needs: Needs::Nothing },
    Benchmark { name: "build", is_usual: false, needs: Needs::Nothing },
    Benchmark { name: "collect", is_usual: false, needs: Needs::Trees },
    Benchmark { name: "init", is_usual: false, needs: Needs::Original },
];

fn names() -> Vec<&'static str> {
    BENCHMARKS.iter().map(|benchmark| benchmark.name).collect()
}

/// Runs the benchmarks; true if all ran to their end.
///
/// # Errors
/// When something does not compile, or a program or the server cannot be had.
pub(crate) fn run(args: &Args) -> Result<bool> {
    ensure!(args.flags.is_empty() || args.names.len() == 1, "flags are for one benchmark");
    let workspace = Workspace::load()?;
    let chosen: Vec<_> = BENCHMARKS
        .iter()
        .filter(|benchmark| match args.names.is_empty() {
            true => benchmark.is_usual,
            false => args.names.iter().any(|name| name == benchmark.name),
        })
        .collect();
    let peers = build_peers(&workspace)?;
    let needs = |some: &[Needs]| chosen.iter().any(|benchmark| some.contains(&benchmark.needs));
    let mut variables = match needs(&[Needs::Server, Needs::Original, Needs::Trees]) {
        true => programs(&workspace)?,
        false => Vec::new(),
    };
    if needs(&[Needs::Original, Needs::Trees]) {
        variables.push(tools::original(&workspace.target)?);
    }
    let folder = workspace.target.join("bench");
    let (scratch, trees) = (folder.join("scratch"), folder.join("trees"));
    if needs(&[Needs::Trees]) {
        trees::make(&trees, &workspace.target)?;
    }
    variables.extend([
        ("PEERS_REPORTS", folder),
        ("PEERS_SCRATCH", scratch.clone()),
        ("PEERS_TREES", trees.clone()),
    ]);

    let mut failed = Vec::new();
    for benchmark in &chosen {
        let mut command = Command::new(&peers);
        command.arg(benchmark.name);
        if let Some(rounds) = args.rounds {
            command.arg("--rounds").arg(rounds.to_string());
        }
        command.args(&args.flags).current_dir(&workspace.root);
        command.envs(variables.iter().map(|(variable, path)| (variable, path)));
        // A fresh server for each: no benchmark pays for what another left behind.
        let server = match benchmark.needs {
            Needs::Nothing => None,
            _ => Some(OwnServer::start("minio", &workspace)?),
        };
        command.envs(server.iter().flat_map(OwnServer::variables));
        if !command::run(&mut command)? {
            failed.push(benchmark.name);
        }
    }
    for leftover in [scratch, trees].iter().filter(|folder| folder.exists()) {
        std::fs::remove_dir_all(leftover).with_context(|| format!("cannot remove {}", leftover.display()))?;
    }
    if !failed.is_empty() {
        println!("FAILED: {}", failed.join(", "));
    }
    Ok(failed.is_empty())
}

/// Compiles `benches/peers`; the path of its program.
fn build_peers(workspace: &Workspace) -> Result<PathBuf> {
    let target = workspace.target.join("peers");
    let manifest = workspace.root.join("benches/peers/Cargo.toml");
    let mut cargo = command::cargo();
    // Not `--locked`: its lock file has our own crates' dependencies in it, which change without it.
    cargo.args(["build", "--release", "--manifest-path"]).arg(&manifest);
    cargo.arg("--target-dir").arg(&target);
    ensure!(command::run(&mut cargo)?, "benches/peers does not compile");
    Ok(target.join("release").join("peers"))
}

/// The programs that are compared, ours among them, each with the variable in which `peers` looks for it.
fn programs(workspace: &Workspace) -> Result<Vec<(&'static str, PathBuf)>> {
    let mut cargo = command::cargo();
    cargo.args(["build", "--release", "--locked", "--package", "storage-cli"]);
    ensure!(command::run(cargo.current_dir(&workspace.root))?, "the command `storage` does not compile");
    let mut programs = vec![("PEERS_STORAGE", workspace.target.join("release").join("storage"))];
    for tool in Tool::ALL {
        programs.push((tool.variable, tool.obtain(&workspace.target)?));
    }
    programs.push(("PEERS_CURL", PathBuf::from("curl")));
    command::capture(Command::new(Path::new("curl")).arg("--version"))
        .context("the system has no curl, which is one of the contestants")?;
    Ok(programs)
}
