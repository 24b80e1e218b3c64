//! VersityGW over a folder. It keeps metadata in extended attributes, which the temporary folder has to support.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::program::{Program, Source};
use super::sandbox::{Probe, Sandbox, free_ports};
use super::{Credentials, REGION, Server, Started};

pub(crate) struct VersityGw;

impl Server for VersityGw {
    fn name(&self) -> &'static str {
        "versitygw"
    }

    fn program(&self) -> Program {
        Program {
            variable: "STORAGE_VERSITYGW_BIN",
            name: "versitygw",
            version: "v1.8.0",
            version_flag: "--version",
            says: "",
            source: Source::Go("github.com/versity/versitygw/cmd/versitygw"),
        }
    }

    fn start(&self, program: &Path, sandbox: &Sandbox, credentials: &Credentials) -> Result<Started> {
        let data = sandbox.path("data");
        std::fs::create_dir(&data).context("cannot make the data folder")?;
        let [port] = free_ports()?;
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new(program);
        command.args(["--port", &address, "--region", REGION, "--health", "/health", "--quiet"]);
        command.arg("posix").arg(data);
        command.env("ROOT_ACCESS_KEY", &credentials.access_key);
        command.env("ROOT_SECRET_KEY", &credentials.secret_key);
        let process = sandbox.launch(&mut command, &[], &[Probe { port, path: "/health" }])?;
        Ok(Started { endpoint: format!("http://{address}"), processes: vec![process] })
    }
}
