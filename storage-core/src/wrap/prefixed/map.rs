use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::Result;

type BoxStream<T> = Pin<Box<dyn Stream<Item = Result<T>> + Send + 'static>>;

/// The stream with `change` done to each item. It ends after the first error, also one that `change` makes.
pub(super) fn map<T, F>(stream: BoxStream<T>, change: F) -> BoxStream<T>
where
    T: 'static,
    F: FnMut(Result<T>) -> Result<T> + Send + Unpin + 'static,
{
    Box::pin(Map { stream: Some(stream), change })
}

struct Map<T, F> {
    stream: Option<BoxStream<T>>,
    change: F,
}

impl<T, F> Stream for Map<T, F>
where
    F: FnMut(Result<T>) -> Result<T> + Unpin,
{
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(stream) = &mut self.stream else { return Poll::Ready(None) };
        let next = std::task::ready!(stream.as_mut().poll_next(cx)).map(&mut self.change);
        if !matches!(next, Some(Ok(_))) {
            self.stream = None;
        }
        Poll::Ready(next)
    }
}
