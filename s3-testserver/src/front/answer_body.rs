//! The body of an answer, played step by step.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::time::{Sleep, sleep};

use super::{Ending, Switch};
use crate::request_log::Entry;

/// One step of a body.
#[derive(Debug)]
pub(super) enum Step {
    Send(Bytes),
    /// Over and over again.
    Repeat(Bytes),
    Wait(Duration),
    End(Ending),
    Stall,
}

/// Plays its steps and counts what it gave out.
#[derive(Debug)]
pub(crate) struct AnswerBody {
    steps: VecDeque<Step>,
    pause: Option<Pin<Box<Sleep>>>,
    entry: Arc<Entry>,
    switch: Switch,
}

impl AnswerBody {
    pub(super) fn new(steps: Vec<Step>, entry: Arc<Entry>, switch: Switch) -> Self {
        Self { steps: steps.into(), pause: None, entry, switch }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        loop {
            if let Some(pause) = &mut self.pause {
                ready!(pause.as_mut().poll(context));
                self.pause = None;
            }
            match self.steps.pop_front() {
                None => return Poll::Ready(None),
                Some(Step::Send(bytes)) => {
                    self.entry.add_sent(bytes.len());
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Step::Repeat(bytes)) => {
                    self.entry.add_sent(bytes.len());
                    self.steps.push_front(Step::Repeat(bytes.clone()));
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Step::Wait(time)) => self.pause = Some(Box::pin(sleep(time))),
                Some(Step::End(ending)) => {
                    // A receiver that is gone means that the connection is gone.
                    let _ = self.switch.send(ending);
                    self.steps.push_front(Step::Stall);
                }
                Some(Step::Stall) => {
                    self.steps.push_front(Step::Stall);
                    return Poll::Pending;
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty()
    }
}
