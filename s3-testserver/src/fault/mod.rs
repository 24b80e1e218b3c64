//! What goes wrong, and when.

mod answer;
mod effect;
mod queue;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::{Method, Request};

pub use self::answer::Answer;
pub use self::effect::Effect;
pub(crate) use self::queue::Faults;

/// One fault: an [`Effect`], the requests that it hits, and how many of them.
///
/// Without further word it hits the first request that comes, before the server has done anything for it.
///
/// ```
/// use http::Method;
/// use s3_testserver::{Answer, Effect, Fault};
///
/// // The second and third part of an upload are refused, and may be sent again after two seconds.
/// let busy = Answer::error(503, "SlowDown").header("retry-after", "2");
/// let fault = Fault::new(Effect::Answer(busy)).method(Method::PUT).target("partNumber=").skip(1).times(2);
/// // The server does its work, and the client never learns of it.
/// let ambiguous = Fault::new(Effect::Reset).after_work();
/// ```
#[derive(Debug, Clone)]
#[must_use = "a fault does nothing until it is injected"]
pub struct Fault {
    effect: Effect,
    method: Option<Method>,
    target: Vec<String>,
    skip: usize,
    times: usize,
    after_work: bool,
}

impl Fault {
    /// The effect, on the next request.
    pub fn new(effect: Effect) -> Self {
        Self { effect, method: None, target: Vec::new(), skip: 0, times: 1, after_work: false }
    }

    /// Only requests of this method.
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Only requests whose path and query, percent-encoded as sent, contain `text`; of several texts each must be there.
    pub fn target(mut self, text: impl Into<String>) -> Self {
        self.target.push(text.into());
        self
    }

    /// Lets the first `requests` that would be hit pass.
    pub fn skip(mut self, requests: usize) -> Self {
        self.skip = requests;
        self
    }

    /// Hits this many requests; 1 unless told.
    pub fn times(mut self, requests: usize) -> Self {
        self.times = requests;
        self
    }

    /// Hits every request from here on.
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    /// Lets the server read the request and do its work first, so that the client cannot know whether it was done.
    ///
    /// Without meaning for effects that change an answer or a body: they need the work done anyway.
    pub fn after_work(mut self) -> Self {
        self.after_work = true;
        self
    }

    fn matches<B>(&self, request: &Request<B>) -> bool {
        let uri = request.uri();
        let target = uri.path_and_query().map_or(uri.path(), |target| target.as_str());
        self.method.as_ref().is_none_or(|method| method == request.method())
            && self.target.iter().all(|text| target.contains(text.as_str()))
    }
}

/// Tells how often an injected [`Fault`] has hit, so that a test knows that it tested something.
#[derive(Debug, Clone, Default)]
pub struct Hits(Arc<AtomicUsize>);

impl Hits {
    /// Requests hit so far.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }

    fn add(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}
