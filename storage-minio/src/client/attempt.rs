use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::header::{CONTENT_LENGTH, USER_AGENT};
use http::{HeaderValue, Method, StatusCode};
use sha2::{Digest, Sha256};
use storage_core::body::FileSource;
use storage_core::{Error, ErrorKind, Result};
use tokio::time::{Instant, timeout};

use super::answer::{Answer, Reading};
use super::failure::Failure;
use super::refusal::{Refusal, is_error_document};
use super::request::{Pace, Request};
use super::waiting::{Watched, while_it_moves};
use super::{Client, SMALL_ANSWER};
use crate::sign::Payload;
use crate::transport::{Content, Pulse, RequestBody};

const AGENT: HeaderValue = HeaderValue::from_static(concat!("storage-minio/", env!("CARGO_PKG_VERSION")));

/// Content up to this size is hashed without a change of threads: about a hundred microseconds.
const HASHED_IN_PLACE: u64 = 128 * 1024;

/// How many times as long as it may stand still a document may take in all.
const DOCUMENT_TIME: u32 = 10;

impl Client {
    /// What is signed of the content. It is the same for every attempt.
    pub(super) async fn payload(&self, request: &Request) -> Result<Payload> {
        if let Some(sha256) = request.sha256 {
            return Ok(Payload::Sha256(sha256));
        }
        match request.content.len() {
            0 => Ok(Payload::Empty),
            _ if !self.sign_payload => Ok(Payload::Unsigned),
            1..=HASHED_IN_PLACE => sha256(&request.content).map(Payload::Sha256),
            _ => {
                let content = request.content.clone();
                let hashing = tokio::task::spawn_blocking(move || sha256(&content));
                hashing.await.map_err(Error::from_body)?.map(Payload::Sha256)
            }
        }
    }

    /// Sends the request once.
    pub(super) async fn attempt(
        &self,
        request: &Request,
        payload: Payload,
        reading: Reading,
    ) -> Result<Answer, Failure> {
        let Some(limit) = self.options.request_timeout else {
            return self.attempt_until(request, payload, reading, None).await;
        };
        let deadline = Instant::now() + limit;
        let attempt = self.attempt_until(request, payload, reading, Some(deadline));
        match tokio::time::timeout_at(deadline, attempt).await {
            Ok(answer) => answer,
            Err(_) => Err(Failure::out_of_time(limit)),
        }
    }

    async fn attempt_until(
        &self,
        request: &Request,
        payload: Payload,
        reading: Reading,
        deadline: Option<Instant>,
    ) -> Result<Answer, Failure> {
        let credentials = self.credentials.fresh().await.map_err(Failure::ours)?;
        // After the credentials came, however long that took.
        let now = self.clock.now();
        let uri = match (request.page, &request.key) {
            (Some(page), _) => self.address.server_uri(page, &request.query),
            (None, Some(key)) => self.address.uri(&self.address.object_path(key), &request.query),
            (None, None) => self.address.uri(self.address.bucket_path(), &request.query),
        };
        let uri = uri.map_err(Failure::ours)?;
        let (mut parts, ()) = http::Request::new(()).into_parts();
        parts.method = request.method.clone();
        parts.uri = uri;
        parts.headers = request.headers.clone();
        if matches!(request.method, Method::PUT | Method::POST) {
            parts.headers.insert(CONTENT_LENGTH, request.content.len().into());
        }
        self.signer.sign(&mut parts, payload, &credentials, now).map_err(Failure::ours)?;
        parts.headers.insert(USER_AGENT, AGENT);

        let pulse = Arc::new(Pulse::default());
        let body = RequestBody::new(&request.content, Arc::clone(&pulse), request.sent.clone());
        let sending = self.transport.send(http::Request::from_parts(parts, body));
        let idle = self.patience(request.pace);
        let response = match while_it_moves(sending, &pulse, idle).await {
            Some(Ok(response)) => response,
            Some(Err(error)) => {
                return Err(match pulse.take_failure() {
                    Some(failure) => Failure::body(failure),
                    None => Failure::transport(error, &self.server),
                });
            }
            None => return Err(Failure::silence(&self.server, idle, &request.method)),
        };
        let (parts, body) = response.into_parts();
        self.traits.learn_from(parts.status, &parts.headers);
        let mut answer =
            Answer { status: parts.status, headers: parts.headers, document: Bytes::new(), stream: None };
        let succeeded = answer.status.is_success() || answer.status == StatusCode::NOT_MODIFIED;
        let body = Watched::new(body, Arc::clone(&self.server), idle, deadline);
        match reading {
            Reading::Stream if succeeded => {
                answer.stream = Some(Box::pin(body));
                return Ok(answer);
            }
            Reading::Document(limit) if succeeded => {
                let within = idle.saturating_mul(DOCUMENT_TIME);
                let read = timeout(within, document(body, limit, &request.method)).await;
                answer.document =
                    read.unwrap_or_else(|_| Err(Failure::slow(&self.server, within, &request.method)))?;
            }
            // What a refusal says is of use, but it stands without.
            _ => {
                let refusal = document(body, SMALL_ANSWER, &request.method);
                let read = timeout(self.options.read_timeout, refusal).await;
                answer.document = read.ok().and_then(Result::ok).unwrap_or_default();
            }
        }
        match succeeded && !is_error_document(&answer.document) {
            true => Ok(answer),
            false => Err(Refusal {
                status: answer.status,
                headers: &answer.headers,
                document: &answer.document,
                now,
                region: &self.region,
            }
            .into_failure(request)),
        }
    }

    fn patience(&self, pace: Pace) -> Duration {
        match pace {
            Pace::Prompt => self.options.read_timeout,
            Pace::Patient => self.options.read_timeout.saturating_mul(10),
        }
    }
}

async fn document(mut body: Watched, limit: u64, method: &Method) -> Result<Bytes, Failure> {
    let mut document = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| Failure::reading(error, method))?;
        if (document.len() + chunk.len()) as u64 > limit {
            let error =
                Error::new(ErrorKind::Corrupt, format!("the server's answer is longer than {limit} bytes"));
            return Err(Failure::answer(error));
        }
        document.extend_from_slice(&chunk);
    }
    Ok(document.freeze())
}

/// Reads and hashes, and blocks while it does.
fn sha256(content: &Content) -> Result<[u8; 32]> {
    let mut hash = Sha256::new();
    for_each_block(content, |block| hash.update(block))?;
    Ok(hash.finalize().into())
}

/// Hands every byte of the content to `take`, in order, and blocks while it reads them.
pub(crate) fn for_each_block(content: &Content, mut take: impl FnMut(&[u8])) -> Result<()> {
    match content {
        Content::Bytes(bytes) => take(bytes),
        Content::Blocks(blocks) => blocks.iter().for_each(|block| take(block)),
        Content::File(file) => read_file(file, &mut take)?,
    }
    Ok(())
}

fn read_file(file: &FileSource, take: &mut impl FnMut(&[u8])) -> Result<()> {
    let mut buffer = vec![0; 256 * 1024];
    let mut offset = 0;
    while offset < file.len() {
        let count = file.read_at(offset, &mut buffer).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => {
                Error::invalid_input("the file became shorter while it was stored").with_source(error)
            }
            _ => Error::from_body(error),
        })?;
        take(&buffer[..count]);
        offset += count as u64;
    }
    Ok(())
}
