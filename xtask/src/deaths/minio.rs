//! Servers that are killed and come back.

use std::path::Path;

use anyhow::{Context, Result};

use super::client::Store;
use super::traces::Traces;
use crate::servers::Credentials;
use crate::servers::guarded::Guarded;
use crate::servers::minio::{self, Node};
use crate::servers::minio_cluster;
use crate::servers::sandbox::{Probe, Sandbox};
use crate::workspace::Workspace;

/// The bucket that everything goes to.
const BUCKET: &str = "deaths";

/// MinIO, on one node or on four.
pub(super) struct Server {
    credentials: Credentials,
    nodes: Vec<Node>,
    // Before the sandbox, whose folder they use.
    processes: Vec<Option<Guarded>>,
    sandbox: Sandbox,
}

impl Server {
    /// Starts one node.
    ///
    /// # Errors
    /// When it cannot be had or started.
    pub(super) fn single(workspace: &Workspace) -> Result<Self> {
        Self::start(workspace, |program, sandbox, credentials| {
            // Uploads that nobody finishes go after a day by default, which fills a disk here.
            let node = Node::single(program, sandbox, credentials)?
                .with("MINIO_API_STALE_UPLOADS_EXPIRY", "2m")
                .with("MINIO_API_STALE_UPLOADS_CLEANUP_INTERVAL", "15s");
            Ok(vec![node])
        })
    }

    /// Starts four nodes.
    ///
    /// # Errors
    /// When they cannot be had or started.
    pub(super) fn cluster(workspace: &Workspace) -> Result<Self> {
        Self::start(workspace, |program, sandbox, credentials| {
            Ok(minio_cluster::nodes(program, sandbox, credentials)?.into())
        })
    }

    fn start(
        workspace: &Workspace,
        nodes: impl FnOnce(&Path, &Sandbox, &Credentials) -> Result<Vec<Node>>,
    ) -> Result<Self> {
        let program = minio::program().obtain(&workspace.target)?;
        let (sandbox, credentials) = (Sandbox::new()?, Credentials::of_tests());
        let nodes = nodes(&program, &sandbox, &credentials)?;
        let mut processes = nodes.iter().map(|node| node.spawn(&sandbox)).collect::<Result<Vec<_>>>()?;
        let ready: Vec<_> = nodes.iter().map(Node::ready_to_write).collect();
        sandbox.wait_for(&mut processes, &ready).context("cannot start MinIO")?;
        Ok(Self { credentials, nodes, processes: processes.into_iter().map(Some).collect(), sandbox })
    }

    /// The bucket, through one of the nodes, by the command `program`.
    ///
    /// # Errors
    /// When there is no room for its working directory.
    pub(super) fn store(&self, node: usize, program: &Path) -> Result<Store> {
        let endpoint = self.nodes[node].endpoint();
        let variables = [
            ("MINIO_ENDPOINT", endpoint.trim_start_matches("http://")),
            ("MINIO_USE_HTTPS", "false"),
            ("MINIO_ACCESS_KEY", &self.credentials.access_key),
            ("MINIO_SECRET_KEY", &self.credentials.secret_key),
            ("MINIO_PRIVATE_BUCKETS", BUCKET),
            ("MINIO_MEDIA_FILES_BUCKET", BUCKET),
            ("MINIO_BUCKET_CHECK_ON_SAVE", "true"),
        ];
        Store::new(program, variables.map(|(name, value)| (name, value.to_owned())).into())
    }

    /// Where a single node keeps uploads in progress.
    pub(super) fn uploads(&self) -> Traces {
        Traces::new(self.sandbox.path("data/.minio.sys/multipart"), 2)
    }

    /// Kills a node by SIGKILL.
    ///
    /// # Errors
    /// When it is dead already.
    pub(super) fn kill(&mut self, node: usize) -> Result<()> {
        self.processes[node].take().context("this node is dead already")?.kill()
    }

    /// Starts a node again, on its data and ports, and waits until all that live take requests.
    ///
    /// # Errors
    /// When they do not.
    pub(super) fn revive(&mut self, node: usize) -> Result<()> {
        let mut process = self.nodes[node].spawn(&self.sandbox)?;
        self.sandbox.wait_for(std::slice::from_mut(&mut process), &[self.nodes[node].ready()])?;
        self.processes[node] = Some(process);
        Ok(())
    }

    /// Waits until every node sees enough others for writing.
    ///
    /// # Errors
    /// When it takes too long.
    pub(super) fn await_all(&self) -> Result<()> {
        let ready: Vec<Probe> = self.nodes.iter().map(Node::ready_to_write).collect();
        self.sandbox.wait_for(&mut [], &ready)
    }

    pub(super) fn log_tail(&self) -> String {
        self.sandbox.log_tail()
    }
}
