use std::future::Future;
use std::sync::Arc;
#[cfg(feature = "metrics")]
use std::time::Instant;

#[cfg(feature = "metrics")]
use super::figures;
#[cfg(feature = "tracing")]
use super::span;
use crate::{Error, Result};

/// One call to a store, from its beginning to its end, which may be the end of a stream.
pub(super) struct Operation {
    pub(super) facts: Facts,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
    is_over: bool,
}

/// What is known of an operation.
pub(super) struct Facts {
    #[cfg(feature = "metrics")]
    pub(super) name: &'static str,
    #[cfg(feature = "metrics")]
    pub(super) store: Arc<str>,
    #[cfg(feature = "metrics")]
    pub(super) started: Instant,
    /// Size of the object in bytes.
    pub(super) size: Option<u64>,
    /// How many bytes were sent.
    pub(super) sent: Option<u64>,
    /// How many bytes were received.
    pub(super) received: Option<u64>,
    /// How many bytes are to be received.
    pub(super) expected: Option<u64>,
    /// How many items were listed, or keys deleted.
    pub(super) items: Option<u64>,
}

/// What an operation is about. Hidden keys are left out.
#[derive(Clone, Copy, Default)]
#[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "metrics have no keys"))]
pub(super) struct Subject<'a> {
    pub(super) key: Option<&'a str>,
    pub(super) target: Option<&'a str>,
    pub(super) prefix: Option<&'a str>,
}

/// How an operation ended.
#[derive(Clone, Copy)]
pub(super) enum Ending<'a> {
    Done,
    Failed(&'a Error),
    /// The future or the stream was dropped.
    Dropped,
}

impl Ending<'_> {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Done => "ok",
            Self::Failed(error) => error.kind().as_str(),
            Self::Dropped => "dropped",
        }
    }
}

impl Operation {
    #[cfg_attr(not(feature = "tracing"), allow(unused_variables, reason = "metrics have no keys"))]
    pub(super) fn start(name: &'static str, store: &Arc<str>, subject: Subject<'_>) -> Self {
        Self {
            #[cfg(feature = "tracing")]
            span: span::new(name, store, subject),
            facts: Facts {
                #[cfg(feature = "metrics")]
                name,
                #[cfg(feature = "metrics")]
                store: Arc::clone(store),
                #[cfg(feature = "metrics")]
                started: Instant::now(),
                size: None,
                sent: None,
                received: None,
                expected: None,
                items: None,
            },
            is_over: false,
        }
    }

    /// Waits for the answer, with which the operation is over.
    pub(super) async fn call<T>(
        mut self,
        answer: impl Future<Output = Result<T>> + Send,
        note: impl FnOnce(&mut Facts, &T) + Send,
    ) -> Result<T> {
        let result = self.wait(answer).await;
        match &result {
            Ok(answer) => {
                note(&mut self.facts, answer);
                self.end(Ending::Done);
            }
            Err(error) => self.end(Ending::Failed(error)),
        }
        result
    }

    /// Waits for an answer after which the operation goes on.
    pub(super) async fn wait<T>(&mut self, answer: impl Future<Output = Result<T>> + Send) -> Result<T> {
        #[cfg(feature = "tracing")]
        return tracing::Instrument::instrument(answer, self.span.clone()).await;
        #[cfg(not(feature = "tracing"))]
        return answer.await;
    }

    /// Does something that is part of the operation.
    #[cfg_attr(not(feature = "tracing"), allow(clippy::unused_self, reason = "metrics have no scope"))]
    pub(super) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        #[cfg(feature = "tracing")]
        return self.span.in_scope(work);
        #[cfg(not(feature = "tracing"))]
        return work();
    }

    /// The store has answered, and what it promised is on its way.
    #[cfg_attr(not(feature = "metrics"), allow(clippy::unused_self, reason = "spans have one end"))]
    pub(super) fn answered(&self) {
        #[cfg(feature = "metrics")]
        figures::answered(&self.facts);
    }

    pub(super) fn end(&mut self, ending: Ending<'_>) {
        if std::mem::replace(&mut self.is_over, true) {
            return;
        }
        #[cfg(feature = "tracing")]
        span::end(&self.span, &self.facts, ending);
        #[cfg(feature = "metrics")]
        figures::end(&self.facts, ending);
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        // Who knows the length need not ask for the end.
        match self.facts.expected.is_some_and(|expected| self.facts.received.unwrap_or(0) == expected) {
            true => self.end(Ending::Done),
            false => self.end(Ending::Dropped),
        }
    }
}
