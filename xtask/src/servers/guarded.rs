//! Processes that do not outlive us.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use anyhow::{Context, Result};

/// Waits until its standard input is closed, which happens however the writer ends, `kill -9` included; then
/// kills the process group `$1` and removes the files after it, unless a line came that keeps them.
const WATCHDOG: &str =
    "read -r keep; kill -s KILL -- \"-$1\" 2>/dev/null; shift; [ -n \"$keep\" ] || rm -rf -- \"$@\"";

/// A process in a group of its own, which is killed with everything that it started when this value is
/// dropped, and when we are interrupted, panic or are killed ourselves.
#[derive(Debug)]
pub(crate) struct Guarded {
    process: Child,
    watchdog: Child,
    /// Closing it wakes the watchdog.
    leash: Option<ChildStdin>,
}

impl Guarded {
    /// Starts `command`. The `leftovers` are files and folders to be removed after it was killed.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn spawn(command: &mut Command, leftovers: &[PathBuf]) -> Result<Self> {
        let program = command.get_program().to_os_string();
        let start = || format!("cannot start {}", program.display());
        let process = command.process_group(0).spawn().with_context(start)?;
        let group = process.id().to_string();
        let mut shell = Command::new("sh");
        shell.args(["-c", WATCHDOG, "watchdog", &group]).args(leftovers.iter().map(OsStr::new));
        shell.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut watchdog = shell.spawn().context("cannot start sh")?;
        let leash = watchdog.stdin.take();
        Ok(Self { process, watchdog, leash })
    }

    /// What the process prints, if its output is piped.
    pub(crate) fn take_stdout(&mut self) -> Option<ChildStdout> {
        self.process.stdout.take()
    }

    /// How the process ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().ok().flatten()
    }

    /// Kills it with everything that it started, at once, and leaves its files.
    ///
    /// # Errors
    /// When the system does not do it.
    pub(crate) fn kill(mut self) -> Result<()> {
        if let Some(leash) = &mut self.leash {
            leash.write_all(b"keep\n").context("cannot reach the watchdog of a process")?;
        }
        Ok(())
    }

    /// Waits for the process to end by itself.
    ///
    /// # Errors
    /// When the system does not tell.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        self.process.wait().context("cannot wait for a process")
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.leash.take());
        // Both end at once; a failure to wait would leave nothing to be done.
        let _ = self.watchdog.wait();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::path::Path;

    use super::*;

    fn is_running(pid: &str) -> bool {
        let state = std::fs::read_to_string(Path::new("/proc").join(pid).join("stat")).unwrap_or_default();
        // A process that was killed may wait for its parent to notice.
        state.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
    }

    #[test]
    fn a_dropped_process_is_killed_with_its_children_and_files() {
        let folder = tempfile::tempdir().unwrap();
        let leftover = folder.path().join("socket");
        std::fs::write(&leftover, "").unwrap();

        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 600 & echo $!; wait"]).stdout(Stdio::piped());
        let mut guarded = Guarded::spawn(&mut shell, std::slice::from_ref(&leftover)).unwrap();
        let mut pid = String::new();
        BufReader::new(guarded.take_stdout().unwrap()).read_line(&mut pid).unwrap();
        assert!(is_running(pid.trim()));
        assert!(guarded.ended().is_none());

        drop(guarded);
        let gone = (0..50).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            !is_running(pid.trim())
        });
        assert!(gone, "the child {} lives on", pid.trim());
        assert!(!leftover.exists());
    }

    #[test]
    fn a_killed_process_leaves_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::write(&data, "").unwrap();
        let mut shell = Command::new("sh");
        shell.args(["-c", "echo $$; exec sleep 600"]).stdout(Stdio::piped());
        let mut guarded = Guarded::spawn(&mut shell, std::slice::from_ref(&data)).unwrap();
        let mut pid = String::new();
        BufReader::new(guarded.take_stdout().unwrap()).read_line(&mut pid).unwrap();
        guarded.kill().unwrap();
        assert!(!is_running(pid.trim()));
        assert!(data.exists());
    }

    #[test]
    fn a_process_that_ends_by_itself_tells_how() {
        let mut guarded = Guarded::spawn(Command::new("sh").args(["-c", "exit 3"]), &[]).unwrap();
        assert_eq!(guarded.wait().unwrap().code(), Some(3));
        assert_eq!(guarded.ended().and_then(|status| status.code()), Some(3));
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        assert!(Guarded::spawn(&mut Command::new("no-such-program"), &[]).is_err());
    }
}
