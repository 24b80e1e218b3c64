use std::time::Duration;

use storage_core::options::CustomerKey;
use storage_core::outcome::PutOutcome;
use storage_core::{Error, ErrorKind, ObjectKey, Result};
use tokio::time::{sleep, timeout};

use super::Store;
use super::stat::Found;
use crate::actions::metadata::SaveId;
use crate::client::Exchange;

/// How long a failed write is held back to find out what became of it.
const LOOK_TIME: Duration = Duration::from_secs(10);

/// When it is looked again for what should be there.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// A write that can be known again.
pub(super) struct Stamped<'a> {
    pub(super) key: &'a ObjectKey,
    /// What the object's headers were stamped with.
    pub(super) save_id: &'a SaveId,
    pub(super) size: u64,
    pub(super) customer_key: Option<&'a CustomerKey>,
}

/// How far a write came.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    repeated: bool,
    reached: bool,
}

impl Reach {
    pub(super) fn of(exchange: &Exchange) -> Self {
        Self { repeated: exchange.repeated, reached: exchange.reached }
    }

    /// Whether the write may have been done, though it failed this way.
    fn is_unclear(self, error: &Error) -> bool {
        match error.kind() {
            ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Throttled => self.reached,
            // An answer that cannot be understood. With a code it is an answer.
            ErrorKind::Corrupt if error.code().is_none() => self.reached,
            // Whatever a repetition is refused for may come of the first one's success.
            _ => self.repeated,
        }
    }
}

impl Store {
    /// Makes more of a conditional write's failure: where the write may have been done, one look at the object tells by the save id. What
    /// stays unclear is never said to be taken, or the caller would store a second copy under another name.
    pub(super) async fn settle(
        &self,
        answered: Result<PutOutcome>,
        reach: Reach,
        write: Stamped<'_>,
    ) -> Result<PutOutcome> {
        let Err(error) = answered else { return answered };
        if !reach.is_unclear(&error) {
            return Err(error);
        }
        match timeout(LOOK_TIME, Box::pin(self.look(&write, error.is_already_exists()))).await {
            Ok(Ok(Found::Own(outcome))) => Ok(outcome),
            Ok(Ok(Found::Nothing)) if error.is_already_exists() => Err(vanished(error)),
            Ok(Ok(Found::Another | Found::Nothing)) => Err(error),
            _ if !is_refused_condition(error.kind()) => Err(error),
            Ok(Err(failed)) => Err(failed),
            Err(_) => Err(Error::new(
                ErrorKind::Timeout,
                format!("whether the object was stored was not answered for {LOOK_TIME:?}"),
            )),
        }
    }

    /// Looks once more where something `is_said_to_be_there` and is not.
    async fn look(&self, write: &Stamped<'_>, is_said_to_be_there: bool) -> Result<Found> {
        let look = || self.found_after_write(write.key, write.save_id, write.size, write.customer_key);
        match look().await? {
            Found::Nothing if is_said_to_be_there => {
                sleep(LOOK_AGAIN).await;
                look().await
            }
            found => Ok(found),
        }
    }
}

/// The repetition was refused for an object that is gone by now: one's own that somebody has deleted, or one that the server has not
/// finished. That the key is taken would be wrong, and that the write was not done may be.
fn vanished(error: Error) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "the key was said to be taken when the write was repeated, but nothing is there",
    )
    .with_retryable(true)
    .with_hint("store it again: it is created only if the key is free")
    .with_source(error)
}

/// Whether a condition did not hold, as it does not after one's own earlier success either.
fn is_refused_condition(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::AlreadyExists | ErrorKind::PreconditionFailed)
}
