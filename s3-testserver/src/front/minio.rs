//! What MinIO does beside S3: its health pages, its headers, its word on errors that have no body.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderName, HeaderValue, SERVER};
use http::{Method, Request, Response, StatusCode};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");
const ERROR_CODE: HeaderName = HeaderName::from_static("x-minio-error-code");
const RATE_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");

/// `/minio/health/live`, `/ready` and `/cluster`, which ask for no signature.
pub(super) fn health<B>(request: &Request<B>) -> Option<Response<Bytes>> {
    let page = request.uri().path().strip_prefix("/minio/health/")?;
    matches!(page, "live" | "ready" | "cluster").then(|| Response::new(Bytes::new()))
}

/// For what `s3s` itself cannot put into an answer.
pub(super) fn internal_error() -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from_static(b"<Error><Code>InternalError</Code></Error>"));
    *answer.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    answer
}

/// Adds the headers that every answer has, and takes away the body that a HEAD or a 304 must not have.
pub(super) fn dress(mut answer: Response<Bytes>, method: &Method, id: u64) -> Response<Bytes> {
    let id = format!("{id:016X}");
    if answer.status().is_client_error() || answer.status().is_server_error() {
        answer = answer.map(|body| with_request_id(&body, &id));
    }
    let code = error_code(answer.body()).and_then(|code| HeaderValue::from_str(code).ok());
    let headers = answer.headers_mut();
    headers.insert(SERVER, HeaderValue::from_static("MinIO"));
    headers.insert(RATE_LIMIT, HeaderValue::from_static("6444"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    if answer.status() == StatusCode::NOT_MODIFIED {
        answer.headers_mut().remove(CONTENT_TYPE);
        *answer.body_mut() = Bytes::new();
    } else if *method == Method::HEAD {
        undress_head(&mut answer, code);
    }
    answer
}

fn undress_head(answer: &mut Response<Bytes>, code: Option<HeaderValue>) {
    if answer.status().is_success() {
        // `s3s` answers a HEAD of a range with 200.
        if answer.headers().contains_key(CONTENT_RANGE) {
            *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
        }
    } else {
        answer.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        if let Some(code) = code {
            answer.headers_mut().insert(ERROR_CODE, code);
        }
    }
    *answer.body_mut() = Bytes::new();
}

fn with_request_id(body: &Bytes, id: &str) -> Bytes {
    match std::str::from_utf8(body).ok().and_then(|text| text.strip_suffix("</Error>")) {
        Some(text) => format!("{text}<RequestId>{id}</RequestId></Error>").into(),
        None => body.clone(),
    }
}

fn error_code(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once("<Error><Code>")?;
    rest.split_once("</Code>").map(|(code, _)| code)
}
