use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use object_store::client::{HttpError, HttpErrorKind};
use tokio::time::{Instant, Sleep, sleep_until};

/// An answer's body, which fails when nothing arrives for too long or the whole takes too long.
pub(super) struct LimitedBody {
    body: Incoming,
    idle: Duration,
    end: Option<Instant>,
    alarm: Pin<Box<Sleep>>,
    is_waiting: bool,
}

/// The body took too long.
#[derive(Debug, thiserror::Error)]
#[error("nothing arrived in time")]
pub(super) struct TooSlow;

impl LimitedBody {
    pub(super) fn new(body: Incoming, idle: Duration, end: Option<Instant>) -> Self {
        Self { body, idle, end, alarm: Box::pin(sleep_until(Instant::now() + idle)), is_waiting: false }
    }
}

impl Body for LimitedBody {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            this.is_waiting = false;
            return Poll::Ready(frame.map(|frame| frame.map_err(broken)));
        }
        if !std::mem::replace(&mut this.is_waiting, true) {
            // Only the time in which somebody waits counts: a slow reader is not the server's fault.
            let idle = Instant::now() + this.idle;
            this.alarm.as_mut().reset(this.end.map_or(idle, |end| end.min(idle)));
        }
        match this.alarm.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Some(Err(HttpError::new(HttpErrorKind::Timeout, TooSlow)))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn broken(error: hyper::Error) -> HttpError {
    HttpError::new(HttpErrorKind::Interrupted, error)
}
