//! What a scenario is given, and what it gives.

use std::path::PathBuf;

use anyhow::Result;

use super::dice::Dice;
use super::leftovers::Leftovers;
use super::tally::Tally;
use crate::workspace::Workspace;

/// How long and with what a scenario runs.
pub(super) struct Setting {
    pub(super) workspace: Workspace,
    /// The command `storage`.
    pub(super) program: PathBuf,
    /// How many rounds in which a client is killed.
    pub(super) rounds: u32,
    pub(super) seed: u64,
}

/// What came of a scenario.
pub(super) struct Outcome {
    pub(super) tally: Tally,
    /// What is to be gone some time after.
    pub(super) leftovers: Option<Leftovers>,
}

/// One kind of death.
pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) run: fn(&Setting) -> Result<Outcome>,
}

impl Setting {
    /// Rounds in which a server dies and comes back take as long as many in which a client does.
    pub(super) fn server_rounds(&self) -> u32 {
        self.rounds.div_ceil(25)
    }

    pub(super) fn dice(&self, scenario: &str, round: u32) -> Dice {
        Dice::new(self.seed, scenario, round)
    }

    /// Runs the rounds, saying now and then how far it is.
    ///
    /// # Errors
    /// What a round says, with its number and the seed.
    pub(super) fn rounds(
        &self,
        scenario: &str,
        count: u32,
        mut round: impl FnMut(u32, &mut Dice) -> Result<()>,
    ) -> Result<()> {
        let step = count.div_ceil(5).max(1);
        for number in 1..=count {
            let mut dice = self.dice(scenario, number);
            round(number, &mut dice).map_err(|error| error.context(format!("{scenario}, round {number}")))?;
            if number % step == 0 || number == count {
                println!("{scenario}: {number} of {count} rounds");
            }
        }
        Ok(())
    }
}

impl From<Tally> for Outcome {
    fn from(tally: Tally) -> Self {
        Self { tally, leftovers: None }
    }
}
