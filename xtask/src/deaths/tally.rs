//! What came of a scenario.

use std::fmt;

/// How many of the violations are shown.
const SHOWN: usize = 10;

/// What a scenario counts.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) scenario: &'static str,
    /// What is killed, for the table.
    pub(super) victim: &'static str,
    pub(super) rounds: u32,
    pub(super) kills: u32,
    /// Kills that hit in the middle: begun, and not done.
    pub(super) in_the_middle: u32,
    /// What a client was told is done, and was then found to be so.
    pub(super) acknowledged: u32,
    /// Objects that are nothing that was ever stored under their names.
    pub(super) torn: Vec<String>,
    /// What a client was told is done, and is not there, or is something else.
    pub(super) lost: Vec<String>,
    /// Anything else that must not be.
    pub(super) wrong: Vec<String>,
    /// What else is worth knowing.
    pub(super) notes: Vec<String>,
}

impl Tally {
    pub(super) fn new(scenario: &'static str, victim: &'static str) -> Self {
        Self { scenario, victim, ..Self::default() }
    }

    /// Whether nothing broke, and enough was killed to say so: at least one kill in four rounds hit in the middle.
    pub(super) fn is_good(&self) -> bool {
        self.torn.is_empty() && self.lost.is_empty() && self.wrong.is_empty() && self.hit_enough()
    }

    fn hit_enough(&self) -> bool {
        self.rounds > 0 && self.in_the_middle * 4 >= self.rounds && self.acknowledged > 0
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} rounds, {} kills of {}, {} of them in the middle; {} acknowledged and found; torn {}, lost {}, \
             otherwise wrong {}",
            self.scenario,
            self.rounds,
            self.kills,
            self.victim,
            self.in_the_middle,
            self.acknowledged,
            self.torn.len(),
            self.lost.len(),
            self.wrong.len(),
        )?;
        for (what, list) in [("torn", &self.torn), ("lost", &self.lost), ("wrong", &self.wrong)] {
            for line in list.iter().take(SHOWN) {
                write!(f, "\n  {what}: {line}")?;
            }
        }
        if !self.hit_enough() {
            f.write_str("\n  too few kills hit in the middle, so this says nothing")?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "\n  {note}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_killed_nothing_is_not_good() {
        let mut tally = Tally { rounds: 10, kills: 10, acknowledged: 5, ..Tally::new("s", "the client") };
        assert!(!tally.is_good());
        assert!(tally.to_string().contains("too few kills"));
        tally.in_the_middle = 5;
        assert!(tally.is_good());
        tally.torn.push("a: half".to_owned());
        assert!(!tally.is_good());
        assert!(tally.to_string().contains("torn 1, lost 0"), "{tally}");
    }

    #[test]
    fn no_round_is_not_good() {
        assert!(!Tally::new("s", "the client").is_good());
    }
}
