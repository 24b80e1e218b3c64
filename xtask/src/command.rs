//! Running other programs.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// What `cargo run` tells the program that it runs about that program's own package. Handed on to another
/// cargo, it would make build scripts that watch these variables run again.
const OWN_PACKAGE: &[&str] =
    &["CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_PRIMARY_"];

/// The cargo that runs us, or the one on `PATH`.
pub(crate) fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let own = OWN_PACKAGE.iter().any(|prefix| name.as_encoded_bytes().starts_with(prefix.as_bytes()));
        if own {
            command.env_remove(name);
        }
    }
    command
}

/// Runs `command` with its output on our own terminal; true if it succeeded.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn run(command: &mut Command) -> Result<bool> {
    let line = display(command);
    println!("$ {line}");
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot run `{line}`"))?;
    Ok(status.success())
}

/// Runs `command` and returns what it wrote to its standard output.
///
/// # Errors
/// When it cannot be started, when it fails (its standard error is part of the message), and when its output
/// is no UTF-8.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let line = display(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run `{line}`"))?;
    if !output.status.success() {
        let message =
            format!("`{line}` failed: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
        bail!("{}", message.trim_end());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` wrote something that is no UTF-8"))
}

/// The command line without the folder of the program.
fn display(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_command_is_told_from_one_that_cannot_run() {
        assert!(run(&mut Command::new("true")).unwrap());
        assert!(!run(&mut Command::new("false")).unwrap());
        assert!(run(&mut Command::new("no-such-program")).is_err());
    }

    #[test]
    fn the_message_of_a_failed_capture_holds_its_standard_error() {
        let error = capture(Command::new("sh").args(["-c", "echo out; echo why >&2; exit 3"])).unwrap_err();
        assert!(format!("{error:#}").contains("why"), "{error:#}");
        assert_eq!(capture(Command::new("echo").arg("out")).unwrap(), "out\n");
    }

    #[test]
    fn variables_about_our_own_package_are_not_handed_on() {
        let command = cargo();
        let removed: Vec<_> = command.get_envs().filter(|(_, value)| value.is_none()).collect();
        assert!(removed.iter().any(|(name, _)| *name == "CARGO_PKG_NAME"), "{removed:?}");
        assert!(removed.iter().all(|(name, _)| *name != "CARGO_TARGET_DIR"), "{removed:?}");
    }
}
