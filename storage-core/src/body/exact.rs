use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::ByteStream;
use crate::{Error, ErrorKind, Result};

/// A stream that must have exactly so many bytes. It is an error as soon as it has more, or ends with fewer.
pub(crate) struct Exact {
    stream: ByteStream,
    length: u64,
    seen: u64,
    done: bool,
    kind: ErrorKind,
}

impl Exact {
    /// What a caller wants to store: a wrong length is the caller's fault.
    pub(crate) fn body(stream: ByteStream, length: u64) -> Self {
        Self { stream, length, seen: 0, done: false, kind: ErrorKind::InvalidInput }
    }

    /// What a store gives back: a wrong length means that it is not what was stored.
    pub(crate) fn object(stream: ByteStream, length: u64) -> Self {
        Self { kind: ErrorKind::Corrupt, ..Self::body(stream, length) }
    }

    fn wrong_length(&self, seen: &str) -> Error {
        Error::new(self.kind, format!("{} bytes were declared, but there are {seen}", self.length))
    }
}

impl Stream for Exact {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.done {
            return Poll::Ready(None);
        }
        let next = match ready!(self.stream.as_mut().poll_next(cx)) {
            Some(Ok(chunk)) => {
                self.seen += chunk.len() as u64;
                match self.seen > self.length {
                    true => Some(Err(self.wrong_length("more"))),
                    false => Some(Ok(chunk)),
                }
            }
            None if self.seen < self.length => Some(Err(self.wrong_length(&format!("only {}", self.seen)))),
            end => end,
        };
        self.done = !matches!(next, Some(Ok(_)));
        Poll::Ready(next)
    }
}
