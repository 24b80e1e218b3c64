//! What stands between the socket and the S3 service: the log, the faults, and what MinIO adds to every answer.

mod answer_body;
mod answer_steps;
mod back;
mod document_digest;
mod ending;
mod minio;
mod mishaps;
mod upload_body;
mod upstream;

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;

pub(crate) use self::answer_body::AnswerBody;
use self::answer_steps::whole;
pub(crate) use self::back::Back;
pub(crate) use self::ending::{Ending, Switch};
use self::upload_body::{Mishap, UploadBody};
pub(crate) use self::upstream::Upstream;
use crate::fault::Faults;
use crate::request_log::RequestLog;

/// Answers every request of every connection.
#[derive(Debug)]
pub(crate) struct Front {
    back: Arc<Back>,
    next_id: AtomicU64,
    pub(crate) log: RequestLog,
    pub(crate) faults: Faults,
}

impl Front {
    pub(crate) fn new(back: Arc<Back>) -> Self {
        Self { back, next_id: AtomicU64::new(1), log: RequestLog::default(), faults: Faults::default() }
    }

    /// The hyper service.
    pub(crate) async fn handle(
        self: Arc<Self>,
        request: Request<Incoming>,
        switch: Switch,
    ) -> Result<Response<AnswerBody>, Infallible> {
        let entry = self.log.open(&request);
        let fault = self.faults.take(&request);
        let mishap = fault.as_ref().and_then(|(effect, _)| Mishap::of(effect));
        let request = request.map(|body| UploadBody::new(body, Arc::clone(&entry), mishap, switch.clone()));
        let answer = match fault {
            None => whole(self.serve(request).await),
            Some((effect, after_work)) => self.serve_badly(request, effect, after_work, &switch).await,
        };
        entry.answered(answer.status());
        Ok(answer.map(|steps| AnswerBody::new(steps, entry, switch)))
    }

    /// The answer as it should be.
    async fn serve(&self, request: Request<UploadBody>) -> Response<Bytes> {
        self.back.serve(request, &self.next_id).await
    }
}
