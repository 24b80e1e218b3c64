use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use ::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Body;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error as ClientError};
use object_store::client::{
    HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse, HttpResponseBody, HttpService,
};
use tokio::time::{Instant, timeout_at};

use super::connector::Patience;
use super::limited_body::{LimitedBody, TooSlow};
use super::listing::Listing;
use super::uploads::Uploads;
use crate::storage::Attempts;
use storage_core::backend::encoded_word;

/// The slowest upload that is not given up, in bytes a second.
const SLOWEST: u64 = 32 * 1024;

/// The most bytes of an answer that is read as a whole.
const LARGEST_DOCUMENT: usize = 64 * 1024 * 1024;

/// Sends the requests of one store.
pub(super) struct Service {
    pub(super) client: Client<HttpsConnector<HttpConnector>, HttpRequestBody>,
    pub(super) patience: Patience,
    pub(super) user_agent: HeaderValue,
    pub(super) uploads: Arc<Uploads>,
}

#[async_trait]
impl HttpService for Service {
    async fn call(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let attempts = request.extensions().get::<Attempts>().cloned();
        if let Some(attempts) = &attempts {
            attempts.count();
        }
        request.headers_mut().entry(header::USER_AGENT).or_insert_with(|| self.user_agent.clone());
        self.uploads.add_condition(&mut request);
        let completion = self.uploads.begun_by(&request);
        let listing = Listing::of(&request);
        let ended = super::uploads::ended_by(&request);
        let is_completion = ended.is_some() && *request.method() == Method::POST;

        let now = Instant::now();
        let end = self.patience.total.map(|total| now + total);
        let content = Duration::from_secs(request.body().content_length() as u64 / SLOWEST);
        let head_end = now + self.patience.connect + self.patience.read + content;
        let head_end = end.map_or(head_end, |end| end.min(head_end));
        let response = match timeout_at(head_end, self.client.request(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                if let Some(attempts) = attempts.filter(|_| error.is_connect()) {
                    attempts.count_unreached();
                }
                return Err(failed(&error));
            }
            Err(_) => return Err(HttpError::new(HttpErrorKind::Timeout, TooSlow)),
        };
        let (mut parts, body) = response.into_parts();
        make_readable(&mut parts.headers);
        if parts.status == StatusCode::LOCKED {
            // Somebody else writes to it just now, says a WebDAV server. `object_store` sends again what is answered so.
            parts.status = StatusCode::SERVICE_UNAVAILABLE;
        }
        let body = LimitedBody::new(body, self.patience.read, end);
        if !parts.status.is_success() || (completion.is_none() && listing.is_none() && !is_completion) {
            if let Some(upload) = ended
                && is_last_answer(parts.status)
            {
                self.uploads.forget(&upload);
            }
            return Ok(HttpResponse::from_parts(parts, HttpResponseBody::new(body)));
        }
        let mut document = document(body).await?;
        if let Some(upload) = ended
            && !super::xml::has_element(&document, "Error")
        {
            self.uploads.forget(&upload);
        }
        if let Some(completion) = completion {
            self.uploads.remember(&document, completion);
        }
        if let Some(changed) = listing.and_then(|listing| listing.escape_names(&document)) {
            document = changed;
            parts.headers.remove(header::CONTENT_LENGTH);
        }
        Ok(HttpResponse::from_parts(parts, document.into()))
    }
}

/// Whether `object_store` does not send a request again after this answer.
fn is_last_answer(status: StatusCode) -> bool {
    let is_repeated = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status);
    !status.is_server_error() && !is_repeated
}

async fn document(mut body: LimitedBody) -> Result<Bytes, HttpError> {
    let mut document =
        BytesMut::with_capacity(usize::try_from(body.size_hint().lower()).unwrap_or(0).min(1 << 20));
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            if document.len() + data.len() > LARGEST_DOCUMENT {
                return Err(HttpError::new(
                    HttpErrorKind::Decode,
                    io::Error::other("the answer is too long"),
                ));
            }
            document.extend_from_slice(&data);
        }
    }
    Ok(document.freeze())
}

/// Values that are not ASCII, such as a `Content-Disposition` that somebody stored raw, make `object_store` fail. UTF-8 is encoded
/// (RFC 2047), as user metadata is; any other byte becomes `?`.
fn make_readable(headers: &mut HeaderMap) {
    for value in headers.values_mut() {
        if value.to_str().is_ok() {
            continue;
        }
        let readable = match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => encoded_word::encode(text).into_owned(),
            Err(_) => value
                .as_bytes()
                .iter()
                .map(|byte| if (b' '..=b'~').contains(byte) { char::from(*byte) } else { '?' })
                .collect(),
        };
        if let Ok(readable) = HeaderValue::from_str(&readable) {
            *value = readable;
        }
    }
}

/// Nothing was sent if there was no connection. Once there was one, the server may have done its work.
fn failed(error: &ClientError) -> HttpError {
    let kind = match error.is_connect() {
        true => HttpErrorKind::Connect,
        false if has_timed_out(error) => HttpErrorKind::Timeout,
        false => HttpErrorKind::Interrupted,
    };
    HttpError::new(kind, Innermost::of(error))
}

fn has_timed_out(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) {
            return true;
        }
        next = error.source();
    }
    false
}

/// What the operating system or the TLS library said.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Innermost(String);

impl Innermost {
    fn of(error: &(dyn StdError + 'static)) -> Self {
        let mut cause = error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        Self(cause.to_string())
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("patience", &self.patience).finish_non_exhaustive()
    }
}

/// One parameter of a query, decoded.
pub(super) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query()?;
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_values_become_ascii() {
        let mut headers = HeaderMap::new();
        headers.insert("a", HeaderValue::from_bytes("attachment; filename=\"ü\"".as_bytes()).unwrap());
        headers.insert("b", HeaderValue::from_bytes(b"x \xffy").unwrap());
        headers.insert("c", HeaderValue::from_static("plain"));
        make_readable(&mut headers);
        let text = |name| headers[name].to_str().unwrap().to_owned();
        assert_eq!(encoded_word::decode(&text("a")), "attachment; filename=\"ü\"");
        assert_eq!((text("b"), text("c")), ("x ?y".to_owned(), "plain".to_owned()));
    }
}
