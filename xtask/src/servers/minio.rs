//! MinIO, one node. Its community edition is archived; the Go module registry serves its last source.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::guarded::Guarded;
use super::program::{Program, Source};
use super::sandbox::{Probe, Sandbox, free_ports};
use super::{Credentials, Server, Started};

pub(super) struct Minio;

/// One process of MinIO. It can be started again, on the same ports and data.
#[derive(Debug)]
pub(crate) struct Node {
    program: PathBuf,
    port: u16,
    console: u16,
    /// What it keeps objects in: a folder, or the URLs of all drives of its cluster.
    drives: Vec<String>,
    environment: Vec<(&'static str, String)>,
}

impl Server for Minio {
    fn name(&self) -> &'static str {
        "minio"
    }

    fn program(&self) -> Program {
        program()
    }

    fn start(&self, program: &Path, sandbox: &Sandbox, credentials: &Credentials) -> Result<Started> {
        let node = Node::single(program, sandbox, credentials)?;
        let mut processes = vec![node.spawn(sandbox)?];
        sandbox.wait_for(&mut processes, &[node.ready()])?;
        Ok(Started { endpoint: node.endpoint(), processes })
    }
}

pub(crate) fn program() -> Program {
    Program {
        variable: "STORAGE_MINIO_BIN",
        name: "minio",
        // Go refuses the tags `RELEASE.…`, which are no versions to it; this is the last commit.
        version: "v0.0.0-20260212201848-7aac2a2c5b7c",
        version_flag: "--version",
        says: "minio version",
        source: Source::Go("github.com/minio/minio"),
    }
}

impl Node {
    /// A server on its own, with its data in the sandbox.
    ///
    /// # Errors
    /// When the system has no free ports.
    pub(crate) fn single(program: &Path, sandbox: &Sandbox, credentials: &Credentials) -> Result<Self> {
        let [port, console] = free_ports()?;
        let drives = vec![sandbox.path("data").display().to_string()];
        Ok(Self::new(program, [port, console], drives, credentials))
    }

    pub(super) fn new(
        program: &Path,
        [port, console]: [u16; 2],
        drives: Vec<String>,
        credentials: &Credentials,
    ) -> Self {
        let environment = vec![
            ("MINIO_ROOT_USER", credentials.access_key.clone()),
            ("MINIO_ROOT_PASSWORD", credentials.secret_key.clone()),
            ("MINIO_BROWSER", "off".to_owned()),
            ("MINIO_UPDATE", "off".to_owned()),
        ];
        Self { program: program.to_owned(), port, console, drives, environment }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// Starts it, and does not wait for it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn spawn(&self, sandbox: &Sandbox) -> Result<Guarded> {
        let mut command = Command::new(&self.program);
        command.args(["server", "--address", &self.address()]);
        command.args(["--console-address", &format!("127.0.0.1:{}", self.console)]);
        command.args(&self.drives).envs(self.environment.iter().map(|(name, value)| (name, value)));
        sandbox.spawn(&mut command, &[])
    }

    /// What it answers once it takes requests.
    pub(crate) fn ready(&self) -> Probe {
        Probe { port: self.port, path: "/minio/health/ready" }
    }

    /// What it answers once it sees enough nodes for writing.
    pub(crate) fn ready_to_write(&self) -> Probe {
        Probe { port: self.port, path: "/minio/health/cluster" }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address())
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}
