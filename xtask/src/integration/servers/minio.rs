//! MinIO, one node. Its community edition is archived; the Go module registry serves its last source.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::program::{Program, Source};
use super::sandbox::{Probe, Sandbox, free_ports};
use super::{Credentials, Server, Started};

pub(super) struct Minio;

impl Server for Minio {
    fn name(&self) -> &'static str {
        "minio"
    }

    fn program(&self) -> Program {
        Program {
            variable: "STORAGE_MINIO_BIN",
            name: "minio",
            // Go refuses the tags `RELEASE.…`, which are no versions to it; this is the last commit.
            version: "v0.0.0-20260212201848-7aac2a2c5b7c",
            version_flag: "--version",
            source: Source::Go("github.com/minio/minio"),
        }
    }

    fn start(&self, program: &Path, sandbox: &Sandbox, credentials: &Credentials) -> Result<Started> {
        let [port, console] = free_ports()?;
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new(program);
        command.args(["server", "--address", &address, "--console-address", &format!("127.0.0.1:{console}")]);
        command.arg(sandbox.path("data"));
        command.env("MINIO_ROOT_USER", &credentials.access_key);
        command.env("MINIO_ROOT_PASSWORD", &credentials.secret_key);
        command.env("MINIO_BROWSER", "off").env("MINIO_UPDATE", "off");
        let ready = [Probe { port, path: "/minio/health/ready" }];
        let process = sandbox.launch(&mut command, &[], &ready)?;
        Ok(Started { endpoint: format!("http://{address}"), processes: vec![process] })
    }
}
