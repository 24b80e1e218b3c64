//! Streams that are made page by page.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use storage_core::Result;

/// Items of one page, and what the next page is made from; `None` if there is none.
pub(crate) struct Page<S, T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<S>,
}

type PageFuture<S, T> = Pin<Box<dyn Future<Output = Result<Page<S, T>>> + Send>>;

/// A stream of the items of all pages. It ends after an error.
pub(crate) struct Pages<S, T, F> {
    state: Option<S>,
    load: F,
    loading: Option<PageFuture<S, T>>,
    items: VecDeque<T>,
}

impl<S, T, F> Pages<S, T, F> {
    pub(crate) fn new(state: S, load: F) -> Self {
        Self::starting_with(Page { items: Vec::new(), next: Some(state) }, load)
    }

    /// The first page is there already.
    pub(crate) fn starting_with(first: Page<S, T>, load: F) -> Self {
        Self { state: first.next, load, loading: None, items: first.items.into() }
    }
}

impl<S, T, F, U> Stream for Pages<S, T, F>
where
    S: Unpin,
    T: Unpin,
    F: FnMut(S) -> U + Unpin,
    U: Future<Output = Result<Page<S, T>>> + Send + 'static,
{
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.items.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            if let Some(loading) = &mut this.loading {
                let page = ready!(loading.as_mut().poll(cx));
                this.loading = None;
                let page = page?;
                this.items = page.items.into();
                this.state = page.next;
            } else if let Some(state) = this.state.take() {
                this.loading = Some(Box::pin((this.load)(state)));
            } else {
                return Poll::Ready(None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;
    use storage_core::{Error, ErrorKind};

    use super::*;

    #[tokio::test]
    async fn gives_the_items_of_all_pages_and_ends_after_an_error() {
        let pages = Pages::new(0, |n: u32| async move {
            match n {
                3 => Err(Error::new(ErrorKind::Other, "")),
                // An empty page is not the end.
                1 => Ok(Page { items: vec![], next: Some(2) }),
                n => Ok(Page { items: vec![n, n], next: Some(n + 1) }),
            }
        });
        let seen: Vec<_> = pages.map(Result::ok).collect().await;
        assert_eq!(seen, [Some(0), Some(0), Some(2), Some(2), None]);
    }
}
