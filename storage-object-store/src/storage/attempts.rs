use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use object_store::Extensions;
use storage_core::{Error, ErrorKind};

/// How often a request was tried, and how often it may have come to the server. It travels with the request, and the transport counts; one
/// that is not ours does not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempts(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    tried: AtomicUsize,
    unreached: AtomicUsize,
}

impl Attempts {
    pub(crate) fn extensions(&self) -> Extensions {
        let mut extensions = Extensions::new();
        extensions.insert(self.clone());
        extensions
    }

    #[cfg(feature = "_http")]
    pub(crate) fn count(&self) {
        self.0.tried.fetch_add(1, Ordering::Relaxed);
    }

    /// The last one found no server.
    #[cfg(feature = "_http")]
    pub(crate) fn count_unreached(&self) {
        self.0.unreached.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn reach(&self) -> Reach {
        let tried = self.0.tried.load(Ordering::Relaxed);
        let reached = tried - self.0.unreached.load(Ordering::Relaxed);
        match tried {
            0 => Reach::UNKNOWN,
            _ => Reach { repeated: reached > 1, reached: reached > 0 },
        }
    }
}

/// How far a write came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    repeated: bool,
    reached: bool,
}

impl Reach {
    /// Nobody counted.
    pub(crate) const UNKNOWN: Self = Self { repeated: true, reached: true };

    /// Whether the write may have been done, though it failed this way.
    pub(crate) fn is_unclear(self, error: &Error) -> bool {
        match error.kind() {
            ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Throttled => self.reached,
            // An answer that cannot be understood. With a code it is an answer.
            ErrorKind::Corrupt if error.code().is_none() => self.reached,
            // Whatever a repetition is refused for may come of the first one's success.
            _ => self.repeated,
        }
    }
}
