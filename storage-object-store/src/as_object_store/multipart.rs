use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{FutureExt, Stream, stream};
use object_store::path::Path;
use object_store::{
    Error as Foreign, MultipartUpload, PutMultipartOptions, PutPayload, PutResult, Result, UploadPart,
};
use storage_core::outcome::PutOutcome;
use storage_core::{Body, Error, ErrorKind, Storage};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinHandle};

use super::key_of;
use super::put::{put_options, result};
use crate::translate::errors::into_foreign;

/// One write of the store, which is fed part by part.
pub(super) struct Upload {
    parts: UnboundedSender<Message>,
    failure: Failure,
    writing: Option<JoinHandle<Option<PutOutcome>>>,
}

enum Message {
    /// A part, and whom to tell when the store has taken it.
    Part(PutPayload, oneshot::Sender<()>),
    /// The parts are all there. A channel that ends without it ends the write as a failure.
    End,
}

/// Why the write failed. Whoever asks first gets it.
#[derive(Clone, Default)]
struct Failure(Arc<Mutex<Option<Error>>>);

impl Failure {
    fn set(&self, error: Error) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    fn take(&self) -> Foreign {
        let error = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        into_foreign(
            error.unwrap_or_else(|| Error::new(ErrorKind::Other, "the upload has failed or is at its end")),
        )
    }
}

impl Upload {
    pub(super) fn begin(
        storage: &Arc<dyn Storage>,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Self> {
        let key = key_of(location)?;
        let put = put_options(&**storage, &options.attributes, &options.tags).map_err(into_foreign)?;
        let (parts, receiver) = unbounded_channel();
        let (storage, failure) = (Arc::clone(storage), Failure::default());
        let told = failure.clone();
        let writing = tokio::spawn(async move {
            match storage.put(&key, Body::from_stream(content(receiver)), put).await {
                Ok(outcome) => Some(outcome),
                Err(error) => {
                    told.set(error);
                    None
                }
            }
        });
        Ok(Self { parts, failure, writing: Some(writing) })
    }
}

#[async_trait]
impl MultipartUpload for Upload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let (taken, is_taken) = oneshot::channel();
        // The order is that of the calls, in whatever order the futures are polled.
        let sent = self.parts.send(Message::Part(data, taken));
        let failure = self.failure.clone();
        async move {
            match sent.is_ok() && is_taken.await.is_ok() {
                true => Ok(()),
                false => Err(failure.take()),
            }
        }
        .boxed()
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let Some(writing) = self.writing.take() else { return Err(self.failure.take()) };
        // If the write is at its end already, it has failed and says why.
        let _ = self.parts.send(Message::End);
        match writing.await.map_err(broken_off)? {
            Some(outcome) => Ok(result(outcome)),
            None => Err(self.failure.take()),
        }
    }

    async fn abort(&mut self) -> Result<()> {
        // The write fails for want of an end, and cleans up.
        self.parts = unbounded_channel().0;
        match self.writing.take() {
            Some(writing) => writing.await.map(drop).map_err(broken_off),
            None => Ok(()),
        }
    }
}

/// The task that writes has panicked, or its runtime is gone.
fn broken_off(error: JoinError) -> Foreign {
    into_foreign(Error::new(ErrorKind::Other, "the upload was broken off").with_source(error))
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("is_open", &self.writing.is_some()).finish_non_exhaustive()
    }
}

/// What is left of a part, and whom to tell when it is gone.
type Open = (std::vec::IntoIter<Bytes>, oneshot::Sender<()>);

/// The parts' bytes. A part counts as taken when the store asks for what follows it.
fn content(receiver: UnboundedReceiver<Message>) -> impl Stream<Item = storage_core::Result<Bytes>> + Send {
    let reading: (UnboundedReceiver<Message>, Option<Open>, bool) = (receiver, None, false);
    stream::unfold(reading, |(mut receiver, mut open, is_over)| async move {
        if is_over {
            return None;
        }
        loop {
            if let Some((mut chunks, taken)) = open.take() {
                match chunks.next() {
                    Some(chunk) => return Some((Ok(chunk), (receiver, Some((chunks, taken)), false))),
                    // Nobody may wait for it any more.
                    None => drop(taken.send(())),
                }
            }
            match receiver.recv().await {
                Some(Message::Part(payload, taken)) => {
                    let chunks: Vec<Bytes> = payload.into_iter().collect();
                    open = Some((chunks.into_iter(), taken));
                }
                Some(Message::End) => return None,
                None => {
                    let given_up = Error::new(ErrorKind::Other, "the upload was given up");
                    return Some((Err(given_up), (receiver, None, true)));
                }
            }
        }
    })
}
