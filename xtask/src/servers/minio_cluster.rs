//! MinIO, four nodes with one drive each: any one of them may die, and two hold all that is stored.

use std::path::Path;

use anyhow::{Context, Result};

use super::minio::{self, Node};
use super::program::Program;
use super::sandbox::{Probe, Sandbox, free_ports};
use super::{Credentials, Server, Started};

pub(super) struct MinioCluster;

impl Server for MinioCluster {
    fn name(&self) -> &'static str {
        "minio-cluster"
    }

    fn program(&self) -> Program {
        minio::program()
    }

    fn start(&self, program: &Path, sandbox: &Sandbox, credentials: &Credentials) -> Result<Started> {
        let nodes = nodes(program, sandbox, credentials)?;
        let mut processes = nodes.iter().map(|node| node.spawn(sandbox)).collect::<Result<Vec<_>>>()?;
        let ready: Vec<Probe> = nodes.iter().map(Node::ready_to_write).collect();
        sandbox.wait_for(&mut processes, &ready)?;
        Ok(Started { endpoint: nodes[0].endpoint(), processes })
    }
}

/// The nodes of a new cluster on this machine, none of them started yet.
///
/// # Errors
/// When the system has no free ports, or the folders cannot be made.
pub(crate) fn nodes(program: &Path, sandbox: &Sandbox, credentials: &Credentials) -> Result<[Node; 4]> {
    let ports: [u16; 4] = free_ports()?;
    let consoles: [u16; 4] = free_ports()?;
    let folders = [1, 2, 3, 4].map(|number| sandbox.path(&format!("drive-{number}")));
    for folder in &folders {
        std::fs::create_dir(folder).context("cannot make the folder of a drive")?;
    }
    let host = |at: usize| format!("127.0.0.1:{}", ports[at]);
    let drives = [0, 1, 2, 3].map(|at| format!("http://{}{}", host(at), folders[at].display()));
    Ok([0, 1, 2, 3].map(|at| {
        Node::new(program, [ports[at], consoles[at]], drives.to_vec(), credentials)
            // It wants a disk for each drive.
            .with("MINIO_CI_CD", "1")
            // In a container it would wait for its own address to be other than a loopback one; elsewhere this says
            // nothing new.
            .with("_MINIO_SERVER_LOCAL", host(at))
    }))
}
