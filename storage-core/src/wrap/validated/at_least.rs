use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::too_short;
use crate::Result;
use crate::body::ByteStream;

/// A stream that is an error if it ends with fewer bytes than this.
pub(super) struct AtLeast {
    stream: Option<ByteStream>,
    min: u64,
    seen: u64,
}

impl AtLeast {
    pub(super) fn new(stream: ByteStream, min: u64) -> Self {
        Self { stream: Some(stream), min, seen: 0 }
    }
}

impl Stream for AtLeast {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(stream) = &mut self.stream else { return Poll::Ready(None) };
        let next = match ready!(stream.as_mut().poll_next(cx)) {
            None if self.seen < self.min => Some(Err(too_short(self.seen, self.min))),
            next => next,
        };
        match &next {
            Some(Ok(chunk)) => self.seen += chunk.len() as u64,
            _ => self.stream = None,
        }
        Poll::Ready(next)
    }
}
