use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::overloaded;
use crate::{Error, ErrorKind, Result};

/// What lets one thing go on. Dropped, it lets the next.
pub(super) type Permit = OwnedSemaphorePermit;

/// So many of one kind at once, and a queue for the others.
#[derive(Clone, Debug)]
pub(super) struct Permits {
    free: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    max_waiting: usize,
}

impl Permits {
    pub(super) fn new(max: usize) -> Self {
        let free = Arc::new(Semaphore::new(max.clamp(1, Semaphore::MAX_PERMITS)));
        Self { free, waiting: Arc::default(), max_waiting: usize::MAX }
    }

    pub(super) fn limit_waiting(&mut self, max: usize) {
        self.max_waiting = max;
    }

    /// One, if it is free and nobody waits for it.
    pub(super) fn try_acquire(&self) -> Option<Permit> {
        Arc::clone(&self.free).try_acquire_owned().ok()
    }

    /// One, in the order of those who asked.
    ///
    /// # Errors
    ///
    /// More wait already than may.
    pub(super) async fn acquire(&self) -> Result<Permit> {
        if let Some(permit) = self.try_acquire() {
            return Ok(permit);
        }
        let _place = Place::take(&self.waiting, self.max_waiting)?;
        Arc::clone(&self.free)
            .acquire_owned()
            .await
            .map_err(|closed| Error::new(ErrorKind::Other, "the limit was taken away").with_source(closed))
    }
}

/// A place in the queue.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, max: usize) -> Result<Self> {
        let one_more = |count: usize| (count < max).then_some(count + 1);
        match waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more) {
            Ok(_) => Ok(Self(waiting)),
            Err(count) => Err(overloaded(count)),
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
