use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use storage_core::clock::Clock;

/// 2026-01-01, 00:00 UTC.
const START: Duration = Duration::from_secs(1_767_225_600);

/// A clock that stands still until it is told otherwise. A clone is the same clock.
///
/// ```
/// use std::time::Duration;
/// use storage_local::testing::TestClock;
///
/// let clock = TestClock::new();
/// let before = clock.now();
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), before + Duration::from_secs(60));
/// ```
#[derive(Clone, Debug)]
pub struct TestClock(Arc<Mutex<SystemTime>>);

impl TestClock {
    /// It is 2026-01-01, 00:00 UTC.
    pub fn new() -> Self {
        Self::at(UNIX_EPOCH + START)
    }

    /// It is `time`.
    pub fn at(time: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(time)))
    }

    /// What it shows.
    pub fn now(&self) -> SystemTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets it, forwards or back.
    pub fn set(&self, time: SystemTime) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = time;
    }

    /// Moves it forwards.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

/// For whatever else takes its time from a clock: a naming by date, another store.
impl From<&TestClock> for Clock {
    fn from(clock: &TestClock) -> Self {
        let clock = clock.clone();
        Self::from_fn(move || clock.now())
    }
}
