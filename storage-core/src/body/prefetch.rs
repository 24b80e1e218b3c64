use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use super::streams::Once;
use super::{BodySource, ByteStream};
use crate::{Body, Error, Result};

impl Body {
    /// Reads ahead up to `limit` bytes of a stream. One that ends by then becomes bytes, of known length, that can be read again;
    /// any other body stays what it was. At most `limit` bytes and one chunk of the stream are held.
    ///
    /// # Errors
    ///
    /// The stream fails or does not have its declared length.
    pub async fn prefetch(self, limit: u64) -> Result<Self> {
        let length = self.length;
        let mut stream = match self.into_source() {
            BodySource::Stream(stream) => stream,
            source => return Ok(Self { source, length }),
        };
        let mut ahead = Ahead::default();
        while ahead.length <= limit {
            let Some(chunk) = next(&mut stream).await else {
                let (chunks, length) = (ahead.finish(), ahead.length);
                return Ok(Self::from_bytes(join(chunks, length)));
            };
            ahead.push(chunk?);
        }
        let ahead = ahead.finish();
        // The stream within is checked against the length already.
        Ok(Self { source: BodySource::Stream(Box::pin(Resumed { ahead, stream })), length })
    }

    /// The first bytes, `count` of them or as many as there are; the body still has them.
    ///
    /// # Errors
    ///
    /// The body cannot be read.
    pub async fn peek(&mut self, count: usize) -> Result<Bytes> {
        // If this is dropped or fails half-way, what is left cannot be taken for a body.
        let body = std::mem::replace(self, Self::from_stream(Lost(false)));
        *self = body.prefetch(count as u64).await?;
        match &mut self.source {
            BodySource::Bytes(bytes) => Ok(bytes.slice(..bytes.len().min(count))),
            BodySource::File(file) => {
                let head = file.slice(0, count as u64);
                let mut stream: ByteStream = Box::pin(head.into_stream());
                let mut chunks = VecDeque::new();
                let mut seen = 0;
                while let Some(chunk) = next(&mut stream).await {
                    let chunk = chunk?;
                    seen += chunk.len() as u64;
                    chunks.push_back(chunk);
                }
                Ok(join(chunks, seen))
            }
            BodySource::Stream(stream) => {
                // `prefetch` has put more than `count` bytes in front of it.
                let mut ahead = VecDeque::new();
                let mut seen = 0;
                while seen < count {
                    let Some(chunk) = next(stream).await else { break };
                    let chunk = chunk?;
                    seen += chunk.len();
                    ahead.push_back(chunk);
                }
                let head = join(ahead.clone(), seen as u64);
                let rest = std::mem::replace(stream, Box::pin(Once(None)));
                *stream = Box::pin(Resumed { ahead, stream: rest });
                Ok(head.slice(..head.len().min(count)))
            }
        }
    }
}

pub(crate) async fn next<S: Stream + ?Sized>(stream: &mut Pin<Box<S>>) -> Option<S::Item> {
    poll_fn(|cx| stream.as_mut().poll_next(cx)).await
}

fn join(chunks: VecDeque<Bytes>, length: u64) -> Bytes {
    let mut chunks = chunks;
    if chunks.len() == 1 {
        return chunks.pop_front().unwrap_or_default();
    }
    let mut joined = BytesMut::with_capacity(usize::try_from(length).unwrap_or(0));
    for chunk in &chunks {
        joined.extend_from_slice(chunk);
    }
    joined.freeze()
}

/// Chunks read ahead. Small ones are copied together, so that their number stays in bounds.
#[derive(Default)]
struct Ahead {
    chunks: VecDeque<Bytes>,
    small: BytesMut,
    length: u64,
}

impl Ahead {
    /// A chunk below this size takes more to keep than to copy.
    const SMALL: usize = 4 * 1024;
    const BLOCK: usize = 64 * 1024;

    fn push(&mut self, chunk: Bytes) {
        self.length += chunk.len() as u64;
        if chunk.len() >= Self::SMALL {
            self.flush();
            self.chunks.push_back(chunk);
            return;
        }
        self.small.extend_from_slice(&chunk);
        if self.small.len() >= Self::BLOCK {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if !self.small.is_empty() {
            self.chunks.push_back(std::mem::take(&mut self.small).freeze());
        }
    }

    fn finish(&mut self) -> VecDeque<Bytes> {
        self.flush();
        std::mem::take(&mut self.chunks)
    }
}

/// What is left of a body whose peek did not come to its end. It says so once.
struct Lost(bool);

impl Stream for Lost {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let told = std::mem::replace(&mut self.0, true);
        Poll::Ready((!told).then(|| {
            Err(Error::invalid_input("the body was lost: looking at its first bytes failed or was given up"))
        }))
    }
}

/// What was read ahead, then the rest.
struct Resumed {
    ahead: VecDeque<Bytes>,
    stream: ByteStream,
}

impl Stream for Resumed {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.ahead.pop_front() {
            Some(chunk) => Poll::Ready(Some(Ok(chunk))),
            None => self.stream.as_mut().poll_next(cx),
        }
    }
}
