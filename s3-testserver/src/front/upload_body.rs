//! The body of a request, counted, and reset when it was told so.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use super::{Ending, Switch};
use crate::request_log::Entry;

/// Passes on what comes, counts it, and resets the connection once so many bytes were read.
#[derive(Debug)]
pub(super) struct UploadBody {
    inner: Incoming,
    entry: Arc<Entry>,
    reset_after: Option<u64>,
    switch: Switch,
}

impl UploadBody {
    pub(super) fn new(inner: Incoming, entry: Arc<Entry>, reset_after: Option<u64>, switch: Switch) -> Self {
        Self { inner, entry, reset_after, switch }
    }
}

impl Body for UploadBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if let Some(Ok(frame)) = &frame {
            let received = self.entry.add_received(frame.data_ref().map_or(0, Bytes::len));
            if self.reset_after.is_some_and(|limit| received >= limit) {
                // A receiver that is gone means that the connection is gone.
                let _ = self.switch.send(Ending::Reset);
                return Poll::Pending;
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
