use std::fmt;
use std::sync::Arc;

/// How far a transfer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes that the store has taken so far. It never goes back.
    pub transferred: u64,
    /// Bytes in all, if that is known.
    pub total: Option<u64>,
}

/// Is told of each step of a transfer. It is called from the transfer itself and must return at once.
#[derive(Clone)]
pub struct ProgressFn(Arc<dyn Fn(Progress) + Send + Sync>);

impl ProgressFn {
    /// Calls `watch` at each step.
    pub fn new(watch: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self(Arc::new(watch))
    }

    /// Tells of a step. A store calls it when it has taken bytes, and once more when all is stored.
    pub fn report(&self, transferred: u64, total: Option<u64>) {
        (self.0)(Progress { transferred, total });
    }
}

impl fmt::Debug for ProgressFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProgressFn")
    }
}
