//! What drives the browser, and the browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command;

/// The variable that may name the browser.
const VARIABLE: &str = "STORAGE_CHROMIUM_BIN";
/// How distributions call it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/// What drives it: the package of npm that brings no browser along.
const PACKAGE: &str = "playwright-core";
const VERSION: &str = "1.65.1";

/// Paths of all that is needed beside node and curl, which are on `PATH`.
#[derive(Debug)]
pub(super) struct Tools {
    pub(super) chromium: PathBuf,
    /// A folder of node's packages.
    pub(super) playwright: PathBuf,
}

impl Tools {
    /// Finds the programs, and fetches the package if it is not there.
    ///
    /// # Errors
    /// When one is missing; the message says what to do.
    pub(super) fn obtain(target: &Path) -> Result<Self> {
        for program in ["node", "npm", "curl"] {
            version(Path::new(program)).with_context(|| format!("{program} is needed, on PATH"))?;
        }
        let chromium = chromium()?;
        Ok(Self { chromium, playwright: playwright(target)? })
    }
}

fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(VARIABLE) {
        let path = PathBuf::from(path);
        version(&path).with_context(|| format!("the program of {VARIABLE} does not run"))?;
        return Ok(path);
    }
    match NAMES.map(PathBuf::from).into_iter().find(|name| version(name).is_ok()) {
        Some(name) => on_path(&name),
        None => bail!(
            "no Chromium: install the package `chromium` of your system, or name the program in {VARIABLE} (looked for {} on PATH)",
            NAMES.join(", ")
        ),
    }
}

fn on_path(name: &Path) -> Result<PathBuf> {
    let folders = std::env::var_os("PATH").context("there is no PATH")?;
    let mut candidates = std::env::split_paths(&folders).map(|folder| folder.join(name));
    candidates.find(|path| path.is_file()).with_context(|| format!("{} is not on PATH", name.display()))
}

/// Has the program say its version.
fn version(program: &Path) -> Result<()> {
    let answer = command::capture(Command::new(program).arg("--version"))?;
    println!("{}: {}", program.display(), answer.lines().next().unwrap_or_default().trim());
    Ok(())
}

/// Installs into a folder beside its own, which is renamed at the end: an interrupted fetch leaves nothing that looks complete.
fn playwright(target: &Path) -> Result<PathBuf> {
    let tools = target.join("tools");
    let folder = tools.join(format!("{PACKAGE}-{VERSION}"));
    let packages = folder.join("node_modules");
    if packages.join(PACKAGE).join("package.json").is_file() {
        return Ok(packages);
    }
    std::fs::create_dir_all(&tools)?;
    let staging = tempfile::Builder::new().prefix("fetch-").tempdir_in(&tools)?;
    println!("fetching {PACKAGE} {VERSION}, once");
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]);
    npm.arg(staging.path()).arg(format!("{PACKAGE}@{VERSION}"));
    command::capture(&mut npm).with_context(|| format!("cannot fetch {PACKAGE} {VERSION}"))?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::rename(staging.keep(), &folder)?;
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_is_there_is_not_fetched() {
        let target = tempfile::tempdir().unwrap();
        let packages = target.path().join(format!("tools/{PACKAGE}-{VERSION}/node_modules"));
        std::fs::create_dir_all(packages.join(PACKAGE)).unwrap();
        std::fs::write(packages.join(PACKAGE).join("package.json"), "{}").unwrap();
        assert_eq!(playwright(target.path()).unwrap(), packages);
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        assert!(version(Path::new("no-such-browser")).is_err());
        assert!(on_path(Path::new("no-such-browser")).is_err());
        assert!(on_path(Path::new("sh")).unwrap().is_absolute());
    }
}
