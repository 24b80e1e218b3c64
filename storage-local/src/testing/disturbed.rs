use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use storage_core::body::ByteStream;
use storage_core::{Error, Result};
use tokio::time::Sleep;

type Items<T> = Pin<Box<dyn Stream<Item = Result<T>> + Send>>;

/// A stream that comes late, and may end with an error.
pub(super) struct Disturbed<T> {
    delay: Option<Duration>,
    sleep: Option<Pin<Box<Sleep>>>,
    /// None of them come if the error is to come first.
    items: Option<Items<T>>,
    error: Option<Error>,
}

impl<T> Disturbed<T> {
    pub(super) fn new(delay: Option<Duration>, items: Option<Items<T>>, error: Option<Error>) -> Self {
        Self { delay, sleep: None, items, error }
    }
}

impl<T> Stream for Disturbed<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // Only here is a runtime needed.
        if let Some(delay) = self.delay.take() {
            self.sleep = Some(Box::pin(tokio::time::sleep(delay)));
        }
        if let Some(sleep) = &mut self.sleep {
            ready!(sleep.as_mut().poll(cx));
            self.sleep = None;
        }
        if let Some(items) = &mut self.items {
            match ready!(items.as_mut().poll_next(cx)) {
                Some(Ok(item)) => return Poll::Ready(Some(Ok(item))),
                Some(Err(error)) => {
                    (self.items, self.error) = (None, None);
                    return Poll::Ready(Some(Err(error)));
                }
                None => self.items = None,
            }
        }
        Poll::Ready(self.error.take().map(Err))
    }
}

/// Content that breaks off.
pub(super) struct Broken {
    content: ByteStream,
    left: u64,
    error: Option<Error>,
}

impl Broken {
    pub(super) fn new(content: ByteStream, bytes: u64, error: Error) -> Self {
        Self { content, left: bytes, error: Some(error) }
    }
}

impl Stream for Broken {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 || self.error.is_none() {
            return Poll::Ready(self.error.take().map(Err));
        }
        match ready!(self.content.as_mut().poll_next(cx)) {
            Some(Ok(mut chunk)) => {
                chunk.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
                self.left -= chunk.len() as u64;
                Poll::Ready(Some(Ok(chunk)))
            }
            // Content that is shorter breaks off at its end.
            None => Poll::Ready(self.error.take().map(Err)),
            Some(Err(error)) => {
                self.error = None;
                Poll::Ready(Some(Err(error)))
            }
        }
    }
}
