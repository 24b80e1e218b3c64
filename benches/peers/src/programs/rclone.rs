use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::{BUCKET, Server, variable};
use crate::harness::program_version;

/// <https://rclone.org>
#[derive(Debug)]
pub(crate) struct Rclone<'a> {
    program: PathBuf,
    server: &'a Server,
}

impl<'a> Rclone<'a> {
    /// # Errors
    /// When the environment does not tell where it lies.
    pub(crate) fn new(server: &'a Server) -> Result<Self> {
        Ok(Self { program: variable("PEERS_RCLONE")?.into(), server })
    }

    pub(crate) fn version(&self) -> Result<String> {
        program_version(&self.program, "version")
    }

    /// The command with the settings of the server; its arguments come after. It hashes nothing and asks for nothing that is not
    /// needed.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("RCLONE_CONFIG", "/dev/null")
            .env("RCLONE_S3_PROVIDER", "Minio")
            .env("RCLONE_S3_ENDPOINT", &self.server.endpoint)
            .env("RCLONE_S3_ACCESS_KEY_ID", &self.server.access_key)
            .env("RCLONE_S3_SECRET_ACCESS_KEY", &self.server.secret_key)
            .env("RCLONE_S3_REGION", &self.server.region)
            .env("RCLONE_S3_USE_UNSIGNED_PAYLOAD", "true")
            .env("RCLONE_S3_DISABLE_CHECKSUM", "true")
            .env("RCLONE_S3_NO_CHECK_BUCKET", "true");
        command
    }

    pub(crate) fn address(key: &str) -> String {
        Self::address_in(BUCKET, key)
    }

    pub(crate) fn address_in(bucket: &str, key: &str) -> String {
        format!(":s3:{bucket}/{key}")
    }
}
