use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

/// What holds for every benchmark. `cargo xtask bench` gives the variables.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Settings {
    /// How often each contestant is measured
    #[arg(long, global = true, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,
    /// Measure only contestants whose name contains one of these
    #[arg(long, global = true, value_name = "TEXT", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// The folder where the tables are kept as Markdown
    #[arg(long, global = true, value_name = "FOLDER", env = "PEERS_REPORTS")]
    pub(crate) reports: Option<PathBuf>,
    /// The folder for files that are written and read; emptied by each benchmark that uses it
    #[arg(long, global = true, value_name = "FOLDER", env = "PEERS_SCRATCH")]
    scratch: Option<PathBuf>,
}

impl Settings {
    /// Whether the contestant of that name takes part.
    pub(crate) fn wants(&self, contestant: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|text| contestant.contains(text.as_str()))
    }

    /// A fresh folder of that name for files.
    ///
    /// # Errors
    /// When no scratch folder is given, or it cannot be emptied.
    pub(crate) fn scratch(&self, name: &str) -> Result<PathBuf> {
        let folder = self.scratch.as_ref().context("--scratch is not given")?.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }
}

/// This program once more, with a hidden subcommand: a contestant in a process of its own, whose CPU time and memory are its own.
///
/// # Errors
/// When the system does not tell where this program lies.
pub(crate) fn myself() -> Result<Command> {
    Ok(Command::new(std::env::current_exe().context("where is this program?")?))
}
