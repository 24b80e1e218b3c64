//! Licences, sources, banned and duplicate crates, as `deny.toml` says, by cargo-deny.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use super::lints::expect;
use crate::command;
use crate::workspace::Workspace;

/// The version that is installed when none is there; any other of the same minor version will do.
const VERSION: &str = "0.20.2";

/// Runs cargo-deny, which is installed into the target folder when there is none on `PATH`.
pub(super) fn check(workspace: &Workspace, advisories: bool) -> Result<Vec<String>> {
    let mut deny = Command::new(obtain(workspace)?);
    deny.args(["--all-features", "check", "--show-stats", "licenses", "bans", "sources"]);
    if advisories {
        deny.arg("advisories");
    }
    let mut wrong = Vec::new();
    expect(&mut deny, "cargo-deny refuses a dependency; deny.toml has the rules", &mut wrong)?;
    Ok(wrong)
}

fn obtain(workspace: &Workspace) -> Result<PathBuf> {
    let tools = workspace.target.join("tools");
    let cached = tools.join("bin").join("cargo-deny");
    let candidates = [cached.clone(), PathBuf::from("cargo-deny")];
    let version =
        |program: &PathBuf| command::capture(Command::new(program).arg("--version")).unwrap_or_default();
    if let Some(program) = candidates.into_iter().find(|program| will_do(&version(program))) {
        return Ok(program);
    }
    println!("cargo-deny {VERSION} is not there: installing it, which takes some minutes");
    let mut install = command::cargo();
    install.args(["install", "cargo-deny", "--locked", "--force", "--version", VERSION]);
    install.arg("--root").arg(&tools).arg("--target-dir").arg(tools.join("build"));
    // Half the build time; it runs for a second.
    install.envs([("CARGO_PROFILE_RELEASE_LTO", "off"), ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")]);
    install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    ensure!(command::run(&mut install)?, "cannot install cargo-deny");
    std::fs::remove_dir_all(tools.join("build"))?;
    Ok(cached)
}

/// Whether that is the answer of a version that understands our deny.toml: same major and minor number.
fn will_do(answer: &str) -> bool {
    let minor = |version: &str| version.rsplit_once('.').map(|(minor, _)| minor.to_owned());
    let found = answer.trim().strip_prefix("cargo-deny ").and_then(minor);
    found.is_some() && found == minor(VERSION)
}

#[cfg(test)]
mod tests {
    use super::will_do;

    #[test]
    fn another_minor_version_is_not_used() {
        assert!(will_do("cargo-deny 0.20.2\n"));
        assert!(will_do("cargo-deny 0.20.9\n"));
        assert!(!will_do("cargo-deny 0.19.2\n"));
        assert!(!will_do(""));
    }
}
