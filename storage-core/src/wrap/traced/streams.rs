use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::operation::{Ending, Facts, Operation};
use crate::Result;

type Items<T> = Pin<Box<dyn Stream<Item = Result<T>> + Send>>;

/// A stream that is the rest of an operation: its end is the operation's.
pub(super) struct Watched<T> {
    rest: Option<(Items<T>, Operation)>,
    note: fn(&mut Facts, &T),
}

impl<T> Watched<T> {
    pub(super) fn new(stream: Items<T>, operation: Operation, note: fn(&mut Facts, &T)) -> Self {
        Self { rest: Some((stream, operation)), note }
    }
}

impl<T> Stream for Watched<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let note = self.note;
        let Some((stream, operation)) = &mut self.rest else { return Poll::Ready(None) };
        let next = ready!(operation.within(|| stream.as_mut().poll_next(cx)));
        match &next {
            Some(Ok(item)) => note(&mut operation.facts, item),
            Some(Err(error)) => operation.end(Ending::Failed(error)),
            None => operation.end(Ending::Done),
        }
        if !matches!(next, Some(Ok(_))) {
            self.rest = None;
        }
        Poll::Ready(next)
    }
}
