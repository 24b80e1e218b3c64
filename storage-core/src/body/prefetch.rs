use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use super::streams::Once;
use super::{BodySource, ByteStream};
use crate::{Body, Result};

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
        let mut ahead = VecDeque::new();
        let mut seen = 0;
        while seen <= limit {
            match next(&mut stream).await {
                Some(chunk) => {
                    let chunk = chunk?;
                    seen += chunk.len() as u64;
                    ahead.push_back(chunk);
                }
                None => return Ok(Self::from_bytes(join(ahead, seen))),
            }
        }
        // The stream within is checked against the length already.
        Ok(Self { source: BodySource::Stream(Box::pin(Resumed { ahead, stream })), length })
    }

    /// The first bytes, `count` of them or as many as there are; the body still has them.
    ///
    /// # Errors
    ///
    /// The body cannot be read.
    pub async fn peek(&mut self, count: usize) -> Result<Bytes> {
        let body = std::mem::replace(self, Self::from_bytes(Bytes::new()));
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

pub(crate) async fn next(stream: &mut ByteStream) -> Option<Result<Bytes>> {
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
