use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::permits::{Permit, Permits};
use crate::{Error, Result};

/// A listing that has a permit while the next item is waited for, and none between items: whoever reads it may take its time, and may call
/// the store meanwhile.
pub(super) struct Gated<T, F> {
    stream: Option<Pin<Box<dyn Stream<Item = Result<T>> + Send>>>,
    permits: Permits,
    turn: Turn,
    describe: F,
}

enum Turn {
    None,
    Waiting(Pin<Box<dyn Future<Output = Result<Permit>> + Send>>),
    Taken { _permit: Permit },
}

impl<T, F: Fn(Error) -> Error + Unpin> Gated<T, F> {
    pub(super) fn new(
        stream: Pin<Box<dyn Stream<Item = Result<T>> + Send>>,
        permits: Permits,
        describe: F,
    ) -> Self {
        Self { stream: Some(stream), permits, turn: Turn::None, describe }
    }

    fn take_turn(&self) -> Turn {
        if let Some(permit) = self.permits.try_acquire() {
            return Turn::Taken { _permit: permit };
        }
        let permits = self.permits.clone();
        Turn::Waiting(Box::pin(async move { permits.acquire().await }))
    }

    fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        loop {
            self.turn = match &mut self.turn {
                Turn::Taken { .. } => return Poll::Ready(Ok(())),
                Turn::Waiting(waiting) => Turn::Taken { _permit: ready!(waiting.as_mut().poll(cx))? },
                Turn::None => self.take_turn(),
            };
        }
    }
}

impl<T, F: Fn(Error) -> Error + Unpin> Stream for Gated<T, F> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.stream.is_none() {
            return Poll::Ready(None);
        }
        let turn = ready!(this.poll_turn(cx));
        let next = match (turn, &mut this.stream) {
            (Ok(()), Some(stream)) => ready!(stream.as_mut().poll_next(cx)),
            (Err(error), _) => Some(Err((this.describe)(error))),
            (Ok(()), None) => None,
        };
        this.turn = Turn::None;
        if !matches!(next, Some(Ok(_))) {
            this.stream = None;
        }
        Poll::Ready(next)
    }
}
