use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;
use http::header::PROXY_AUTHORIZATION;
use http::uri::Scheme;
use http::{HeaderValue, Request, Response};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use storage_core::Result;

use super::connector::Connector;
use super::error::cause_of;
use super::proxy::Proxy;
use super::tls::{self, Roots};
use super::{RequestBody, ResponseBody, Transport, TransportError, TransportFault};
use crate::ClientOptions;

/// The default transport: HTTP/1.1 by `hyper` with a pool of connections, TLS by `rustls`.
pub struct HyperTransport {
    client: Client<Connector, RequestBody>,
    proxy_authorization: Option<HeaderValue>,
}

impl HyperTransport {
    /// A transport for any server. It opens no connection yet.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](storage_core::ErrorKind::InvalidInput) for a CA bundle that cannot be read or holds no certificate, a system
    /// without any trusted root, or a proxy that is no URL of an HTTP proxy.
    pub fn new(options: &ClientOptions) -> Result<Self> {
        let roots = options.ca_bundle.as_ref().map_or(Roots::System, Roots::Given);
        Self::trusting(&roots, options)
    }

    /// A transport for a server that is reached without TLS: the system's certificates are not read.
    pub(crate) fn without_tls(options: &ClientOptions) -> Result<Self> {
        let roots = options.ca_bundle.as_ref().map_or(Roots::Nobody, Roots::Given);
        Self::trusting(&roots, options)
    }

    fn trusting(roots: &Roots<'_>, options: &ClientOptions) -> Result<Self> {
        let proxy = options.proxy.as_deref().map(Proxy::parse).transpose()?;
        let proxy_authorization = proxy.as_ref().and_then(|proxy| proxy.authorization.clone());
        let connector = Connector::new(tls::config(roots)?, proxy, options.connect_timeout);
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(options.idle_timeout)
            .pool_max_idle_per_host(options.idle_connections)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self { client, proxy_authorization })
    }
}

#[async_trait]
impl Transport for HyperTransport {
    async fn send(
        &self,
        mut request: Request<RequestBody>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        if let Some(authorization) = &self.proxy_authorization
            && request.uri().scheme() == Some(&Scheme::HTTP)
        {
            request.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        match self.client.request(request).await {
            Ok(response) => Ok(response.map(|body| Box::pin(Chunks(body)) as ResponseBody)),
            Err(error) => {
                let fault =
                    cause_of::<TransportError>(&error).map_or(TransportFault::Broken, TransportError::fault);
                Err(TransportError::new(fault, error))
            }
        }
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HyperTransport")
    }
}

struct Chunks(Incoming);

impl Stream for Chunks {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(TransportError::new(TransportFault::Broken, error))));
                }
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
    }
}
