use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use storage_core::{Error, ErrorKind, Result};
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use super::failure::transport_error;
use crate::transport::{Pulse, ResponseBody};

/// Waits for `answering` as long as something moves: `None` once the request's body has stood still for `idle` without an answer.
pub(super) async fn while_it_moves<T>(
    answering: impl Future<Output = T>,
    pulse: &Pulse,
    idle: Duration,
) -> Option<T> {
    let mut answering = pin!(answering);
    let mut beats = pulse.beats();
    loop {
        if let Ok(answer) = timeout(idle, answering.as_mut()).await {
            return Some(answer);
        }
        let now = pulse.beats();
        if now == beats {
            return None;
        }
        beats = now;
    }
}

/// The bytes of an answer, with the transport's errors made ours, and a time-out when they stand still.
pub(super) struct Watched {
    body: ResponseBody,
    server: Arc<str>,
    idle: Duration,
    /// Runs while a chunk is waited for.
    sleep: Option<Pin<Box<Sleep>>>,
    deadline: Option<Instant>,
    done: bool,
}

impl Watched {
    pub(super) fn new(
        body: ResponseBody,
        server: Arc<str>,
        idle: Duration,
        deadline: Option<Instant>,
    ) -> Self {
        Self { body, server, idle, sleep: None, deadline, done: false }
    }

    fn poll_sleep(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let (idle, deadline) = (self.idle, self.deadline);
        let sleep = self.sleep.get_or_insert_with(|| {
            let limit = Instant::now() + idle;
            Box::pin(sleep_until(deadline.map_or(limit, |deadline| deadline.min(limit))))
        });
        std::task::ready!(sleep.as_mut().poll(cx));
        self.done = true;
        Poll::Ready(Some(Err(match self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            true => Error::new(ErrorKind::Timeout, "the request took longer than allowed in all")
                .with_retryable(false),
            false => {
                Error::new(ErrorKind::Timeout, format!("{} sent nothing for {:?}", self.server, self.idle))
            }
        })))
    }
}

impl Stream for Watched {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.done {
            return Poll::Ready(None);
        }
        let next = match self.body.as_mut().poll_next(cx) {
            Poll::Pending => return self.poll_sleep(cx),
            Poll::Ready(next) => next,
        };
        self.sleep = None;
        self.done = !matches!(next, Some(Ok(_)));
        Poll::Ready(next.map(|chunk| chunk.map_err(|error| transport_error(error, &self.server))))
    }
}
