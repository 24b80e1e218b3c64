use std::time::{Duration, Instant};

use crate::attempt::attempt;
use crate::minimise::minimise;
use crate::mutate::Mutator;
use crate::random::Random;

/// How a target is fuzzed.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// When to end.
    pub bound: Bound,
    /// Another seed brings other inputs.
    pub seed: u64,
    /// The longest input, in bytes.
    pub longest: usize,
}

/// When fuzzing ends, if nothing is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// After so many executions.
    Executions(u64),
    /// After this time, but not before 500 executions.
    Time(Duration),
}

/// What fuzzing a target came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// How often the target ran; once less for what was found, and not counting how that was made small.
    pub executions: u64,
    /// How long that took.
    pub took: Duration,
    /// The longest that one execution took.
    pub slowest: Duration,
    /// What was found, if anything; it ends the run.
    pub finding: Option<Finding>,
}

/// An input on which a target panics.
#[derive(Clone, Debug)]
pub struct Finding {
    /// As small as it could be made.
    pub input: Vec<u8>,
    /// What the panic said, and where it was.
    pub panic: String,
}

const MIN_EXECUTIONS: u64 = 500;

/// Runs `target` on each of the seeds, then on what is made of them.
pub fn fuzz(target: fn(&[u8]), seeds: &[&[u8]], plan: Plan) -> Report {
    let mutator = Mutator::new(seeds, plan.longest);
    let mut random = Random::new(plan.seed);
    let started = Instant::now();
    let mut report = Report { executions: 0, took: Duration::ZERO, slowest: Duration::ZERO, finding: None };
    let mut input = Vec::new();
    let mut now = started;
    while !is_over(plan.bound, report.executions, now - started) {
        match usize::try_from(report.executions).ok().and_then(|at| mutator.seeds().get(at)) {
            Some(seed) => input.clone_from(seed),
            None => mutator.next(&mut random, &mut input),
        }
        if attempt(target, &input).is_err() {
            report.finding = Some(finding(target, &input));
            break;
        }
        report.executions += 1;
        let then = std::mem::replace(&mut now, Instant::now());
        report.slowest = report.slowest.max(now - then);
    }
    report.took = started.elapsed();
    report
}

fn is_over(bound: Bound, executions: u64, took: Duration) -> bool {
    match bound {
        Bound::Executions(most) => executions >= most,
        Bound::Time(most) => took >= most && executions >= MIN_EXECUTIONS,
    }
}

fn finding(target: fn(&[u8]), input: &[u8]) -> Finding {
    let input = minimise(target, input);
    // A target that does not panic on the same input again is a finding of its own.
    let panic = attempt(target, &input).err();
    Finding { input, panic: panic.unwrap_or_else(|| "it did not panic a second time".to_owned()) }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "on b\"{}\": {}", self.input.escape_ascii(), self.panic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan { bound: Bound::Executions(50_000), seed: 1, longest: 200 };

    #[test]
    fn a_fault_is_found_and_made_small() {
        let target = |data: &[u8]| assert!(!data.windows(3).any(|part| part == b"..>"), "found");
        let report = fuzz(target, &[b"<a>..</a>"], PLAN);
        let finding = report.finding.unwrap();
        assert_eq!(finding.input, b"..>");
        assert!(finding.to_string().starts_with("on b\"..>\": "), "{finding}");
        assert!(finding.panic.contains("found"), "{finding}");
    }

    #[test]
    fn a_sound_target_runs_as_often_as_asked() {
        let report = fuzz(|_| {}, &[b"x"], PLAN);
        assert_eq!((report.executions, report.finding.is_none()), (50_000, true));
        let brief = Plan { bound: Bound::Time(Duration::ZERO), ..PLAN };
        assert_eq!(fuzz(|_| {}, &[], brief).executions, MIN_EXECUTIONS);
    }

    #[test]
    fn every_seed_is_run_first() {
        let only_seeds = Plan { bound: Bound::Executions(2), ..PLAN };
        let target = |data: &[u8]| assert!(data != b"bad seed");
        assert!(fuzz(target, &[b"good", b"bad seed"], only_seeds).finding.is_some());
    }
}
