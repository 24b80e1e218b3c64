use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::OURS;
use super::tree::Tree;
use crate::programs::{Original, Rclone, S5cmd, Server, StaticStorage, Storage};

/// All programs, for one server.
#[derive(Debug)]
pub(super) struct Programs<'a> {
    pub(super) storage: Storage<'a>,
    s5cmd: S5cmd<'a>,
    rclone: Rclone<'a>,
    original: Original<'a>,
}

impl<'a> Programs<'a> {
    /// # Errors
    /// When the environment does not tell where one lies.
    pub(super) fn new(server: &'a Server, scratch: &Path) -> Result<Self> {
        Ok(Self {
            storage: Storage::new(server)?,
            s5cmd: S5cmd::new(server)?,
            rclone: Rclone::new(server)?,
            original: Original::new(server, scratch)?,
        })
    }

    /// # Errors
    /// When one of them cannot be run.
    pub(super) fn versions(&self) -> Result<Vec<(&'static str, String)>> {
        let mut versions = vec![
            ("storage", self.storage.version()?),
            ("rclone", self.rclone.version()?),
            ("s5cmd", self.s5cmd.version()?),
        ];
        versions.extend(self.original.versions()?);
        Ok(versions)
    }
}

/// One who takes part: what it is called, and its command for a tree and a bucket that is there.
pub(super) struct Rival {
    pub(super) name: &'static str,
    /// Whether it is measured once, and only with the small tree.
    pub(super) is_slow: bool,
    pub(super) command: fn(&Programs<'_>, &Tree, &str) -> Result<Command>,
}

pub(super) const RIVALS: &[Rival] = &[
    Rival { name: OURS, is_slow: false, command: |programs, tree, bucket| ours(programs, tree, bucket, &[]) },
    Rival {
        name: "storage collect --one-by-one",
        is_slow: false,
        command: |programs, tree, bucket| ours(programs, tree, bucket, &["--one-by-one"]),
    },
    Rival {
        name: "rclone sync",
        is_slow: false,
        command: |programs, tree, bucket| Ok(rclone(programs, tree, bucket, &[])),
    },
    Rival {
        name: "rclone sync --checksum",
        is_slow: false,
        command: |programs, tree, bucket| Ok(rclone(programs, tree, bucket, &["--checksum"])),
    },
    Rival {
        name: "s5cmd sync",
        is_slow: false,
        command: |programs, tree, bucket| {
            let mut command = programs.s5cmd.command();
            command.arg("sync").arg(format!("{}/", tree.path.display()));
            command.arg(S5cmd::address_in(bucket, ""));
            Ok(command)
        },
    },
    Rival {
        name: "collectstatic (plain)",
        is_slow: true,
        command: |programs, tree, bucket| {
            Ok(programs.original.collect(StaticStorage::Plain, &tree.path, bucket))
        },
    },
    Rival {
        name: "collectstatic (manifest)",
        is_slow: true,
        command: |programs, tree, bucket| {
            Ok(programs.original.collect(StaticStorage::Manifest, &tree.path, bucket))
        },
    },
];

impl Rival {
    pub(super) fn takes(&self, tree: &Tree) -> bool {
        !self.is_slow || tree.name == "small"
    }

    /// The name as it may be in a bucket's.
    pub(super) fn slug(&self) -> String {
        let words: Vec<_> = self.name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
    }
}

fn ours(programs: &Programs<'_>, tree: &Tree, bucket: &str, flags: &[&str]) -> Result<Command> {
    let mut command = programs.storage.on_public(&[bucket.to_owned()])?;
    command
        .arg("collect")
        .arg(&tree.path)
        .arg("--cache")
        .arg(tree.cache(bucket))
        .args(flags)
        .args(["--json", "--quiet"]);
    Ok(command)
}

/// As it is best with many small files: everything listed at once, 32 of everything.
fn rclone(programs: &Programs<'_>, tree: &Tree, bucket: &str, flags: &[&str]) -> Command {
    let mut command = programs.rclone.command();
    command.args(["sync", "--fast-list", "--transfers", "32", "--checkers", "32"]).args(flags);
    command.arg(&tree.path).arg(Rclone::address_in(bucket, ""));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_bucket_of_its_own() {
        let mut slugs: Vec<_> = RIVALS.iter().map(Rival::slug).collect();
        assert!(slugs.iter().all(|slug| slug.len() < 50 && !slug.contains(' ')), "{slugs:?}");
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), RIVALS.len());
    }
}
