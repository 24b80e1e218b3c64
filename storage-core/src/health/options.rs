use std::time::Duration;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Question {
    /// Does anything answer there? A refusal is an answer. For those who would restart what does not answer.
    Liveness,
    /// Can this application work with it: the right credentials, clock and region, a bucket that is there and that may be used?
    Readiness,
}

/// What a [check](super::Health::check) asks, and how long it may take.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HealthOptions {
    /// What is asked.
    pub question: Question,
    /// How long the whole check may take. Default: 3 s.
    pub timeout: Duration,
}

impl HealthOptions {
    /// Whether the application can work with the store.
    pub const fn readiness() -> Self {
        Self { question: Question::Readiness, timeout: Duration::from_secs(3) }
    }

    /// Whether anything answers.
    pub const fn liveness() -> Self {
        Self { question: Question::Liveness, timeout: Duration::from_secs(3) }
    }

    /// Sets how long the whole check may take.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl Default for HealthOptions {
    fn default() -> Self {
        Self::readiness()
    }
}
