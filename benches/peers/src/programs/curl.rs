use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{Server, variable};
use crate::harness::program_version;

/// The plainest client there is: one request, one connection, no retry, no parts.
#[derive(Debug)]
pub(crate) struct Curl<'a> {
    program: PathBuf,
    server: &'a Server,
}

impl<'a> Curl<'a> {
    /// # Errors
    /// When the environment does not tell where it lies.
    pub(crate) fn new(server: &'a Server) -> Result<Self> {
        Ok(Self { program: variable("PEERS_CURL")?.into(), server })
    }

    pub(crate) fn version(&self) -> Result<String> {
        program_version(&self.program, "--version")
    }

    pub(crate) fn put(&self, file: &Path, key: &str) -> Command {
        let mut command = self.request(key);
        command.arg("--upload-file").arg(file);
        command
    }

    pub(crate) fn get(&self, key: &str, file: &Path) -> Command {
        let mut command = self.request(key);
        command.arg("--output").arg(file);
        command
    }

    fn request(&self, key: &str) -> Command {
        let Server { access_key, secret_key, region, .. } = self.server;
        let mut command = Command::new(&self.program);
        command
            .args(["--silent", "--show-error", "--fail"])
            .args([
                "--aws-sigv4",
                &format!("aws:amz:{region}:s3"),
                "--user",
                &format!("{access_key}:{secret_key}"),
            ])
            .args(["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"])
            .arg(self.server.url(key));
        command
    }
}
