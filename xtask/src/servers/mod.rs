//! Real servers: how each is got and started.
//!
//! A server is one file with one [`Server`] in it, and a line in [`SERVERS`].

pub(crate) mod garage;
pub(crate) mod guarded;
pub(crate) mod mc;
pub(crate) mod minio;
pub(crate) mod minio_cluster;
mod own_server;
pub(crate) mod program;
pub(crate) mod sandbox;
pub(crate) mod seaweedfs;
pub(crate) mod versitygw;

use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use self::guarded::Guarded;
pub(crate) use self::own_server::OwnServer;
use self::program::Program;
use self::sandbox::Sandbox;
use crate::workspace::Workspace;

/// A kind of server that can be started here.
pub(crate) trait Server: Sync {
    /// Its name on the command line, in `STORAGE_TEST_SERVER` and in tables.
    fn name(&self) -> &'static str;

    /// The program that it runs, and how that is got.
    fn program(&self) -> Program;

    /// Starts it in `sandbox` and waits until it answers: its address and its processes.
    fn start(&self, program: &Path, sandbox: &Sandbox, credentials: &Credentials) -> Result<Started>;
}

/// All servers.
const SERVERS: &[&dyn Server] = &[
    &minio::Minio,
    &seaweedfs::SeaweedFs,
    &versitygw::VersityGw,
    &garage::Garage,
    &minio_cluster::MinioCluster,
];

/// Those that are tried, in this order, when none is asked for.
const TRIED: &[&dyn Server] = &[&minio::Minio, &seaweedfs::SeaweedFs];

/// The name that stands for all of them.
const ALL: &str = "all";

/// The region that requests are signed for.
const REGION: &str = "us-east-1";

/// What [`Server::start`] gives: any number of processes, of which the endpoint belongs to one.
pub(crate) struct Started {
    pub(crate) endpoint: String,
    pub(crate) processes: Vec<Guarded>,
}

/// A key pair that may do everything.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
}

/// A server as the tests see it.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) server: String,
    pub(crate) endpoint: String,
    credentials: Credentials,
    region: String,
}

/// A server of our own. It ends with this value.
pub(crate) struct Running {
    pub(crate) target: Target,
    // Before the sandbox, whose folder they use.
    processes: Vec<Guarded>,
    sandbox: Sandbox,
}

/// What can be asked for on the command line.
pub(crate) fn names() -> Vec<&'static str> {
    SERVERS.iter().map(|server| server.name()).chain([ALL]).collect()
}

/// Each server that can be tested, and its version.
pub(crate) fn tested_versions() -> Vec<(&'static str, &'static str)> {
    SERVERS.iter().map(|server| (server.name(), server.program().version)).collect()
}

/// The version of a server that can be tested.
pub(crate) fn version(name: &str) -> Option<&'static str> {
    tested_versions().into_iter().find_map(|(server, version)| (server == name).then_some(version))
}

/// The servers of those names; without names MinIO, or else SeaweedFS.
///
/// # Errors
/// When none can be had; the message says of each why not.
pub(crate) fn wanted(names: &[String], workspace: &Workspace) -> Result<Vec<&'static dyn Server>> {
    if !names.is_empty() {
        let asked = |server: &&&dyn Server| names.iter().any(|name| name == ALL || name == server.name());
        return Ok(SERVERS.iter().filter(asked).copied().collect());
    }
    let mut reasons = Vec::new();
    for server in TRIED {
        match server.program().obtain(&workspace.target) {
            Ok(_) => return Ok(vec![*server]),
            Err(error) => {
                let reason = format!("{} cannot be had: {error:#}", server.name());
                println!("{reason}");
                reasons.push(reason);
            }
        }
    }
    bail!("no server can be had\n{}", reasons.join("\n"))
}

/// Gets and starts a server.
///
/// # Errors
/// When its program cannot be had, ends, or does not answer in time; the end of its log is part of the message.
pub(crate) fn start(server: &dyn Server, workspace: &Workspace) -> Result<Running> {
    let program = server.program().obtain(&workspace.target)?;
    let sandbox = Sandbox::new()?;
    let credentials = Credentials::of_tests();
    let begun = Instant::now();
    let Started { endpoint, processes } = server
        .start(&program, &sandbox, &credentials)
        .with_context(|| format!("cannot start {}", server.name()))?;
    println!("ready after {:.1} s", begun.elapsed().as_secs_f64());
    let target =
        Target { server: server.name().to_owned(), endpoint, credentials, region: REGION.to_owned() };
    Ok(Running { target, processes, sandbox })
}

impl Credentials {
    /// Those of every server that is started here.
    pub(crate) fn of_tests() -> Self {
        Self { access_key: "storage-tests".to_owned(), secret_key: "storage-tests-secret".to_owned() }
    }
}

impl Running {
    /// How one of its processes ended, if one did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.processes.iter_mut().find_map(Guarded::ended)
    }

    /// The last lines of what it wrote.
    pub(crate) fn log_tail(&self) -> String {
        self.sandbox.log_tail()
    }
}

impl Target {
    /// A server that was started by somebody else. Its kind is `name`, if that is known.
    ///
    /// # Errors
    /// When the environment does not hold its keys.
    pub(crate) fn running_at(endpoint: &str, name: Option<&String>) -> Result<Self> {
        let variable = |name: &str| std::env::var(name).with_context(|| format!("--endpoint needs {name}"));
        let credentials = Credentials {
            access_key: variable("STORAGE_TEST_ACCESS_KEY")?,
            secret_key: variable("STORAGE_TEST_SECRET_KEY")?,
        };
        Ok(Self {
            server: name.filter(|name| *name != ALL).map_or("unknown", String::as_str).to_owned(),
            endpoint: endpoint.to_owned(),
            credentials,
            region: std::env::var("STORAGE_TEST_REGION").unwrap_or_else(|_| REGION.to_owned()),
        })
    }

    /// The environment in which the test binaries find it.
    pub(crate) fn variables(&self) -> [(&'static str, &str); 5] {
        [
            ("STORAGE_TEST_SERVER", &self.server),
            ("STORAGE_TEST_ENDPOINT", &self.endpoint),
            ("STORAGE_TEST_ACCESS_KEY", &self.credentials.access_key),
            ("STORAGE_TEST_SECRET_KEY", &self.credentials.secret_key),
            ("STORAGE_TEST_REGION", &self.region),
        ]
    }
}

/// A file in the folder of `target` where fetched servers are kept.
fn cache(target: &Path) -> PathBuf {
    target.join("servers")
}
