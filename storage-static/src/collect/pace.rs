use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;
use std::time::Duration;

use storage_core::{Error, ErrorKind, Result};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How often a request is repeated that the store has too much to do for, beyond what the store's own client repeats.
const ATTEMPTS: u32 = 6;

const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// What may be held in memory of files that are under way, in KiB: two full batches, and some small ones.
const MEMORY: u32 = 32 * 1024;

/// How many requests are under way, and how many bytes are held for them.
pub(crate) struct Pace {
    requests: Semaphore,
    /// Requests that may be taken away still.
    spare: AtomicUsize,
    memory: Semaphore,
    /// One for each processor.
    processors: Semaphore,
}

impl Pace {
    pub(crate) fn new(at_once: usize) -> Self {
        Self {
            requests: Semaphore::new(at_once),
            spare: AtomicUsize::new(at_once - 1),
            memory: Semaphore::new(MEMORY as usize),
            processors: Semaphore::new(available_parallelism().map_or(1, NonZero::get)),
        }
    }

    /// Waits for its turn, and slows all down if the store says that it is too much.
    pub(super) async fn send<T, F: Future<Output = Result<T>>>(&self, request: impl Fn() -> F) -> Result<T> {
        let mut pause = FIRST_PAUSE;
        for attempt in 1.. {
            let turn = self.requests.acquire().await.map_err(Error::from_body)?;
            let error = match request().await {
                Err(error) if is_too_much(&error) && attempt < ATTEMPTS => error,
                answered => return answered,
            };
            if self.take_one_away() {
                turn.forget();
            } else {
                drop(turn);
            }
            drop(error);
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        Err(Error::new(ErrorKind::Throttled, "the store has too much to do"))
    }

    /// Waits until so many bytes may be held. More than all of it is one at a time.
    pub(crate) async fn hold(&self, bytes: u64) -> Result<SemaphorePermit<'_>> {
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(MEMORY).clamp(1, MEMORY);
        self.memory.acquire_many(kib).await.map_err(Error::from_body)
    }

    /// Waits for a processor.
    pub(super) async fn turn_to_compute(&self) -> Result<SemaphorePermit<'_>> {
        self.processors.acquire().await.map_err(Error::from_body)
    }

    fn take_one_away(&self) -> bool {
        let less = |spare: usize| spare.checked_sub(1);
        self.spare.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

fn is_too_much(error: &Error) -> bool {
    error.kind() == ErrorKind::Throttled || error.http_status() == Some(503)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn slows_down_and_goes_on() {
        let pace = Pace::new(4);
        let asked = AtomicU32::new(0);
        let answer = pace
            .send(|| async {
                match asked.fetch_add(1, Ordering::Relaxed) {
                    0 | 1 => Err(Error::new(ErrorKind::Throttled, "")),
                    _ => Ok(7),
                }
            })
            .await;
        assert_eq!((answer.unwrap(), pace.requests.available_permits()), (7, 2));
        for _ in 0..5 {
            let busy = pace.send(|| async { Err::<(), _>(Error::new(ErrorKind::Throttled, "")) }).await;
            assert_eq!(busy.unwrap_err().kind(), ErrorKind::Throttled);
        }
        assert_eq!(pace.requests.available_permits(), 1, "one at a time is always allowed");
        let other = pace.send(|| async { Err::<(), _>(Error::new(ErrorKind::PermissionDenied, "")) }).await;
        assert_eq!(other.unwrap_err().kind(), ErrorKind::PermissionDenied);
    }
}
