use std::env;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use s3_testserver::TestServer;
use serde_json::Value;
use storage_suite::{MinioStorage, Settings, Storages};
use tempfile::TempDir;

/// A bucket of its own on the server, which is created by the first save, and a working directory.
pub(crate) struct Sandbox {
    dir: TempDir,
    variables: Vec<(&'static str, String)>,
}

struct Server {
    /// `host:port`.
    address: String,
    access_key: String,
    secret_key: String,
    region: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = server();
        let bucket = format!("e2e-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let variables = vec![
            ("MINIO_ENDPOINT", server.address.clone()),
            ("MINIO_USE_HTTPS", "false".to_owned()),
            ("MINIO_REGION", server.region.clone()),
            ("MINIO_ACCESS_KEY", server.access_key.clone()),
            ("MINIO_SECRET_KEY", server.secret_key.clone()),
            ("MINIO_PRIVATE_BUCKETS", bucket.clone()),
            ("MINIO_MEDIA_FILES_BUCKET", bucket),
            ("MINIO_BUCKET_CHECK_ON_SAVE", "true".to_owned()),
        ];
        Self { dir: tempfile::tempdir().unwrap(), variables }
    }

    /// The same with one setting changed.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.into()));
        self
    }

    /// The same settings, with a working directory of its own.
    pub(crate) fn again(&self) -> Self {
        Self { dir: tempfile::tempdir().unwrap(), variables: self.variables.clone() }
    }

    pub(crate) fn variable(&self, name: &str) -> &str {
        self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str()).unwrap()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// The command, with nothing but these settings in its environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_storage"));
        command.current_dir(self.dir.path()).env_clear().envs(self.variables.iter().map(|(k, v)| (k, v)));
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        Outcome::from(self.command(args).output().unwrap())
    }

    pub(crate) fn pipe(&self, input: &[u8], args: &[&str]) -> Outcome {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().map(Outcome::from).unwrap()
    }

    /// Stores it and returns its key: the name, or one with a random suffix where the server cannot create a name atomically.
    pub(crate) fn put(&self, content: &[u8], name: &str) -> String {
        let saved = self.pipe(content, &["put", "-", "--name", name, "--json"]).ok().json().remove(0);
        let key = saved["key"].as_str().unwrap().to_owned();
        assert!(is_named(&key, name), "`{name}` is saved as `{key}`");
        key
    }

    /// The same settings through the library.
    pub(crate) fn storages(&self) -> Storages {
        Storages::new(self.settings()).unwrap()
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings::from_sources("", self.variables.iter().map(|(k, v)| (*k, v.clone()))).unwrap()
    }

    /// The bucket's store, as far as its builder has come.
    pub(crate) fn builder(&self) -> storage_minio::MinioStorageBuilder {
        MinioStorage::builder()
            .endpoint(format!("http://{}", self.variable("MINIO_ENDPOINT")))
            .region(self.variable("MINIO_REGION"))
            .credentials(self.variable("MINIO_ACCESS_KEY"), self.variable("MINIO_SECRET_KEY"))
            .bucket(self.variable("MINIO_MEDIA_FILES_BUCKET"))
    }
}

#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        let stderr = String::from_utf8(output.stderr).unwrap();
        Self { status: output.status.code(), stdout: output.stdout, stderr }
    }
}

impl Outcome {
    pub(crate) fn ok(self) -> Self {
        assert_eq!((self.status, self.stderr.as_str()), (Some(0), ""), "{self:?}");
        self
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        std::str::from_utf8(&self.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    pub(crate) fn json(&self) -> Vec<Value> {
        self.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The exit status and the kind of the one error, which came as JSON.
    pub(crate) fn failure(&self) -> (Option<i32>, String) {
        let error: Value = serde_json::from_str(self.stderr.lines().last().unwrap()).unwrap();
        (self.status, error["error"]["kind"].as_str().unwrap().to_owned())
    }
}

/// Whether a free name becomes the key as it is. Elsewhere two who save it at once would overwrite each other.
pub(crate) fn keeps_names() -> bool {
    name() != "garage"
}

/// Whether a save of a free name may give this key.
pub(crate) fn is_named(key: &str, name: &str) -> bool {
    let (root, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    key == name || (!keeps_names() && key.starts_with(&format!("{root}_")) && key.ends_with(extension))
}

/// What server there is.
pub(crate) fn name() -> String {
    env::var("STORAGE_TEST_SERVER").unwrap_or_else(|_| "in-process".to_owned())
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| match env::var("STORAGE_TEST_ENDPOINT") {
        Ok(endpoint) => Server {
            address: endpoint.trim_start_matches("http://").to_owned(),
            access_key: env::var("STORAGE_TEST_ACCESS_KEY").unwrap(),
            secret_key: env::var("STORAGE_TEST_SECRET_KEY").unwrap(),
            region: env::var("STORAGE_TEST_REGION").unwrap(),
        },
        Err(_) => in_process(),
    })
}

fn in_process() -> Server {
    static HELD: OnceLock<TestServer> = OnceLock::new();
    let server = HELD.get_or_init(|| {
        // On a thread of its own, since a test may be in a runtime already.
        let starting = std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(TestServer::start())
        });
        starting.join().unwrap()
    });
    Server {
        address: server.endpoint().trim_start_matches("http://").to_owned(),
        access_key: server.access_key().to_owned(),
        secret_key: server.secret_key().to_owned(),
        region: "us-east-1".to_owned(),
    }
}
