use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The name of the bucket that is used if nothing else is said.
pub(crate) const MEDIA: &str = "auto-generated-bucket-media-files";

/// A working directory of its own, with an environment that holds nothing of ours.
pub(crate) struct Sandbox {
    dir: TempDir,
}

#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.path(path)).unwrap()
    }

    /// The command, with the folder `store` for its store, and that said so that there is no notice.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_storage"));
        command.current_dir(self.dir.path()).env_clear().args(args);
        command
            .env("STORAGE_BACKEND", "local")
            .env("STORAGE_ROOT", "store")
            .env("STORAGE_DURABILITY", "none");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        finish(&mut self.command(args))
    }

    pub(crate) fn run_with(&self, variables: &[(&str, &str)], args: &[&str]) -> Outcome {
        finish(self.command(args).envs(variables.iter().copied()))
    }

    /// Gives `input` to the standard input.
    pub(crate) fn pipe(&self, input: &[u8], args: &[&str]) -> Outcome {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().map(Outcome::from).unwrap()
    }

    /// Stores `content` under `key`, whatever is there.
    pub(crate) fn put(&self, key: &str, content: impl AsRef<[u8]>) {
        self.pipe(content.as_ref(), &["put", "-", "--name", key, "--collision", "replace"]).ok();
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        self.run(&["ls", "--recursive"]).ok().lines()
    }
}

fn finish(command: &mut Command) -> Outcome {
    command.output().map(Outcome::from).unwrap()
}

impl From<std::process::Output> for Outcome {
    fn from(output: std::process::Output) -> Self {
        let stderr = String::from_utf8(output.stderr).unwrap();
        Self { status: output.status.code(), stdout: output.stdout, stderr }
    }
}

impl Outcome {
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.status, Some(0), "{self:?}");
        assert_eq!(self.stderr, "", "{self:?}");
        self
    }

    pub(crate) fn failed(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{self:?}");
        self
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.text().lines().map(str::to_owned).collect()
    }

    /// Each line of the standard output as JSON.
    pub(crate) fn json(&self) -> Vec<Value> {
        json_lines(self.text())
    }

    /// Each line of the standard error as JSON, without its wrapping.
    pub(crate) fn errors(&self) -> Vec<Value> {
        json_lines(&self.stderr).into_iter().map(|error| error["error"].clone()).collect()
    }
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .collect()
}

/// Every file below a folder, relative to it, in order.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() && !path.is_symlink() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(folder).unwrap().display().to_string()),
            }
        }
    }
    found.sort();
    found
}
