//! What a client may say while its server is away.

use super::client::Ended;
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
