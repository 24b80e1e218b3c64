//! Finding a server's program, or fetching it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command;

/// A program that is looked for, in this order: in a variable, on `PATH`, in our cache; and fetched if it is
/// nowhere.
#[derive(Debug)]
pub(in crate::integration) struct Program {
    /// The variable that may hold its path.
    pub(super) variable: &'static str,
    pub(super) name: &'static str,
    /// The version that is fetched.
    pub(super) version: &'static str,
    /// What makes it say its version.
    pub(super) version_flag: &'static str,
    pub(super) source: Source,
}

/// Where a program is fetched from.
#[derive(Debug)]
pub(super) enum Source {
    /// A package of Go, to be compiled.
    Go(&'static str),
    /// A package of Python that holds the program as a script.
    Python(&'static str),
}

impl Program {
    /// The path of a program that runs.
    ///
    /// # Errors
    /// When the variable names one that does not run, or it is nowhere and cannot be fetched.
    pub(super) fn obtain(&self, target: &Path) -> Result<PathBuf> {
        if let Some(path) = std::env::var_os(self.variable) {
            let path = PathBuf::from(path);
            self.try_out(&path).with_context(|| format!("the program of {} does not run", self.variable))?;
            return Ok(path);
        }
        let cached = self.cached(target);
        let candidates = [on_path(self.name), Some(cached.clone())];
        if let Some(path) = candidates.into_iter().flatten().find(|path| self.try_out(path).is_ok()) {
            return Ok(path);
        }
        self.fetch(&cached).with_context(|| {
            format!("cannot fetch {} {}; {} may name one", self.name, self.version, self.variable)
        })?;
        self.try_out(&cached)?;
        Ok(cached)
    }

    /// Where a fetched one is kept; another version is another file.
    fn cached(&self, target: &Path) -> PathBuf {
        super::cache(target).join(format!("{}-{}", self.name, self.version)).join(self.name)
    }

    fn try_out(&self, path: &Path) -> Result<()> {
        let answer = command::capture(Command::new(path).arg(self.version_flag))?;
        println!("{} ({})", answer.lines().next().unwrap_or(self.name), path.display());
        Ok(())
    }

    /// Fetches into a folder beside its own, which is renamed at the end: an interrupted fetch leaves nothing
    /// that looks complete.
    fn fetch(&self, cached: &Path) -> Result<()> {
        let folder = cached.parent().context("it has no folder")?;
        let cache = folder.parent().context("it has no cache")?;
        std::fs::create_dir_all(cache)?;
        let staging = tempfile::Builder::new().prefix("fetch-").tempdir_in(cache)?;
        println!("fetching {} {}, once", self.name, self.version);
        command::capture(&mut self.source.fetch_command(self.version, staging.path()))?;
        let (name, staging) = (self.name, staging.path());
        let Some(found) =
            [staging.join(name), staging.join("bin").join(name)].into_iter().find(|path| path.is_file())
        else {
            bail!("it does not hold the program {name}");
        };
        std::fs::create_dir_all(folder)?;
        std::fs::rename(found, cached)?;
        Ok(())
    }
}

impl Source {
    /// What fetches the program into `folder`, or into `bin` in it.
    fn fetch_command(&self, version: &str, folder: &Path) -> Command {
        match self {
            Self::Go(package) => {
                let mut go = Command::new("go");
                go.arg("install").arg(format!("{package}@{version}"));
                // `go install` with GOBIN needs the host's own platform.
                go.env("GOBIN", folder).env("CGO_ENABLED", "0").env_remove("GOOS").env_remove("GOARCH");
                go
            }
            Self::Python(package) => {
                let mut python = Command::new("python3");
                python.args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--no-deps",
                    "--only-binary",
                    ":all:",
                    "--target",
                ]);
                python.arg(folder).arg(format!("{package}=={version}"));
                python
            }
        }
    }
}

/// The program of that name on `PATH`.
fn on_path(name: &str) -> Option<PathBuf> {
    let path: OsString = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn program(name: &'static str) -> Program {
        // No package is called so: a fetch fails at once and without a network.
        let source = Source::Go("not a package");
        Program {
            variable: "STORAGE_XTASK_UNSET",
            name,
            version: "v1.0.0",
            version_flag: "--version",
            source,
        }
    }

    fn script(path: &Path, text: &str) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn a_cached_program_is_found() {
        let target = tempfile::tempdir().unwrap();
        let wanted = program("some-server");
        let cached = wanted.cached(target.path());
        script(&cached, "#!/bin/sh\necho some-server v1.0.0\n");
        assert_eq!(wanted.obtain(target.path()).unwrap(), cached);
        assert!(cached.ends_with("servers/some-server-v1.0.0/some-server"), "{}", cached.display());
    }

    #[test]
    fn a_program_that_does_not_run_is_not_taken() {
        let target = tempfile::tempdir().unwrap();
        let wanted = program("some-server");
        script(&wanted.cached(target.path()), "#!/bin/sh\nexit 1\n");
        let error = wanted.obtain(target.path()).unwrap_err();
        assert!(
            format!("{error:#}")
                .starts_with("cannot fetch some-server v1.0.0; STORAGE_XTASK_UNSET may name one")
        );
    }

    #[test]
    fn the_path_is_searched() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program").is_none());
    }
}
