use storage_core::ErrorKind;

use super::Operation;

/// A failure that a test asks for.
///
/// By itself it is of the next call of the operation, once, before anything has happened.
///
/// ```
/// use storage_core::ErrorKind;
/// use storage_local::testing::{Fault, Operation};
///
/// let third_put = Fault::on(Operation::Put, ErrorKind::Throttled).nth(3);
/// let dead = Fault::on(Operation::Get, ErrorKind::Unavailable).always();
/// let lost_answer = Fault::on(Operation::Delete, ErrorKind::Timeout).after();
/// let torn_download = Fault::on(Operation::Get, ErrorKind::Unavailable).after_bytes(1_000);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fault does nothing until it is injected"]
pub struct Fault {
    pub(super) operation: Operation,
    pub(super) kind: ErrorKind,
    pub(super) moment: Moment,
    /// Calls that go well before it.
    skip: usize,
    /// Calls that fail then; `None` for all.
    times: Option<usize>,
}

/// When a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Before,
    After,
    Bytes(u64),
}

impl Fault {
    /// The next call of `operation` fails with an error of this kind, which is retryable where the kind is.
    pub fn on(operation: Operation, kind: ErrorKind) -> Self {
        Self { operation, kind, moment: Moment::Before, skip: 0, times: Some(1) }
    }

    /// Has the nth call from now fail: 1, the default, is the next.
    pub fn nth(mut self, call: usize) -> Self {
        self.skip = call.saturating_sub(1);
        self
    }

    /// Has so many calls fail, one after the other.
    pub fn times(mut self, calls: usize) -> Self {
        self.times = Some(calls);
        self
    }

    /// Has all calls fail from then on, until the store is told to be [calm](super::TestStorage::calm).
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Does what was asked, and fails then, as if the answer were lost. A listing fails after its last item.
    pub fn after(mut self) -> Self {
        self.moment = Moment::After;
        self
    }

    /// Opens the object, and breaks its content off after so many bytes. Of any operation but a get it is [`after`](Self::after).
    pub fn after_bytes(mut self, bytes: u64) -> Self {
        self.moment = Moment::Bytes(bytes);
        self
    }

    /// Counts a call of its operation; `true` if it is one that fails.
    pub(super) fn is_due(&mut self) -> bool {
        match self.skip.checked_sub(1) {
            Some(left) => {
                self.skip = left;
                false
            }
            None => self.times != Some(0),
        }
    }

    /// Takes note that a call has failed.
    pub(super) fn spend(&mut self) {
        self.times = self.times.map(|times| times.saturating_sub(1));
    }

    pub(super) fn is_spent(&self) -> bool {
        self.times == Some(0)
    }
}
