use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

/// The lock file says which versions were measured.
const LOCK: &str = include_str!("../../Cargo.lock");

/// The version of a crate that this program is built with: `?` for one that is not.
pub(crate) fn crate_version(name: &str) -> String {
    version_in(LOCK, name)
}

/// The version of a crate that a lock file says: `?` for one that it does not hold.
pub(crate) fn version_in(lock: &str, name: &str) -> String {
    let line = format!("name = \"{name}\"");
    let mut lines = lock.lines().skip_while(|found| *found != line).skip(1);
    let version = lines.next().and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.unwrap_or("?").to_owned()
}

/// The first word with a digit of what a program says when asked for its version.
///
/// # Errors
/// When it cannot be run.
pub(crate) fn program_version(program: &Path, flag: &str) -> Result<String> {
    let output = Command::new(program).arg(flag).output();
    let output = output.with_context(|| format!("cannot run {}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split_whitespace().find(|word| word.contains(|c: char| c.is_ascii_digit()));
    Ok(version.unwrap_or("?").trim_start_matches('v').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_crates_are_those_of_the_lock_file() {
        assert!(crate_version("clap").starts_with("4."));
        assert_eq!(crate_version("no-such-crate"), "?");
    }

    #[test]
    fn programs_are_asked() {
        let version = program_version(Path::new("cargo"), "--version").unwrap();
        assert!(version.starts_with("1."), "{version}");
    }
}
