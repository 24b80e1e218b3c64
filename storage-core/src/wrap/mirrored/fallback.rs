use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::{Error, ErrorKind, Result};

type Items<T> = Pin<Box<dyn Stream<Item = Result<T>> + Send>>;

/// Whether the store could not be asked at all.
pub(super) fn is_away(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Timeout)
}

/// A listing, or another one if the first is away before it has given anything.
pub(super) struct Either<T, F> {
    items: Items<T>,
    other: Option<F>,
    error: Option<Error>,
}

impl<T, F> Either<T, F> {
    pub(super) fn new(items: Items<T>, other: F) -> Self {
        Self { items, other: Some(other), error: None }
    }
}

impl<T, F: FnOnce() -> Items<T> + Unpin> Stream for Either<T, F> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let next = ready!(self.items.as_mut().poll_next(cx));
            match (next, self.other.take()) {
                (Some(Err(error)), Some(other)) if is_away(&error) => {
                    self.error = Some(error);
                    self.items = other();
                }
                // The other cannot be asked either: what is told is why it was.
                (Some(Err(error)), _) => return Poll::Ready(Some(Err(self.error.take().unwrap_or(error)))),
                (next, _) => {
                    self.error = None;
                    return Poll::Ready(next);
                }
            }
        }
    }
}
