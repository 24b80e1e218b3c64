use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::{BUCKET, Server, variable};
use crate::harness::program_version;

/// <https://github.com/peak/s5cmd>
#[derive(Debug)]
pub(crate) struct S5cmd<'a> {
    program: PathBuf,
    server: &'a Server,
}

impl<'a> S5cmd<'a> {
    /// # Errors
    /// When the environment does not tell where it lies.
    pub(crate) fn new(server: &'a Server) -> Result<Self> {
        Ok(Self { program: variable("PEERS_S5CMD")?.into(), server })
    }

    pub(crate) fn version(&self) -> Result<String> {
        program_version(&self.program, "version")
    }

    /// The command with the keys of the server; its arguments come after. It hashes what it uploads, and cannot be kept from it.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("AWS_ACCESS_KEY_ID", &self.server.access_key)
            .env("AWS_SECRET_ACCESS_KEY", &self.server.secret_key)
            .env("AWS_REGION", &self.server.region)
            .args(["--endpoint-url", &self.server.endpoint]);
        command
    }

    pub(crate) fn address(key: &str) -> String {
        Self::address_in(BUCKET, key)
    }

    pub(crate) fn address_in(bucket: &str, key: &str) -> String {
        format!("s3://{bucket}/{key}")
    }
}
