use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::task::{JoinHandle, spawn_blocking};

use super::background::lost;
use super::external::{Run, RunReader};
use crate::Result;

/// How many are read at once.
const AT_ONCE: usize = 1_000;

/// The records of a run, read on the blocking threads.
pub(super) struct Records<T> {
    decode: fn(&[u8], &[u8]) -> T,
    ready: VecDeque<T>,
    state: State<T>,
}

enum State<T> {
    Idle(RunReader),
    Reading(JoinHandle<Result<(RunReader, VecDeque<T>)>>),
    End,
}

impl<T> Records<T> {
    pub(super) fn new(run: &Run, decode: fn(&[u8], &[u8]) -> T) -> Self {
        Self { decode, ready: VecDeque::new(), state: State::Idle(run.reader()) }
    }
}

fn read<T>(mut reader: RunReader, decode: fn(&[u8], &[u8]) -> T) -> Result<(RunReader, VecDeque<T>)> {
    let mut some = VecDeque::with_capacity(AT_ONCE);
    while some.len() < AT_ONCE && reader.advance()? {
        some.push_back(decode(reader.key(), reader.rest()));
    }
    Ok((reader, some))
}

impl<T: Send + Unpin + 'static> Stream for Records<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(item) = this.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match std::mem::replace(&mut this.state, State::End) {
                State::End => return Poll::Ready(None),
                State::Idle(reader) => {
                    let decode = this.decode;
                    this.state = State::Reading(spawn_blocking(move || read(reader, decode)));
                }
                State::Reading(mut reading) => {
                    let Poll::Ready(read) = Pin::new(&mut reading).poll(cx) else {
                        this.state = State::Reading(reading);
                        return Poll::Pending;
                    };
                    match read.map_err(lost).flatten() {
                        Ok((reader, some)) if !some.is_empty() => {
                            this.ready = some;
                            this.state = State::Idle(reader);
                        }
                        Ok(_) => {}
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
            }
        }
    }
}
