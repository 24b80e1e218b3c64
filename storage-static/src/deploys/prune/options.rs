use std::time::Duration;

use storage_core::clock::Clock;

/// What is kept when a bucket is pruned.
#[derive(Clone, Debug)]
pub struct PruneOptions {
    pub(super) keep: usize,
    pub(super) min_age: Duration,
    pub(super) max_share: f64,
    pub(super) clock: Clock,
}

impl PruneOptions {
    /// The last three deploys are kept, whatever is younger than 24 hours, and three quarters of the objects.
    pub fn new() -> Self {
        Self { keep: 3, min_age: Duration::from_secs(24 * 3_600), max_share: 0.25, clock: Clock::system() }
    }

    /// How many deploys are kept, by their age; at least one. The live one is kept in any case.
    pub fn keep(mut self, deploys: usize) -> Self {
        self.keep = deploys.max(1);
        self
    }

    /// Deploys that are younger are kept, and so are objects that were stored later than this ago.
    pub fn min_age(mut self, age: Duration) -> Self {
        self.min_age = age;
        self
    }

    /// Which share of all objects below the root of the static files may be deleted, from 0 to 1. If it were more, none is.
    pub fn max_share(mut self, share: f64) -> Self {
        self.max_share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
        self
    }

    /// Where the time comes from: the system.
    pub fn clock(mut self, clock: impl Into<Clock>) -> Self {
        self.clock = clock.into();
        self
    }
}

impl Default for PruneOptions {
    fn default() -> Self {
        Self::new()
    }
}
