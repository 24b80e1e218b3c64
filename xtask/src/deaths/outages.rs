//! When a server dies under its clients, and what these may say while it is away.

use std::thread;
use std::time::{Duration, Instant};

use super::client::{Client, Ended};
use super::dice::Dice;
use super::tally::Tally;

/// The kinds of error that say that a server cannot serve now, which is not that something is missing.
const AWAY: [&str; 3] = ["unavailable", "timeout", "throttled"];

/// The exit status for these.
const UNAVAILABLE: i32 = 5;

/// Whatever failed says that the server cannot serve, and nothing else; and the exit status says the same.
pub(super) fn check_typed(run: &Ended, when: &str, tally: &mut Tally) {
    let odd = run.failures.iter().filter(|failure| !AWAY.contains(&&*failure.kind));
    tally.wrong.extend(odd.map(|failure| format!("{when}: {}: {}", failure.kind, failure.message)));
    tally.wrong.extend(run.noise.iter().map(|line| format!("{when}: {line}")));
    let expected = if run.failures.is_empty() { 0 } else { UNAVAILABLE };
    if run.code() != Some(expected) {
        tally.wrong.push(format!(
            "{when}: exit status {:?}, not {expected}: {}",
            run.code(),
            run.complaint()
        ));
    }
}

/// Waits for a moment in which the clients work, `whole` being how long they take in all; whether one still does then.
pub(super) fn await_the_middle(clients: &mut [Client], whole: Duration, dice: &mut Dice) -> bool {
    const STEP: Duration = Duration::from_millis(2);
    let begun = Instant::now();
    while begun.elapsed() < whole * 2 && !clients.iter_mut().any(Client::is_in_the_middle) {
        thread::sleep(STEP);
    }
    thread::sleep(dice.moment(whole * 7 / 10));
    clients.iter_mut().any(Client::is_in_the_middle)
}
