use std::time::Duration;

use crate::fuzz::{Bound, Plan, fuzz};

/// How long a test fuzzes if nobody says.
const BRIEFLY: Duration = Duration::from_millis(300);

/// Longer inputs find little more and cost much.
const LONGEST: usize = 4_096;

/// Fuzzes `target` for 0.3 seconds, or `STORAGE_FUZZ_EXECUTIONS` times. Same seed, same inputs: `STORAGE_FUZZ_SEED` brings others.
///
/// # Panics
///
/// If the target panics; the message has the input, and the seed.
#[allow(clippy::panic, clippy::print_stdout, reason = "this is what a test calls")]
pub fn check(name: &str, target: fn(&[u8]), seeds: &[&[u8]]) {
    let seed = number("STORAGE_FUZZ_SEED").unwrap_or(1);
    let bound = number("STORAGE_FUZZ_EXECUTIONS").map_or(Bound::Time(BRIEFLY), Bound::Executions);
    let report = fuzz(target, seeds, Plan { bound, seed, longest: LONGEST });
    match report.finding {
        None => println!("{name}: {} executions in {:.1?}, seed {seed}", report.executions, report.took),
        Some(finding) => panic!("{name}, seed {seed}, execution {}: {finding}", report.executions + 1),
    }
}

/// # Panics
///
/// If the variable holds no number: a run of another length than the one that was asked for would pass for it.
#[allow(clippy::disallowed_methods, clippy::panic, reason = "read by tests only, whose settings these are")]
fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.replace('_', "").parse().unwrap_or_else(|_| panic!("{variable} is no number: `{text}`")))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_sound_target_passes() {
        check("sound", |_| {}, &[b"x"]);
    }

    #[test]
    #[should_panic(expected = "unsound, seed ")]
    fn an_unsound_one_does_not() {
        check("unsound", |data| assert!(data.len() < 9), &[b"x"]);
    }
}
