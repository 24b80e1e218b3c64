use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use storage_core::body::{ByteStream, FileSource};
use storage_core::{Error, ErrorKind};

/// The largest chunk that is handed to a transport at once, so that a slow transfer can be told from a dead one.
const CHUNK_BYTES: usize = 256 * 1024;

/// Is told of bytes as they are sent: how many of this content so far.
pub(crate) type Sent = Arc<dyn Fn(u64) + Send + Sync>;

/// What a request carries. It can be sent any number of times.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Bytes(Bytes),
    Blocks(Arc<[Bytes]>),
    File(FileSource),
}

impl Content {
    pub(crate) const EMPTY: Self = Self::Bytes(Bytes::new());

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Blocks(blocks) => blocks.iter().map(|block| block.len() as u64).sum(),
            Self::File(file) => file.len(),
        }
    }
}

/// What the client watches while a body is on its way: whether it still moves, and why it could not be read.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    beats: AtomicU64,
    failure: Mutex<Option<Error>>,
}

impl Pulse {
    pub(crate) fn beats(&self) -> u64 {
        self.beats.load(Ordering::Relaxed)
    }

    pub(crate) fn take_failure(&self) -> Option<Error> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn beat(&self) {
        self.beats.fetch_add(1, Ordering::Relaxed);
    }

    fn fail(&self, error: Error) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

/// The body of a request on its way: an [`http_body::Body`] of known length.
pub struct RequestBody {
    source: Source,
    length: u64,
    left: u64,
    pulse: Arc<Pulse>,
    sent: Option<Sent>,
}

enum Source {
    Chunks(VecDeque<Bytes>),
    /// Never locked: some transports want a body to be `Sync`.
    Stream(Mutex<ByteStream>),
}

impl RequestBody {
    pub(crate) fn new(content: &Content, pulse: Arc<Pulse>, sent: Option<Sent>) -> Self {
        let length = content.len();
        let source = match content.clone() {
            Content::Bytes(bytes) => Source::Chunks(VecDeque::from([bytes])),
            Content::Blocks(blocks) => Source::Chunks(blocks.iter().cloned().collect()),
            Content::File(file) => Source::Stream(Mutex::new(Box::pin(file.into_stream()))),
        };
        Self { source, length, left: length, pulse, sent }
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<storage_core::Result<Bytes>>> {
        match &mut self.source {
            Source::Chunks(chunks) => Poll::Ready(next_chunk(chunks).map(Ok)),
            Source::Stream(stream) => {
                stream.get_mut().unwrap_or_else(PoisonError::into_inner).as_mut().poll_next(cx)
            }
        }
    }
}

fn next_chunk(chunks: &mut VecDeque<Bytes>) -> Option<Bytes> {
    loop {
        let first = chunks.front_mut()?;
        if first.len() > CHUNK_BYTES {
            return Some(first.split_to(CHUNK_BYTES));
        }
        match chunks.pop_front() {
            Some(chunk) if chunk.is_empty() => {}
            chunk => return chunk,
        }
    }
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let chunk = match std::task::ready!(self.poll_chunk(cx)) {
            Some(Ok(chunk)) => chunk,
            Some(Err(error)) => {
                self.pulse.fail(error);
                return Poll::Ready(Some(Err(Error::new(ErrorKind::Other, "the body could not be read"))));
            }
            None => return Poll::Ready(None),
        };
        self.left = self.left.saturating_sub(chunk.len() as u64);
        self.pulse.beat();
        if let Some(sent) = &self.sent {
            sent(self.length - self.left);
        }
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody")
            .field("length", &self.length)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    async fn collect(mut body: RequestBody) -> Vec<usize> {
        let mut sizes = Vec::new();
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            sizes.push(frame.unwrap().into_data().unwrap().len());
        }
        assert!(body.is_end_stream());
        sizes
    }

    #[tokio::test]
    async fn gives_large_content_in_chunks_and_beats_with_each() {
        let pulse = Arc::new(Pulse::default());
        let content = Content::Bytes(vec![7; CHUNK_BYTES + 1].into());
        assert_eq!(collect(RequestBody::new(&content, Arc::clone(&pulse), None)).await, [CHUNK_BYTES, 1]);
        assert_eq!(pulse.beats(), 2);
        let blocks = Content::Blocks(Arc::from([Bytes::from("ab"), Bytes::new(), Bytes::from("c")]));
        assert_eq!(collect(RequestBody::new(&blocks, pulse, None)).await, [2, 1]);
    }

    #[tokio::test]
    async fn empty_content_has_no_frames() {
        let body = RequestBody::new(&Content::EMPTY, Arc::default(), None);
        assert!(body.is_empty() && body.is_end_stream());
        assert!(collect(body).await.is_empty());
    }
}
