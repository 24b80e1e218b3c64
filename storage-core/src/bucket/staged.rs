use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::body::ByteStream;
use crate::key::STAGED;
use crate::options::PutMode;
use crate::outcome::PutOutcome;
use crate::{Body, CopyOptions, Error, ErrorKind, ObjectKey, PutOptions, Result, Storage, random};

/// How long a save is held back for the sake of cleaning up.
const DISCARD_WAIT: Duration = Duration::from_secs(3);

/// An object stored aside under a random key, to be copied to its place. Whoever has one deletes it in the end, [`to_the_end`].
pub(super) struct Staged {
    storage: Arc<dyn Storage>,
    key: ObjectKey,
}

impl Staged {
    pub(super) async fn put(storage: &Arc<dyn Storage>, body: Body, options: PutOptions) -> Result<Self> {
        if options.is_locking() {
            return Err(Error::unsupported(
                "an object that is to be kept from being deleted cannot be stored aside first",
            ));
        }
        let key = ObjectKey::new(format!("{STAGED}{}", random::hex()?))?;
        let staged = Self { storage: Arc::clone(storage), key };
        match storage.put(&staged.key, body, options.mode(PutMode::Overwrite)).await {
            Ok(_) => Ok(staged),
            Err(error) => {
                // It may have been stored all the same: the answer may be what was lost.
                staged.discard().await;
                Err(error)
            }
        }
    }

    pub(super) async fn copy_to(&self, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.storage.copy(&self.key, to, options).await
    }

    /// Deletes what was stored aside. Whether the save has succeeded does not depend on it, and its end comes soon: with a dead store the
    /// attempts go on in the background.
    pub(super) async fn discard(self) {
        match Handle::try_current() {
            Ok(runtime) => {
                let deleting = runtime.spawn(self.delete());
                // In a task of its own, since a runtime may have no timers; then nothing is waited for.
                let waiting = runtime.spawn(async { timeout(DISCARD_WAIT, deleting).await });
                let _ = waiting.await;
            }
            Err(_) => self.delete().await,
        }
    }

    /// In two attempts.
    async fn delete(self) {
        if self.storage.delete(&self.key).await.is_err() {
            let _ = self.storage.delete(&self.key).await;
        }
    }
}

/// Does `work` in a task of its own, whoever waits for it: a store that is past the point of no return goes on when the future that
/// called it is dropped, and what cleans up has to come after it. Without a runtime it is done in place.
pub(super) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    match Handle::try_current() {
        Ok(runtime) => runtime.spawn(work).await.map_err(Error::from_body)?,
        Err(_) => work.await,
    }
}

/// Held by who waits for a save.
pub(super) struct Wanted {
    _dropped: oneshot::Sender<()>,
    held: Arc<()>,
}

/// Knows whether somebody waits for a save still.
pub(super) struct Interest(Weak<()>);

impl Wanted {
    pub(super) fn interest(&self) -> Interest {
        Interest(Arc::downgrade(&self.held))
    }
}

impl Interest {
    /// # Errors
    ///
    /// Nobody waits any more, and so nobody gets the error.
    pub(super) fn check(&self) -> Result<()> {
        match self.0.strong_count() {
            0 => Err(unwanted()),
            _ => Ok(()),
        }
    }
}

fn unwanted() -> Error {
    Error::new(ErrorKind::Other, "nobody waits for this save any more")
}

/// The same body, which fails as soon as nobody wants it any more: so a store gives it up in good order.
pub(super) fn while_wanted(body: Body) -> (Body, Wanted) {
    let (dropped, unwanted) = oneshot::channel();
    let length = body.len();
    let stream = WhileWanted { stream: body.into_stream(), unwanted };
    let body = Body::from_stream(stream);
    let body = match length {
        Some(length) => body.with_length(length),
        None => body,
    };
    (body, Wanted { _dropped: dropped, held: Arc::default() })
}

struct WhileWanted {
    stream: ByteStream,
    unwanted: oneshot::Receiver<()>,
}

impl Stream for WhileWanted {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match Pin::new(&mut self.unwanted).poll(cx) {
            Poll::Ready(_) => Poll::Ready(Some(Err(unwanted()))),
            Poll::Pending => self.stream.as_mut().poll_next(cx),
        }
    }
}
