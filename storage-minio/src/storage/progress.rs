use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use storage_core::options::ProgressFn;

use crate::transport::Sent;

/// Adds up what several requests have sent of one object.
pub(super) struct Meter {
    report: ProgressFn,
    total: Option<u64>,
    /// Held while it is reported, so that reports come in order.
    sent: Mutex<u64>,
}

impl Meter {
    pub(super) fn new(report: Option<&ProgressFn>, total: Option<u64>) -> Option<Arc<Self>> {
        report.map(|report| Arc::new(Self { report: report.clone(), total, sent: Mutex::new(0) }))
    }

    /// Watches one request. If it is sent again, only what goes beyond its first attempt counts.
    pub(super) fn watch(meter: Option<&Arc<Self>>) -> Option<Sent> {
        let meter = Arc::clone(meter?);
        let furthest = AtomicU64::new(0);
        Some(Arc::new(move |sent| {
            let before = furthest.fetch_max(sent, Ordering::Relaxed);
            if sent > before {
                meter.add(sent - before);
            }
        }))
    }

    /// All is stored.
    pub(super) fn finish(meter: Option<&Arc<Self>>, size: u64) {
        if let Some(meter) = meter {
            meter.report.report(size, Some(size));
        }
    }

    fn add(&self, bytes: u64) {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        *sent += bytes;
        self.report.report(*sent, self.total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_request_does_not_count_twice() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let report = ProgressFn::new({
            let seen = Arc::clone(&seen);
            move |progress| seen.lock().unwrap().push(progress.transferred)
        });
        let meter = Meter::new(Some(&report), Some(10));
        let (first, second) = (Meter::watch(meter.as_ref()).unwrap(), Meter::watch(meter.as_ref()).unwrap());
        first(3);
        second(2);
        first(1);
        first(5);
        Meter::finish(meter.as_ref(), 7);
        assert_eq!(*seen.lock().unwrap(), [3, 5, 7, 7]);
    }
}
