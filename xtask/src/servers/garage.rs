//! Garage, one node that lays itself out and has one key.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::program::{Program, Source};
use super::sandbox::{Probe, Sandbox, free_ports};
use super::{Credentials, REGION, Server, Started};

pub(crate) struct Garage;

impl Server for Garage {
    fn name(&self) -> &'static str {
        "garage"
    }

    fn program(&self) -> Program {
        Program {
            variable: "STORAGE_GARAGE_BIN",
            name: "garage",
            version: "2.5.0",
            version_flag: "--version",
            says: "",
            source: Source::Cargo("garage", "bundled-libs,lmdb"),
        }
    }

    fn start(&self, program: &Path, sandbox: &Sandbox, credentials: &Credentials) -> Result<Started> {
        let [s3, rpc, admin] = free_ports()?;
        let config = sandbox.path("garage.toml");
        let text = config_of(&sandbox.path("meta"), &sandbox.path("data"), s3, rpc, admin);
        std::fs::write(&config, text).context("cannot write the configuration")?;

        // What `layout assign`, `layout apply`, `key import` and `key allow --create-bucket` do, done by the server.
        let mut command = Command::new(program);
        command.arg("--config").arg(config).args(["server", "--single-node", "--default-access-key"]);
        command.env("GARAGE_DEFAULT_ACCESS_KEY", &credentials.access_key);
        command.env("GARAGE_DEFAULT_SECRET_KEY", &credentials.secret_key);
        // Only the administration answers a request without a signature; it is started last.
        let process = sandbox.launch(&mut command, &[], &[Probe { port: admin, path: "/health" }])?;
        Ok(Started { endpoint: format!("http://127.0.0.1:{s3}"), processes: vec![process] })
    }
}

/// The configuration file. The secret between nodes protects nothing: there is one node, on the loopback interface.
fn config_of(meta: &Path, data: &Path, s3: u16, rpc: u16, admin: u16) -> String {
    let secret = "0".repeat(64);
    format!(
        "metadata_dir = '{}'\n\
         data_dir = '{}'\n\
         replication_factor = 1\n\
         rpc_bind_addr = \"127.0.0.1:{rpc}\"\n\
         rpc_public_addr = \"127.0.0.1:{rpc}\"\n\
         rpc_secret = \"{secret}\"\n\
         [s3_api]\n\
         s3_region = \"{REGION}\"\n\
         api_bind_addr = \"127.0.0.1:{s3}\"\n\
         [admin]\n\
         api_bind_addr = \"127.0.0.1:{admin}\"\n",
        meta.display(),
        data.display()
    )
}
