//! What rustfmt, clippy and rustdoc find.

use std::io::IsTerminal;
use std::process::Command;

use anyhow::Result;

use crate::command;
use crate::workspace::Workspace;

/// Workspaces of their own beside ours, which no `--workspace` reaches.
const OTHERS: [&str; 3] = ["fuzz/Cargo.toml", "benches/peers/Cargo.toml", "oracle/Cargo.toml"];

/// `cargo fmt`, looking only.
pub(super) fn format() -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    // rustfmt looks at TERM alone.
    let color = if std::io::stdout().is_terminal() { "auto" } else { "never" };
    let args = ["fmt", "--all", "--check", "--", "--color", color];
    expect(command::cargo().args(args), "not formatted: `cargo fmt --all` does it", &mut wrong)?;
    for manifest in OTHERS {
        let what = format!("not formatted: `cargo fmt --manifest-path {manifest}` does it");
        let args = ["fmt", "--manifest-path", manifest, "--check", "--", "--color", color];
        expect(command::cargo().args(args), &what, &mut wrong)?;
    }
    Ok(wrong)
}

/// `cargo clippy` over everything with all features, and over each crate that has features with none of them.
pub(super) fn clippy(workspace: &Workspace) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let all = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "--deny=warnings"];
    expect(command::cargo().args(all), "clippy, with all features", &mut wrong)?;
    for package in workspace.members().filter(|package| !package.features.is_empty()) {
        let name = &package.name;
        let bare = ["clippy", "--package", name, "--no-default-features", "--", "--deny=warnings"];
        expect(command::cargo().args(bare), &format!("clippy of {name}, with no features"), &mut wrong)?;
    }
    let mut fuzz = command::cargo();
    fuzz.args(["clippy", "--manifest-path", "fuzz/Cargo.toml", "--no-default-features", "--all-targets"]);
    // As `cargo xtask fuzz` compiles it: without libFuzzer, which needs a C++ compiler.
    fuzz.env("RUSTFLAGS", "--cfg fuzzing").env("CARGO_TARGET_DIR", workspace.target.join("fuzz"));
    expect(fuzz.args(["--", "--deny=warnings"]), "clippy of fuzz", &mut wrong)?;
    Ok(wrong)
}

/// `cargo doc`, for broken links and missing documentation.
pub(super) fn docs() -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut doc = command::cargo();
    doc.args(["doc", "--no-deps", "--workspace", "--all-features"]).env("RUSTDOCFLAGS", "--deny=warnings");
    expect(&mut doc, "rustdoc has warnings", &mut wrong)?;
    Ok(wrong)
}

/// Runs `command`; when it fails, `what` is wrong.
pub(super) fn expect(command: &mut Command, what: &str, wrong: &mut Vec<String>) -> Result<()> {
    if !command::run(command)? {
        wrong.push(what.to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_fails_is_something_wrong() {
        let mut wrong = Vec::new();
        expect(&mut Command::new("true"), "true", &mut wrong).unwrap();
        expect(&mut Command::new("false"), "false", &mut wrong).unwrap();
        assert_eq!(wrong, ["false"]);
    }
}
