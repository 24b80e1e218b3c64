use std::time::Duration;

use tokio::time::Instant;

use super::RetryOptions;
use super::failure::{Again, Failure};

/// Counts the attempts of one request and says how long to wait before the next.
pub(super) struct Backoff<'o> {
    options: &'o RetryOptions,
    began: Instant,
    repeated: u32,
    connecting: Duration,
}

impl<'o> Backoff<'o> {
    /// The budget of time begins now.
    pub(super) fn new(options: &'o RetryOptions) -> Self {
        Self { options, began: Instant::now(), repeated: 0, connecting: Duration::ZERO }
    }

    /// No attempt begins after this.
    pub(super) fn deadline(&self) -> Instant {
        self.began + self.options.budget
    }

    /// The wait before the next attempt, or `None` if there is none. `took` is how long the last attempt took.
    pub(super) fn next(&mut self, failure: &Failure, took: Duration) -> Option<Duration> {
        if self.repeated >= self.options.count {
            return None;
        }
        let jittered = self.options.wait(self.repeated);
        let wait = match failure.again {
            Again::No => return None,
            Again::Soon => jittered,
            Again::After(time) => time.max(jittered),
            Again::Connect => {
                self.connecting += took + jittered;
                if self.connecting > self.options.connect_budget {
                    return None;
                }
                jittered
            }
        };
        if self.began.elapsed().saturating_add(wait) > self.options.budget {
            return None;
        }
        self.repeated += 1;
        Some(wait)
    }
}

impl RetryOptions {
    /// Between nothing and a bound that doubles, so that those who failed together do not come back together.
    pub(crate) fn wait(&self, repeated: u32) -> Duration {
        share_of(self.backoff.saturating_mul(1 << repeated.min(20)).min(self.max_backoff))
    }
}

/// A random share of `bound`; all of it where there are no random bytes.
pub(super) fn share_of(bound: Duration) -> Duration {
    let mut random = [0; 2];
    let share = match getrandom::fill(&mut random) {
        Ok(()) => u32::from(u16::from_ne_bytes(random)),
        Err(_) => u32::from(u16::MAX),
    };
    bound / u32::from(u16::MAX) * share
}

#[cfg(test)]
mod tests {
    use storage_core::{Error, ErrorKind};

    use super::*;

    fn failure(again: Again) -> Failure {
        Failure { error: Error::new(ErrorKind::Unavailable, ""), again, reached: true }
    }

    #[test]
    fn waits_within_a_bound_that_doubles_and_stops_after_the_count() {
        let options = RetryOptions::new()
            .count(4)
            .backoff(Duration::from_millis(100))
            .max_backoff(Duration::from_millis(300));
        let mut backoff = Backoff::new(&options);
        for bound in [100, 200, 300, 300] {
            let wait = backoff.next(&failure(Again::Soon), Duration::ZERO).unwrap();
            assert!(wait <= Duration::from_millis(bound), "{wait:?} of {bound}");
        }
        assert_eq!(backoff.next(&failure(Again::Soon), Duration::ZERO), None);
    }

    #[test]
    fn honours_the_servers_wish_up_to_the_budget() {
        let options = RetryOptions::new();
        let wait =
            Backoff::new(&options).next(&failure(Again::After(Duration::from_secs(7))), Duration::ZERO);
        assert_eq!(wait, Some(Duration::from_secs(7)));
        let too_long = failure(Again::After(Duration::from_secs(46)));
        assert_eq!(Backoff::new(&options).next(&too_long, Duration::ZERO), None);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_repeated_after_the_budget() {
        let options = RetryOptions::new().count(1_000);
        let mut backoff = Backoff::new(&options);
        let began = Instant::now();
        while let Some(wait) = backoff.next(&failure(Again::Soon), Duration::ZERO) {
            tokio::time::sleep(wait).await;
        }
        let took = began.elapsed();
        assert!(took <= options.budget && took + options.max_backoff > options.budget, "{took:?}");
    }

    #[test]
    fn connecting_is_given_up_within_its_budget() {
        let options = RetryOptions::new().count(100);
        let mut backoff = Backoff::new(&options);
        let attempts =
            std::iter::from_fn(|| backoff.next(&failure(Again::Connect), Duration::from_secs(3))).count();
        assert!((1..=3).contains(&attempts), "{attempts}");
        assert_eq!(Backoff::new(&options).next(&failure(Again::No), Duration::ZERO), None);
    }
}
