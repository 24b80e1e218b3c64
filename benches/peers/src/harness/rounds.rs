use std::time::Duration;

use anyhow::{Context, Result};

use super::{Settings, Usage, mebibytes, seconds};

/// One who takes part: a name, and what is measured. It is told the number of the round, from 0.
pub(crate) struct Contestant<'a> {
    name: String,
    is_slow: bool,
    measure: Box<dyn FnMut(u32) -> Result<Usage> + 'a>,
}

/// What all rounds of one contestant took.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) name: String,
    usages: Vec<Usage>,
}

impl<'a> Contestant<'a> {
    pub(crate) fn new(name: impl Into<String>, measure: impl FnMut(u32) -> Result<Usage> + 'a) -> Self {
        Self { name: name.into(), is_slow: false, measure: Box::new(measure) }
    }

    /// Takes part in the first round only: it is slower by so much that no noise matters.
    pub(crate) fn in_first_round(mut self) -> Self {
        self.is_slow = true;
        self
    }
}

/// Measures all contestants that are wanted, one after the other, round after round. Every second round goes backwards, so that
/// nobody always follows the same one.
///
/// # Errors
/// When one of them fails: a table with a hole would mislead.
pub(crate) fn in_rounds(settings: &Settings, contestants: Vec<Contestant<'_>>) -> Result<Vec<Measured>> {
    Ok(in_phases(settings, vec![contestants])?.pop().unwrap_or_default())
}

/// As [`in_rounds`], with work that has several phases: each round goes through all of them, and in each phase all take turns.
///
/// # Errors
/// Those of [`in_rounds`].
pub(crate) fn in_phases(settings: &Settings, phases: Vec<Vec<Contestant<'_>>>) -> Result<Vec<Vec<Measured>>> {
    let mut phases: Vec<Vec<_>> = phases
        .into_iter()
        .map(|phase| phase.into_iter().filter(|contestant| settings.wants(&contestant.name)).collect())
        .collect();
    let unmeasured =
        |contestant: &Contestant<'_>| Measured { name: contestant.name.clone(), usages: Vec::new() };
    let mut measured: Vec<Vec<_>> =
        phases.iter().map(|phase| phase.iter().map(unmeasured).collect()).collect();
    for round in 0..settings.rounds {
        for (phase, results) in phases.iter_mut().zip(&mut measured) {
            let mut turns: Vec<_> =
                phase.iter_mut().zip(results).filter(|(one, _)| round == 0 || !one.is_slow).collect();
            if round % 2 == 1 {
                turns.reverse();
            }
            for (contestant, result) in turns {
                result.usages.push(contestant.take_turn(round)?);
            }
        }
    }
    Ok(measured)
}

impl Contestant<'_> {
    fn take_turn(&mut self, round: u32) -> Result<Usage> {
        let usage =
            (self.measure)(round).with_context(|| format!("{} failed in round {}", self.name, round + 1))?;
        eprintln!(
            "round {} {}: {}, CPU {}, {}",
            round + 1,
            self.name,
            seconds(usage.wall),
            seconds(usage.cpu),
            mebibytes(usage.peak_memory)
        );
        Ok(usage)
    }
}

impl Measured {
    /// The median of the wall time.
    pub(crate) fn wall(&self) -> Duration {
        self.median(|usage| usage.wall)
    }

    /// The median of the CPU time.
    pub(crate) fn cpu(&self) -> Duration {
        self.median(|usage| usage.cpu)
    }

    /// The most memory of all rounds, in bytes: a bound that is broken once is broken.
    pub(crate) fn peak_memory(&self) -> u64 {
        self.usages.iter().map(|usage| usage.peak_memory).max().unwrap_or(0)
    }

    fn median<T: Ord + Copy + Default>(&self, of: impl Fn(&Usage) -> T) -> T {
        let mut values: Vec<_> = self.usages.iter().map(of).collect();
        values.sort_unstable();
        values.get(values.len() / 2).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        settings: Settings,
    }

    fn settings(flags: &[&str]) -> Settings {
        Flags::parse_from([&["test"], flags].concat()).settings
    }

    fn took(seconds: u64, peak_memory: u64) -> Usage {
        Usage { wall: Duration::from_secs(seconds), cpu: Duration::from_secs(seconds), peak_memory }
    }

    #[test]
    fn contestants_take_turns() {
        let order = RefCell::new(String::new());
        let contestant = |name: &'static str| {
            let order = &order;
            Contestant::new(name, move |_| {
                order.borrow_mut().push_str(name);
                Ok(Usage::default())
            })
        };
        let all = vec![contestant("a"), contestant("b"), contestant("x")];
        in_rounds(&settings(&["--rounds", "3", "--only", "a,b"]), all).unwrap();
        assert_eq!(*order.borrow(), "abbaab");
        order.borrow_mut().clear();
        in_rounds(&settings(&["--rounds", "2"]), vec![contestant("a"), contestant("b").in_first_round()])
            .unwrap();
        assert_eq!(*order.borrow(), "aba");
    }

    #[test]
    fn each_round_goes_through_all_phases() {
        let order = RefCell::new(String::new());
        let contestant = |name: &'static str| {
            let order = &order;
            Contestant::new(name, move |_| {
                order.borrow_mut().push_str(name);
                Ok(Usage::default())
            })
        };
        let phases = vec![vec![contestant("a"), contestant("b")], vec![contestant("x"), contestant("y")]];
        let measured = in_phases(&settings(&["--rounds", "2"]), phases).unwrap();
        assert_eq!(*order.borrow(), "abxybayx");
        assert_eq!(measured[1][0].name, "x");
    }

    #[test]
    fn medians_and_peaks() {
        let times = [9, 1, 5, 3, 4];
        let contestant = Contestant::new("a", |round| Ok(took(times[round as usize], u64::from(10 - round))));
        let measured = in_rounds(&settings(&[]), vec![contestant]).unwrap();
        assert_eq!((measured[0].wall().as_secs(), measured[0].cpu().as_secs()), (4, 4));
        assert_eq!(measured[0].peak_memory(), 10);
    }

    #[test]
    fn a_failure_is_no_hole_in_the_table() {
        let broken = Contestant::new("a", |_| anyhow::bail!("no"));
        assert!(in_rounds(&settings(&[]), vec![broken]).is_err());
    }
}
