//! `cargo xtask deaths`: clients and servers are killed by SIGKILL in the middle of their work, and what they
//! acknowledged is looked for.
//!
//! The client is the real command `storage`, the servers are real ones. [`scenarios`] has a module for each, [`saves`] and
//! [`inventory`] are what they share: many saves at a time, and a look at every byte that is visible after them.
//! When a kill comes is random, and comes again for the same seed as far as the machine allows.

mod client;
mod dice;
mod inventory;
mod leftovers;
mod local;
mod minio;
mod outages;
mod pace;
mod saves;
mod scenario;
mod scenarios;
mod sources;
mod tally;
mod traces;

use std::hash::{BuildHasher, RandomState};
use std::time::Instant;

use anyhow::{Result, ensure};

use self::scenario::{Outcome, Scenario, Setting};
use self::scenarios::SCENARIOS;
use crate::command;
use crate::workspace::Workspace;

/// Kills clients and servers in the middle of their work, and looks for what they acknowledged.
///
/// Nothing half-written may be visible, and nothing acknowledged may be missing. Fails too if the kills did not hit
/// in the middle of something.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Scenarios; default: all of them
    #[arg(value_name = "NAME", value_parser = names())]
    scenarios: Vec<String>,
    /// How often a client is killed in each scenario; a server is killed in one of 25 rounds
    #[arg(long, value_name = "NUMBER", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rounds: u32,
    /// Repeat a run: the number that it printed
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

fn names() -> Vec<&'static str> {
    SCENARIOS.iter().map(|scenario| scenario.name).collect()
}

/// Runs the scenarios; true if nothing was torn, lost or otherwise wrong in any of them.
///
/// # Errors
/// When the command does not compile.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let workspace = Workspace::load()?;
    let built = command::run(command::cargo().args(["build", "--package", "storage-cli"]))?;
    ensure!(built, "the command `storage` does not compile");
    let program = workspace.target.join("debug").join("storage");
    let seed = args.seed.unwrap_or_else(|| RandomState::new().hash_one("seed"));
    let setting = Setting { workspace, program, rounds: args.rounds, seed };
    println!("repeat with: --rounds {} --seed {seed}", args.rounds);

    let (mut lines, mut all_good, mut leftovers) = (Vec::new(), true, Vec::new());
    let is_asked = |scenario: &&Scenario| {
        args.scenarios.is_empty() || args.scenarios.iter().any(|name| name == scenario.name)
    };
    for scenario in SCENARIOS.iter().filter(is_asked) {
        let begun = Instant::now();
        match (scenario.run)(&setting) {
            Ok(Outcome { tally, leftovers: left }) => {
                all_good &= tally.is_good();
                lines.push(tally.to_string());
                leftovers.extend(left);
            }
            Err(error) => {
                all_good = false;
                lines.push(format!("{}: FAILED: {error:#}", scenario.name));
            }
        }
        println!("{}: {} s", scenario.name, begun.elapsed().as_secs());
    }
    for left in &leftovers {
        all_good &= left.are_swept()?;
    }
    println!("\n{}", lines.join("\n"));
    println!("{}", if all_good { "all is well" } else { "FAILED" });
    Ok(all_good)
}
