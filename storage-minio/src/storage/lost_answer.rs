use std::time::Duration;

use storage_core::options::CustomerKey;
use storage_core::outcome::PutOutcome;
use storage_core::{Error, ErrorKind, ObjectKey, Result};
use tokio::time::timeout;

use super::Store;
use crate::actions::metadata::SaveId;
use crate::client::Exchange;

/// How long a failed write is held back to find out what became of it.
const LOOK_TIME: Duration = Duration::from_secs(10);

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
        let look = self.own_success(write.key, write.save_id, write.size, write.customer_key);
        match timeout(LOOK_TIME, look).await {
            Ok(Ok(Some(outcome))) => Ok(outcome),
            Ok(Ok(None)) => Err(error),
            _ if !is_refused_condition(error.kind()) => Err(error),
            Ok(Err(failed)) => Err(failed),
            Err(_) => Err(Error::new(
                ErrorKind::Timeout,
                format!("whether the object was stored was not answered for {LOOK_TIME:?}"),
            )),
        }
    }
}

/// Whether a condition did not hold, as it does not after one's own earlier success either.
fn is_refused_condition(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::AlreadyExists | ErrorKind::PreconditionFailed)
}
