use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::{BUCKET, Server, variable};
use crate::harness::program_version;

/// Ours.
#[derive(Debug)]
pub(crate) struct Storage<'a> {
    program: PathBuf,
    server: &'a Server,
}

/// Whether the content is hashed into the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    Signed,
    Unsigned,
}

impl<'a> Storage<'a> {
    /// # Errors
    /// When the environment does not tell where it lies.
    pub(crate) fn new(server: &'a Server) -> Result<Self> {
        Ok(Self { program: variable("PEERS_STORAGE")?.into(), server })
    }

    pub(crate) fn version(&self) -> Result<String> {
        program_version(&self.program, "--version")
    }

    /// The command with the settings of the server, on the bucket that all use; its arguments come after.
    ///
    /// # Errors
    /// When the server has no plain address.
    pub(crate) fn command(&self, payload: Payload) -> Result<Command> {
        let mut command = self.settings(payload)?;
        command.env("MINIO_PRIVATE_BUCKETS", BUCKET).args(["--bucket", BUCKET]);
        Ok(command)
    }

    /// The same with these public buckets.
    ///
    /// # Errors
    /// Those of [`command`](Self::command).
    pub(crate) fn on_public(&self, buckets: &[String]) -> Result<Command> {
        let mut command = self.settings(Payload::Unsigned)?;
        command.env("MINIO_PUBLIC_BUCKETS", buckets.join(","));
        let first = buckets.first().context("no bucket")?;
        command.env("MINIO_STATIC_FILES_BUCKET", first).env("MINIO_MEDIA_FILES_BUCKET", first);
        Ok(command)
    }

    fn settings(&self, payload: Payload) -> Result<Command> {
        let host =
            self.server.endpoint.strip_prefix("http://").context("the server is not reached by http")?;
        let mut command = Command::new(&self.program);
        command
            .env("STORAGE_BACKEND", "minio")
            .env("MINIO_ENDPOINT", host)
            .env("MINIO_USE_HTTPS", "false")
            .env("MINIO_REGION", &self.server.region)
            .env("MINIO_ACCESS_KEY", &self.server.access_key)
            .env("MINIO_SECRET_KEY", &self.server.secret_key)
            .env("MINIO_BUCKET_CHECK_ON_SAVE", "true")
            .env(
                "MINIO_PAYLOAD_SIGNING",
                match payload {
                    Payload::Signed => "always",
                    Payload::Unsigned => "never",
                },
            );
        Ok(command)
    }
}
