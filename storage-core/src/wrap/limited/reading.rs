use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::permits::Permit;
use crate::Result;
use crate::body::ByteStream;

/// The bytes of an object, with the permit that they are read by. It goes with the last of them.
pub(super) struct Held {
    rest: Option<(ByteStream, Permit)>,
}

impl Held {
    pub(super) fn new(stream: ByteStream, permit: Permit) -> Self {
        Self { rest: Some((stream, permit)) }
    }
}

impl Stream for Held {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some((stream, _)) = &mut self.rest else { return Poll::Ready(None) };
        let next = ready!(stream.as_mut().poll_next(cx));
        if !matches!(next, Some(Ok(_))) {
            self.rest = None;
        }
        Poll::Ready(next)
    }
}
