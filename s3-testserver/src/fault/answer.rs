//! An answer that the server itself would not give.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

/// Status, headers and body, sent as they are: an S3 error, a redirect, garbage.
#[derive(Debug, Clone)]
#[must_use = "an answer does nothing until it is part of a fault"]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    /// An empty answer.
    ///
    /// # Panics
    /// When `status` is not from 100 to 999.
    pub fn new(status: u16) -> Self {
        let status = StatusCode::from_u16(status).expect("a status from 100 to 999");
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// An S3 error with this code in its XML (<https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>).
    ///
    /// # Panics
    /// When `status` is not from 100 to 999.
    pub fn error(status: u16, code: &str) -> Self {
        let xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>injected</Message>\
             <RequestId>injected</RequestId></Error>"
        );
        Self::new(status).header("content-type", "application/xml").body(xml)
    }

    /// Sets a header.
    ///
    /// # Panics
    /// When name or value is none.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        self.headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header value"));
        self
    }

    /// Sets the body; its length becomes the `Content-Length`, unless that header was set.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn into_response(self) -> Response<Bytes> {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
