use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Server, variable};

/// The settings of a site of Django that has the original, and nothing that it does not need. What differs comes by the environment.
const SETTINGS: &str = include_str!("original_settings.py");

/// A storage for static files that the original does not have, but is meant to be mixed so.
const STORAGE: &str = include_str!("original_storage.py");

/// <https://pypi.org/project/django-minio-backend/>, in a site of Django.
#[derive(Debug)]
pub(crate) struct Original<'a> {
    python: PathBuf,
    modules: PathBuf,
    site: PathBuf,
    server: &'a Server,
}

/// What Django stores static files by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StaticStorage {
    /// Under their own names.
    Plain,
    /// Under names with a fingerprint, with references rewritten and a manifest.
    Manifest,
}

impl<'a> Original<'a> {
    /// Writes the site below `scratch`.
    ///
    /// # Errors
    /// When the environment does not tell where the original lies, or the site cannot be written.
    pub(crate) fn new(server: &'a Server, scratch: &Path) -> Result<Self> {
        let site = scratch.join("site");
        std::fs::create_dir_all(&site)?;
        for (name, text) in [("site_settings.py", SETTINGS), ("site_storage.py", STORAGE)] {
            std::fs::write(site.join(name), text).with_context(|| format!("cannot write {name}"))?;
        }
        Ok(Self { python: python()?, modules: variable("PEERS_ORIGINAL")?.into(), site, server })
    }

    /// Those of the original and of Django.
    ///
    /// # Errors
    /// When Python does not know them.
    pub(crate) fn versions(&self) -> Result<Vec<(&'static str, String)>> {
        const NAMES: [&str; 3] = ["django-minio-backend", "django", "minio"];
        let mut python = Command::new(&self.python);
        let script = "import sys, importlib.metadata as m; [print(m.version(name)) for name in sys.argv[1:]]";
        python.env("PYTHONPATH", &self.modules).args(["-c", script]).args(NAMES);
        let output = python.output().context("cannot run python3")?;
        ensure!(output.status.success(), "Python does not know the original's version");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(NAMES.into_iter().zip(text.lines().map(str::to_owned)).collect())
    }

    /// `collectstatic` of a folder to a bucket, which is there.
    pub(crate) fn collect(&self, storage: StaticStorage, folder: &Path, bucket: &str) -> Command {
        let mut command = self.command(&["collectstatic", "--noinput", "--verbosity", "0"]);
        let class = match storage {
            StaticStorage::Plain => "django_minio_backend.models.MinioBackendStatic",
            StaticStorage::Manifest => "site_storage.ManifestStorage",
        };
        command.env("SITE_STATIC_STORAGE", class).env("SITE_STATIC_BUCKET", bucket);
        command.env("SITE_STATIC_FOLDER", folder);
        command
    }

    /// `initialize_buckets`, of public ones.
    pub(crate) fn initialize(&self, buckets: &[String]) -> Command {
        let mut command = self.command(&["initialize_buckets"]);
        command.env("SITE_PUBLIC_BUCKETS", buckets.join(","));
        command
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let Server { endpoint, access_key, secret_key, region, .. } = self.server;
        let mut command = Command::new(&self.python);
        command
            .args(["-m", "django"])
            .args(arguments)
            .current_dir(&self.site)
            .env("PYTHONPATH", format!("{}:{}", self.site.display(), self.modules.display()))
            .env("DJANGO_SETTINGS_MODULE", "site_settings")
            .env("SITE_ENDPOINT", endpoint.trim_start_matches("http://"))
            .env("SITE_ACCESS_KEY", access_key)
            .env("SITE_SECRET_KEY", secret_key)
            .env("SITE_REGION", region);
        command
    }
}

/// The interpreter itself: what is called so may be a script that takes its time to find it.
fn python() -> Result<PathBuf> {
    let mut python = Command::new("python3");
    let output = python.args(["-c", "import sys; print(sys.executable)"]).output();
    let output = output.context("cannot run python3")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().into())
}
