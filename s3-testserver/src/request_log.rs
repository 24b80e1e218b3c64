//! What the server was asked, and how it answered.

use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, Method, Request, StatusCode};

/// One request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The method.
    pub method: Method,
    /// Path and query as they came, percent-encoded.
    pub target: String,
    /// The headers as they came; they hold signatures, and keys never.
    pub headers: HeaderMap,
    /// The status of the answer; `None` when there was none (yet).
    pub status: Option<u16>,
    /// Bytes of the request's body that were read.
    pub received: u64,
    /// Bytes of the answer's body that were handed to the connection.
    pub sent: u64,
}

/// Every request since the start or the last [`RequestLog::reset`], in the order of arrival.
///
/// Clones show the same log.
#[derive(Debug, Clone, Default)]
pub struct RequestLog(Arc<Mutex<Vec<Arc<Entry>>>>);

impl RequestLog {
    /// All requests.
    pub fn all(&self) -> Vec<RequestRecord> {
        self.lock().iter().map(|entry| entry.record()).collect()
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// How many there were of one method.
    pub fn count_of(&self, method: &Method) -> usize {
        self.lock().iter().filter(|entry| entry.method == *method).count()
    }

    /// Forgets them all; a request in flight is forgotten with them.
    pub fn reset(&self) {
        self.lock().clear();
    }

    pub(crate) fn open<B>(&self, request: &Request<B>) -> Arc<Entry> {
        let uri = request.uri();
        let entry = Arc::new(Entry {
            method: request.method().clone(),
            target: uri.path_and_query().map_or(uri.path(), |target| target.as_str()).to_owned(),
            headers: request.headers().clone(),
            status: AtomicU16::new(0),
            received: AtomicU64::new(0),
            sent: AtomicU64::new(0),
        });
        self.lock().push(Arc::clone(&entry));
        entry
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Entry>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that may still be running.
#[derive(Debug)]
pub(crate) struct Entry {
    method: Method,
    target: String,
    headers: HeaderMap,
    /// 0 for none.
    status: AtomicU16,
    received: AtomicU64,
    sent: AtomicU64,
}

impl Entry {
    pub(crate) fn answered(&self, status: StatusCode) {
        self.status.store(status.as_u16(), Ordering::Release);
    }

    /// Adds to what was read, and gives the sum.
    pub(crate) fn add_received(&self, bytes: usize) -> u64 {
        self.received.fetch_add(bytes as u64, Ordering::AcqRel) + bytes as u64
    }

    pub(crate) fn add_sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Ordering::AcqRel);
    }

    fn record(&self) -> RequestRecord {
        RequestRecord {
            method: self.method.clone(),
            target: self.target.clone(),
            headers: self.headers.clone(),
            status: Some(self.status.load(Ordering::Acquire)).filter(|status| *status != 0),
            received: self.received.load(Ordering::Acquire),
            sent: self.sent.load(Ordering::Acquire),
        }
    }
}
