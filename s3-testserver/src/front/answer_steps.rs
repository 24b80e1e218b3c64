//! What an answer's body becomes: whole, in pieces, cut short, or changed.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Response};

use super::answer_body::Step;

/// What was written before a connection breaks has surely left by then.
const FLUSH_TIME: Duration = Duration::from_millis(20);

pub(super) fn whole(answer: Response<Bytes>) -> Response<Vec<Step>> {
    script(answer, |body| vec![Step::Send(body)])
}

pub(super) fn cut(answer: Response<Bytes>, at: usize, ending: Step) -> Response<Vec<Step>> {
    if at >= answer.body().len() {
        return whole(answer);
    }
    script(answer, |body| vec![Step::Send(body.slice(..at)), Step::Wait(FLUSH_TIME), ending])
}

pub(super) fn drip(answer: Response<Bytes>, size: usize, pause: Duration) -> Response<Vec<Step>> {
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
pub(super) fn on_the_wire(answer: Response<Bytes>, more: &[u8]) -> Bytes {
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

pub(super) fn flipped(body: Bytes, at: usize) -> Bytes {
    let mut bytes = body.to_vec();
    if let Some(byte) = bytes.get_mut(at) {
        *byte = !*byte;
    }
    bytes.into()
}
