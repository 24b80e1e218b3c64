//! The page's origin, and servers that let it in.

use std::path::Path;

use anyhow::Result;

use crate::servers::garage::Garage;
use crate::servers::minio::{self, Node};
use crate::servers::program::Program;
use crate::servers::sandbox::{Sandbox, free_ports};
use crate::servers::seaweedfs::SeaweedFs;
use crate::servers::versitygw::VersityGw;
use crate::servers::{Credentials, Server, Started};

/// The servers that pages are tried on.
pub(super) const SERVERS: [&str; 4] = [MINIO, "seaweedfs", "versitygw", "garage"];

/// Those that are taken when none is asked for.
pub(super) const BY_DEFAULT: [&str; 2] = [MINIO, "seaweedfs"];

const MINIO: &str = "minio";

/// Where the page comes from: `http://localhost` with this port.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub(super) port: u16,
}

/// MinIO that lets pages of one origin in, and no others. By default it lets in all.
struct Minio(Origin);

impl Origin {
    /// An origin with a port that is free.
    ///
    /// # Errors
    /// When none is.
    pub(super) fn choose() -> Result<Self> {
        let [port] = free_ports()?;
        Ok(Self { port })
    }

    /// One of [`SERVERS`]. All but MinIO are told about the origin later, bucket by bucket.
    pub(super) fn server(self, name: &str) -> Box<dyn Server> {
        match name {
            MINIO => Box::new(Minio(self)),
            "versitygw" => Box::new(VersityGw),
            "garage" => Box::new(Garage),
            _ => Box::new(SeaweedFs),
        }
    }
}

impl Server for Minio {
    fn name(&self) -> &'static str {
        MINIO
    }

    fn program(&self) -> Program {
        minio::program()
    }

    fn start(&self, program: &Path, sandbox: &Sandbox, credentials: &Credentials) -> Result<Started> {
        let origin = format!("http://localhost:{}", self.0.port);
        let node = Node::single(program, sandbox, credentials)?.with("MINIO_API_CORS_ALLOW_ORIGIN", origin);
        let mut processes = vec![node.spawn(sandbox)?];
        sandbox.wait_for(&mut processes, &[node.ready()])?;
        Ok(Started { endpoint: node.endpoint(), processes })
    }
}
