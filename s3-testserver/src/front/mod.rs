//! What stands between the socket and the S3 service: the log, the faults, and what MinIO adds to every answer.

mod answer_body;
mod document_digest;
mod minio;
mod upload_body;
mod upstream;

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use s3s::Body;
use s3s::service::S3Service;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::sleep;

pub(crate) use self::answer_body::AnswerBody;
use self::answer_body::Step;
use self::upload_body::{Mishap, UploadBody};
pub(crate) use self::upstream::Upstream;
use crate::fault::{Effect, Faults};
use crate::request_log::RequestLog;

/// What was written before a connection breaks has surely left by then.
const FLUSH_TIME: Duration = Duration::from_millis(20);

/// How a connection ends when it does not end by itself.
#[derive(Debug, Clone)]
pub(crate) enum Ending {
    /// TCP RST.
    Reset,
    /// TCP FIN.
    Close,
    /// These bytes, then TCP FIN.
    Raw(Bytes),
}

/// Ends the connection that a request came on.
pub(crate) type Switch = UnboundedSender<Ending>;

/// What does the work.
#[derive(Debug)]
pub(crate) enum Back {
    /// The store inside this process.
    Store(S3Service),
    Server(Upstream),
}

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
        match &*self.back {
            Back::Store(s3) => self.serve_here(s3, request).await,
            Back::Server(upstream) => upstream.call(request).await,
        }
    }

    async fn serve_here(&self, s3: &S3Service, request: Request<UploadBody>) -> Response<Bytes> {
        let method = request.method().clone();
        if let Some(answer) = minio::health(&request) {
            return answer;
        }
        let answer = match document_digest::check(request.map(Body::http_body_unsync)).await {
            Ok(request) => s3.call(request).await.ok(),
            Err(error) => error.to_http_response().ok(),
        };
        let answer = match answer {
            Some(answer) => collect(answer).await,
            None => minio::internal_error(),
        };
        minio::dress(answer, &method, self.next_id.fetch_add(1, Ordering::Relaxed))
    }

    async fn serve_badly(
        &self,
        request: Request<UploadBody>,
        effect: Effect,
        after_work: bool,
        switch: &Switch,
    ) -> Response<Vec<Step>> {
        match effect {
            Effect::Delay(time) => {
                sleep(time).await;
                whole(self.serve(request).await)
            }
            Effect::Header(name, value) => {
                let mut answer = self.serve(request).await;
                answer.headers_mut().insert(name, value);
                whole(answer)
            }
            Effect::Answer(answer) => {
                self.take_in(request, after_work).await;
                whole(answer.into_response())
            }
            Effect::Endless(answer) => {
                self.take_in(request, after_work).await;
                answer.into_response().map(|body| vec![Step::Repeat(body)])
            }
            Effect::Raw(bytes) => {
                self.take_in(request, after_work).await;
                end(switch, Ending::Raw(bytes)).await
            }
            Effect::Hang => {
                let _unread = self.work_if(request, after_work).await;
                pending().await
            }
            Effect::Reset => {
                let _unread = self.work_if(request, after_work).await;
                end(switch, Ending::Reset).await
            }
            Effect::Close => {
                self.take_in(request, after_work).await;
                end(switch, Ending::Close).await
            }
            // The request's body has been told to do it.
            Effect::ResetUpload(_)
            | Effect::HangUpload(_)
            | Effect::FlipUpload(_)
            | Effect::DripUpload(_) => whole(self.serve(request).await),
            Effect::ResetBody(at) => cut(self.serve(request).await, at, Step::End(Ending::Reset)),
            Effect::TruncateBody(at) => cut(self.serve(request).await, at, Step::End(Ending::Close)),
            Effect::ExtendBody(more) => {
                let answer = on_the_wire(self.serve(request).await, &more);
                end(switch, Ending::Raw(answer)).await
            }
            Effect::HangBody(at) => cut(self.serve(request).await, at, Step::Stall),
            Effect::FlipByte(at) => whole(self.serve(request).await.map(|body| flipped(body, at))),
            Effect::Drip(size, pause) => drip(self.serve(request).await, size, pause),
        }
    }

    /// Has the work done and its answer dropped, or gives the request back untouched.
    async fn work_if(&self, request: Request<UploadBody>, wanted: bool) -> Option<Request<UploadBody>> {
        if !wanted {
            return Some(request);
        }
        self.serve(request).await;
        None
    }

    /// Reads the request to its end, with the work done or not.
    async fn take_in(&self, request: Request<UploadBody>, work: bool) {
        if let Some(request) = self.work_if(request, work).await {
            let mut body = request.into_body();
            while let Some(Ok(_)) = body.frame().await {}
        }
    }
}

/// Ends the connection; what waits for this never goes on.
async fn end(switch: &Switch, ending: Ending) -> Response<Vec<Step>> {
    // A receiver that is gone means that the connection is gone.
    let _ = switch.send(ending);
    pending().await
}

/// Everything is in memory already, so one frame is the rule and nothing is copied.
async fn collect(answer: Response<Body>) -> Response<Bytes> {
    let (parts, body) = answer.into_parts();
    match body.collect().await {
        Ok(body) => Response::from_parts(parts, body.to_bytes()),
        Err(_) => minio::internal_error(),
    }
}

fn whole(answer: Response<Bytes>) -> Response<Vec<Step>> {
    script(answer, |body| vec![Step::Send(body)])
}

fn cut(answer: Response<Bytes>, at: usize, ending: Step) -> Response<Vec<Step>> {
    if at >= answer.body().len() {
        return whole(answer);
    }
    script(answer, |body| vec![Step::Send(body.slice(..at)), Step::Wait(FLUSH_TIME), ending])
}

fn drip(answer: Response<Bytes>, size: usize, pause: Duration) -> Response<Vec<Step>> {
    let size = size.max(1);
    script(answer, |body| {
        let starts = (0..body.len()).step_by(size);
        let pieces = starts.map(|start| body.slice(start..body.len().min(start + size)));
        pieces.flat_map(|piece| [Step::Wait(pause), Step::Send(piece)]).collect()
    })
}

/// Declares the length of the body, whatever becomes of it then.
fn script(answer: Response<Bytes>, steps: impl FnOnce(Bytes) -> Vec<Step>) -> Response<Vec<Step>> {
    let (mut parts, body) = answer.into_parts();
    if body.is_empty() {
        return Response::from_parts(parts, Vec::new());
    }
    parts.headers.entry(CONTENT_LENGTH).or_insert_with(|| HeaderValue::from(body.len()));
    Response::from_parts(parts, steps(body))
}

/// The answer as bytes, with more after the length that it declares.
fn on_the_wire(answer: Response<Bytes>, more: &[u8]) -> Bytes {
    let (mut parts, body) = answer.into_parts();
    let mut wire = format!("HTTP/1.1 {}\r\n", parts.status.as_u16()).into_bytes();
    // The answer to a HEAD has the length of what it does not hold.
    let length = HeaderValue::from(body.len());
    let length = parts.headers.get(CONTENT_LENGTH).cloned().unwrap_or(length);
    parts.headers.insert(CONTENT_LENGTH, length);
    for (name, value) in &parts.headers {
        wire.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    wire.extend_from_slice(b"\r\n");
    wire.extend_from_slice(&body);
    wire.extend_from_slice(more);
    wire.into()
}

fn flipped(body: Bytes, at: usize) -> Bytes {
    let mut bytes = body.to_vec();
    if let Some(byte) = bytes.get_mut(at) {
        *byte = !*byte;
    }
    bytes.into()
}
