use std::fmt;
use std::time::Duration;

use super::HealthState;

/// What a [check](super::Health::check) found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HealthReport {
    /// How the store is.
    pub state: HealthState,
    /// How long it took to find out.
    pub latency: Duration,
    /// What the server calls itself, with its version if it tells it: `MinIO`, `SeaweedFS 4.48`.
    pub server: Option<String>,
    /// What went wrong, in words; holds no secret.
    pub detail: Option<String>,
}

impl HealthReport {
    /// A report with nothing but its state and the time it took.
    pub fn new(state: HealthState, latency: Duration) -> Self {
        Self { state, latency, server: None, detail: None }
    }

    /// Says what the server calls itself.
    pub fn with_server(mut self, server: Option<String>) -> Self {
        self.server = server;
        self
    }

    /// Says what went wrong.
    pub fn with_detail(mut self, detail: Option<String>) -> Self {
        self.detail = detail;
        self
    }

    /// Whether the answer to what was asked is yes.
    pub fn is_up(&self) -> bool {
        self.state == HealthState::Up
    }
}

impl fmt::Display for HealthReport {
    /// One line: the state, and if it is not up, what went wrong and what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.state)?;
        if let Some(server) = &self.server {
            write!(f, " ({server})")?;
        }
        write!(f, " after {} ms", self.latency.as_millis())?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        match self.state.advice() {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}
