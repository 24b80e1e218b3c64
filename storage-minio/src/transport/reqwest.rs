use std::pin::Pin;
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;
use http::{Request, Response};
use http_body::Body as HttpBody;

use super::error::cause_of;
use super::{RequestBody, ResponseBody, Transport, TransportError, TransportFault};

/// A caller's own [`reqwest::Client`] as the transport.
///
/// Its settings hold instead of the transport part of [`ClientOptions`](crate::ClientOptions). Build it with
/// `redirect(Policy::none())`: a redirected request would carry a signature made for another host. Leave automatic decompression off, or
/// objects that are stored compressed arrive changed. Let it use rustls: what another TLS library refuses is not told apart from a
/// connection that broke, and tried again.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// Sends every request by `client`.
    pub fn new(client: reqwest::Client) -> Self {
        Self { client }
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: Request<RequestBody>) -> Result<Response<ResponseBody>, TransportError> {
        let request = request.map(reqwest::Body::wrap);
        let request = reqwest::Request::try_from(request).map_err(failed)?;
        let response: Response<reqwest::Body> = self.client.execute(request).await.map_err(failed)?.into();
        Ok(response.map(|body| Box::pin(Chunks(body)) as ResponseBody))
    }
}

fn failed(error: reqwest::Error) -> TransportError {
    let fault = if error.is_connect() && error.is_timeout() {
        TransportFault::ConnectTimeout
    } else if error.is_connect() && cause_of::<rustls::Error>(&error).is_some() {
        TransportFault::Tls
    } else if error.is_connect() {
        TransportFault::Connect
    } else if error.is_builder() || error.is_redirect() {
        TransportFault::Other
    } else {
        TransportFault::Broken
    };
    // Its address may hold what is secret elsewhere; the store names what failed.
    TransportError::new(fault, error.without_url())
}

struct Chunks(reqwest::Body);

impl Stream for Chunks {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match std::task::ready!(Pin::new(&mut self.0).poll_frame(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(failed(error)))),
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
    }
}
