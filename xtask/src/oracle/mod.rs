//! `cargo xtask oracle`: references that storage-static finds in real packages, compared with what independent parsers find; and the
//! manifests that come of rewriting them in Django's style, compared with Django's.
//!
//! [`packages`](crate::packages) gets what is compared; the parsers lie with their dependencies in a workspace of its own, `oracle`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::command;
use crate::packages::{PACKAGES, Registry};
use crate::workspace::Workspace;

/// Compares the references found in real CSS and JavaScript with what cssparser and oxc find, and manifests with Django's
///
/// The packages are fetched once, by npm and pip, and kept in `target/oracle`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Other folders than the packages
    #[arg(value_name = "FOLDER")]
    folders: Vec<PathBuf>,
}

/// Runs the comparison; true if nothing differs but what is explained in `oracle/explained.tsv`.
///
/// # Errors
/// When a package cannot be had, or the comparing program cannot be built.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let workspace = Workspace::load()?;
    let program = build(&workspace)?;
    let mut folders = args.folders.clone();
    if folders.is_empty() {
        let registry = Registry::new(&workspace.target);
        for package in PACKAGES {
            folders.push(registry.obtain(package)?);
        }
    }
    command::run(Command::new(program).args(folders))
}

/// Compiles `oracle`; the path of its program.
fn build(workspace: &Workspace) -> Result<PathBuf> {
    let target = workspace.target.join("oracle").join("build");
    let mut cargo = command::cargo();
    cargo.args(["build", "--quiet", "--release", "--manifest-path"]);
    cargo.arg(workspace.root.join("oracle").join("Cargo.toml")).arg("--target-dir").arg(&target);
    ensure!(command::run(&mut cargo)?, "oracle does not compile");
    Ok(target.join("release").join("storage-oracle"))
}
