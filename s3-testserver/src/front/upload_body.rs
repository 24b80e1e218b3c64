//! The body of a request, counted, and broken where it was told so.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Sleep, sleep};

use super::answer_steps::flipped;
use super::{Ending, Switch};
use crate::fault::Effect;
use crate::request_log::Entry;

/// What becomes of a body on its way.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mishap {
    Reset(u64),
    Hang(u64),
    Flip(u64),
    Drip(Duration),
}

impl Mishap {
    /// That part of an effect which concerns the request's body.
    pub(super) fn of(effect: &Effect) -> Option<Self> {
        match effect {
            Effect::ResetUpload(at) => Some(Self::Reset(*at)),
            Effect::HangUpload(at) => Some(Self::Hang(*at)),
            Effect::FlipUpload(at) => Some(Self::Flip(*at)),
            Effect::DripUpload(pause) => Some(Self::Drip(*pause)),
            _ => None,
        }
    }
}

/// Passes on what comes and counts it.
#[derive(Debug)]
pub(crate) struct UploadBody {
    inner: Incoming,
    entry: Arc<Entry>,
    mishap: Option<Mishap>,
    switch: Switch,
    pause: Option<Pin<Box<Sleep>>>,
    /// Nothing more comes.
    is_stuck: bool,
}

impl UploadBody {
    pub(super) fn new(inner: Incoming, entry: Arc<Entry>, mishap: Option<Mishap>, switch: Switch) -> Self {
        let mut body = Self { inner, entry, mishap, switch, pause: None, is_stuck: false };
        body.rest();
        body
    }

    fn rest(&mut self) {
        if let Some(Mishap::Drip(pause)) = self.mishap {
            self.pause = Some(Box::pin(sleep(pause)));
        }
    }
}

impl Body for UploadBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if self.is_stuck {
            return Poll::Pending;
        }
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        let mut frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        let Some(Ok(data)) = frame.as_mut().map(|frame| frame.as_mut().map(Frame::data_mut)) else {
            return Poll::Ready(frame);
        };
        let length = data.as_deref().map_or(0, Bytes::len);
        let received = self.entry.add_received(length);
        match (self.mishap, data) {
            (Some(Mishap::Reset(limit)), _) if received >= limit => {
                // A receiver that is gone means that the connection is gone.
                let _ = self.switch.send(Ending::Reset);
                self.is_stuck = true;
                return Poll::Pending;
            }
            (Some(Mishap::Hang(limit)), _) if received >= limit => {
                self.is_stuck = true;
                return Poll::Pending;
            }
            (Some(Mishap::Flip(at)), Some(data)) => {
                let start = received - length as u64;
                if let Some(at) = at.checked_sub(start).and_then(|at| usize::try_from(at).ok()) {
                    *data = flipped(data.clone(), at);
                }
            }
            _ => {}
        }
        self.rest();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        !self.is_stuck && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
