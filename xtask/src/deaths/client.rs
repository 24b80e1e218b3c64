//! The real command `storage`, run on one store, watched and killed.

use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tempfile::TempDir;

/// After which time a run that was not killed counts as hung. Its own time-outs are far shorter.
const HUNG: Duration = Duration::from_secs(180);

/// The command with the settings of one store.
#[derive(Debug)]
pub(super) struct Store {
    program: PathBuf,
    /// Its working directory.
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

/// A run that goes on. It is killed when this is dropped.
#[derive(Debug)]
pub(super) struct Client {
    process: Child,
    begun: Instant,
    output: TempDir,
}

/// A run that is over.
#[derive(Debug)]
pub(super) struct Ended {
    status: ExitStatus,
    pub(super) elapsed: Duration,
    /// What it printed: one object a line.
    pub(super) lines: Vec<Value>,
    pub(super) failures: Vec<Failure>,
    /// What it said besides, which should be nothing.
    pub(super) noise: Vec<String>,
}

/// An error that the command reported.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: String,
    pub(super) message: String,
}

impl Store {
    /// # Errors
    /// When there is no room for its working directory.
    pub(super) fn new(program: &Path, variables: Vec<(&'static str, String)>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("storage-deaths-").tempdir();
        let folder = folder.context("cannot make a temporary folder")?;
        Ok(Self { program: program.to_owned(), folder, variables })
    }

    /// The same with one more setting.
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// A path in its working directory.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts a run, which speaks JSON.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn start(&self, args: &[String]) -> Result<Client> {
        let output =
            tempfile::tempdir_in(self.folder.path()).context("cannot make a folder for its output")?;
        let file = |name| File::create(output.path().join(name)).context("cannot make a file for its output");
        let mut command = Command::new(&self.program);
        command.current_dir(self.folder.path()).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.arg("--json").args(args).stdin(Stdio::null()).stdout(file("stdout")?).stderr(file("stderr")?);
        let process = command.spawn().context("cannot start the command `storage`")?;
        Ok(Client { process, begun: Instant::now(), output })
    }

    /// Runs the command to its end.
    ///
    /// # Errors
    /// When it hangs.
    pub(super) fn run(&self, args: &[String]) -> Result<Ended> {
        self.start(args)?.finish()
    }

    /// Runs the command, which must succeed.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn done(&self, args: &[String]) -> Result<Ended> {
        let ended = self.run(args)?;
        if ended.code() != Some(0) {
            bail!("`storage {}` failed: {}", args.first().map_or("", String::as_str), ended.complaint());
        }
        Ok(ended)
    }
}

impl Client {
    /// Sleeps until so much time has passed since its start.
    pub(super) fn wait_until(&self, age: Duration) {
        thread::sleep(age.saturating_sub(self.begun.elapsed()));
    }

    /// Whether it has done something, and goes on.
    pub(super) fn is_in_the_middle(&mut self) -> bool {
        let said = std::fs::metadata(self.output.path().join("stdout"));
        said.is_ok_and(|file| file.len() > 0) && matches!(self.process.try_wait(), Ok(None))
    }

    /// Kills it by SIGKILL, if it still runs.
    ///
    /// # Errors
    /// When its output cannot be read.
    pub(super) fn kill(mut self) -> Result<Ended> {
        self.process.kill().context("cannot kill the command")?;
        let status = self.process.wait().context("cannot wait for the command")?;
        self.ended(status)
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When it hangs.
    pub(super) fn finish(mut self) -> Result<Ended> {
        loop {
            if let Some(status) = self.process.try_wait().context("cannot wait for the command")? {
                return self.ended(status);
            }
            if self.begun.elapsed() > HUNG {
                bail!("the command hangs since {} s", HUNG.as_secs());
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn ended(&self, status: ExitStatus) -> Result<Ended> {
        let read =
            |name| std::fs::read_to_string(self.output.path().join(name)).context("its output is lost");
        let (stdout, stderr) = (read("stdout")?, read("stderr")?);
        let (failures, noise) = failures(&stderr);
        Ok(Ended { status, elapsed: self.begun.elapsed(), lines: lines(&stdout)?, failures, noise })
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may have ended and been waited for.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Ended {
    /// Its exit status, if it was not killed.
    pub(super) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Whether SIGKILL ended it.
    pub(super) fn was_killed(&self) -> bool {
        const SIGKILL: i32 = 9;
        self.status.signal() == Some(SIGKILL)
    }

    /// Why it failed, in short.
    pub(super) fn complaint(&self) -> String {
        let failures = self.failures.iter().map(|failure| format!("{}: {}", failure.kind, failure.message));
        let said: Vec<_> = failures.chain(self.noise.iter().cloned()).collect();
        format!("{}; {}", self.status, said.join("; "))
    }
}

/// The whole lines. What has no end was being written when the process died.
fn lines(text: &str) -> Result<Vec<Value>> {
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(|line| serde_json::from_str(line).with_context(|| format!("no JSON: {line}"))).collect()
}

/// The reported errors, and whatever else was said.
fn failures(text: &str) -> (Vec<Failure>, Vec<String>) {
    let (mut failures, mut noise) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).unwrap_or_default();
        match (value["error"]["kind"].as_str(), value["error"]["message"].as_str()) {
            (Some(kind), Some(message)) => {
                failures.push(Failure { kind: kind.to_owned(), message: message.to_owned() });
            }
            _ => noise.push(line.to_owned()),
        }
    }
    (failures, noise)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_line_without_an_end_was_not_said() {
        assert_eq!(lines("{\"key\":\"a\"}\n{\"key\":\"b\"}").unwrap().len(), 1);
        assert_eq!(lines("{\"key\"").unwrap().len(), 0);
        assert!(lines("panic\n").is_err());
    }

    #[test]
    fn what_is_no_error_is_noise() {
        let text =
            "{\"error\":{\"kind\":\"timeout\",\"message\":\"m\"}}\nthread 'main' panicked\n{\"a\":1}\n";
        let (failures, noise) = failures(text);
        assert_eq!(failures[0].kind, "timeout");
        assert_eq!(noise, ["thread 'main' panicked", "{\"a\":1}"]);
    }

    fn script(text: &str) -> (TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        std::fs::write(&program, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let store = Store::new(&program, Vec::new()).unwrap();
        (folder, store)
    }

    #[test]
    fn a_killed_run_is_told_from_one_that_ended() {
        let (_folder, store) = script("echo '{\"key\":\"a\"}'; exec sleep 600");
        let mut client = store.start(&[]).unwrap();
        while !client.is_in_the_middle() {
            assert!(client.begun.elapsed() < HUNG);
            client.wait_until(client.begun.elapsed() + Duration::from_millis(10));
        }
        let ended = client.kill().unwrap();
        assert!(ended.was_killed());
        assert_eq!((ended.code(), ended.lines.len()), (None, 1));

        let (_folder, store) = script("exit 5");
        let ended = store.run(&[]).unwrap();
        assert!(!ended.was_killed());
        assert_eq!(ended.code(), Some(5));
        assert!(store.done(&[]).is_err());
    }
}
