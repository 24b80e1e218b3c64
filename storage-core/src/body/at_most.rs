use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::ByteStream;
use crate::{Error, Result};

/// A stream that is an error as soon as it has more than so many bytes.
pub(super) struct AtMost {
    stream: ByteStream,
    max: u64,
    left: u64,
    done: bool,
}

impl AtMost {
    pub(super) fn new(stream: ByteStream, max: u64) -> Self {
        Self { stream, max, left: max, done: false }
    }
}

impl Stream for AtMost {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.done {
            return Poll::Ready(None);
        }
        let next = match ready!(self.stream.as_mut().poll_next(cx)) {
            Some(Ok(chunk)) => match self.left.checked_sub(chunk.len() as u64) {
                Some(left) => {
                    self.left = left;
                    Some(Ok(chunk))
                }
                None => Some(Err(Error::invalid_input(format!(
                    "there are more than the {} bytes allowed",
                    self.max
                )))),
            },
            end => end,
        };
        self.done = !matches!(next, Some(Ok(_)));
        Poll::Ready(next)
    }
}
