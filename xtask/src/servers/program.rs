//! Finding a server's program, or fetching it.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::guarded::Guarded;
use crate::command;

/// A program that is looked for, in this order: in a variable, on `PATH`, in our cache; and fetched if it is
/// nowhere.
#[derive(Debug)]
pub(crate) struct Program {
    /// The variable that may hold its path.
    pub(super) variable: &'static str,
    pub(super) name: &'static str,
    /// The version that is fetched.
    pub(super) version: &'static str,
    /// What makes it say its version.
    pub(super) version_flag: &'static str,
    /// Is in what it says then: another program of that name is not taken.
    pub(super) says: &'static str,
    pub(super) source: Source,
}

/// Where a program is fetched from.
#[derive(Debug)]
pub(super) enum Source {
    /// A package of Go, to be compiled.
    Go(&'static str),
    /// A package of Python that holds the program as a script.
    Python(&'static str),
    /// A crate with the program, to be compiled with these features.
    Cargo(&'static str, &'static str),
}

/// How much of what a failed fetch wrote is shown.
const LOG_LINES: usize = 40;

impl Program {
    /// The path of a program that runs.
    ///
    /// # Errors
    /// When the variable names one that does not run, or it is nowhere and cannot be fetched.
    pub(crate) fn obtain(&self, target: &Path) -> Result<PathBuf> {
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
        ensure!(answer.contains(self.says), "{} is another program", path.display());
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
        println!("fetching {} {}, once{}", self.name, self.version, self.source.duration());
        // Held until the program is out of the folder.
        let _fetched =
            run_quietly(&mut self.source.fetch_command(self.version, staging.path()), staging.path())?;
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
            Self::Cargo(package, features) => {
                let mut cargo = command::cargo();
                cargo.args(["install", package, "--locked", "--version", version]);
                cargo.args(["--no-default-features", "--features", features, "--root"]).arg(folder);
                // Half the time of a full release. Without any optimising Garage ends in the middle of the tests.
                cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1").env("CARGO_PROFILE_RELEASE_LTO", "off");
                cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
                cargo.env("CARGO_PROFILE_RELEASE_DEBUG", "0");
                // Not among our own: hundreds of megabytes that nobody needs again.
                cargo.arg("--target-dir").arg(folder.join("build"));
                cargo
            }
        }
    }

    /// What to expect of the fetch, for the terminal.
    fn duration(&self) -> &'static str {
        match self {
            Self::Go(_) => "; it is compiled, some minutes",
            Self::Python(_) => "",
            Self::Cargo(..) => "; it is compiled, five minutes or more on two cores",
        }
    }
}

/// Runs a fetch without a word, unless it fails. The folder is removed when the value that is returned is dropped, and
/// however else we end.
fn run_quietly(fetch: &mut Command, folder: &Path) -> Result<Guarded> {
    let path = folder.join("fetch.log");
    let log = File::create(&path).context("cannot write the log")?;
    fetch.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    let mut process = Guarded::spawn(fetch, &[folder.to_owned()])?;
    let status = process.wait()?;
    if status.success() {
        return Ok(process);
    }
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
    let lines: Vec<_> = text.lines().collect();
    bail!("it failed: {status}\n{}", lines[lines.len().saturating_sub(LOG_LINES)..].join("\n"))
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
            says: "some-server v",
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
        for text in ["exit 1", "echo another server of that name v1.0.0"] {
            script(&wanted.cached(target.path()), &format!("#!/bin/sh\n{text}\n"));
            let error = format!("{:#}", wanted.obtain(target.path()).unwrap_err());
            assert!(
                error.starts_with("cannot fetch some-server v1.0.0; STORAGE_XTASK_UNSET may name one"),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn a_fetch_that_fails_shows_why_and_leaves_nothing() {
        let target = tempfile::tempdir().unwrap();
        let folder = target.path().join("fetch");
        std::fs::create_dir(&folder).unwrap();
        let mut fetch = Command::new("sh");
        fetch.args(["-c", "echo begun; echo no network >&2; exit 3"]);
        let error = format!("{:#}", run_quietly(&mut fetch, &folder).unwrap_err());
        assert!(error.contains("exit status: 3") && error.ends_with("begun\nno network"), "{error}");
        assert!(!folder.exists());
    }

    #[test]
    fn a_fetched_program_can_be_taken_before_its_folder_goes() {
        let target = tempfile::tempdir().unwrap();
        let folder = target.path().join("fetch");
        std::fs::create_dir(&folder).unwrap();
        let mut fetch = Command::new("sh");
        fetch.arg("-c").arg("echo x >program").current_dir(&folder);
        let fetched = run_quietly(&mut fetch, &folder).unwrap();
        std::fs::rename(folder.join("program"), target.path().join("program")).unwrap();
        drop(fetched);
        assert!(!folder.exists() && target.path().join("program").exists());
    }

    #[test]
    fn a_crate_is_built_in_a_folder_that_goes() {
        let command = Source::Cargo("some-server", "a,b").fetch_command("1.0.0", Path::new("staging"));
        let args: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect();
        let line = args.join(" ");
        assert_eq!(
            line,
            "install some-server --locked --version 1.0.0 --no-default-features --features a,b --root staging \
             --target-dir staging/build"
        );
    }

    #[test]
    fn the_path_is_searched() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program").is_none());
    }
}
