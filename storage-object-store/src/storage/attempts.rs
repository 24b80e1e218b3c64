use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use object_store::Extensions;

/// How often a request was sent. It travels with the request, and the transport counts; one that is not ours does not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempts(Arc<AtomicUsize>);

impl Attempts {
    pub(crate) fn extensions(&self) -> Extensions {
        let mut extensions = Extensions::new();
        extensions.insert(self.clone());
        extensions
    }

    #[cfg(feature = "_http")]
    pub(crate) fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether the request may have been sent more than once.
    pub(crate) fn may_be_repeated(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 1
    }
}
