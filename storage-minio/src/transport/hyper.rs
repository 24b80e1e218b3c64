use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use http::header::PROXY_AUTHORIZATION;
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderValue, Request, Response, Uri};
use storage_core::Result;
use tower_service::Service;

use super::connection::{Chunks, Connection, Lease};
use super::connector::Connector;
use super::pool::{Host, Pool};
use super::proxy::Proxy;
use super::tls::{self, Roots};
use super::{RequestBody, ResponseBody, Transport, TransportError, TransportFault};
use crate::ClientOptions;

/// The default transport: HTTP/1.1 by `hyper` with a pool of connections, TLS by `rustls`.
pub struct HyperTransport {
    connector: Connector,
    pool: Arc<Pool>,
    /// Requests without TLS go to a proxy, which wants to know the server.
    has_proxy: bool,
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
        let has_proxy = proxy.is_some();
        let connector = Connector::new(tls::config(roots)?, proxy, options.connect_timeout);
        let pool = Pool::new(options.idle_connections, options.idle_timeout);
        Ok(Self { connector, pool, has_proxy, proxy_authorization })
    }

    async fn connect(&self, host: &Host) -> Result<Box<Connection>, TransportError> {
        let address = Uri::builder().scheme(host.scheme.clone()).authority(host.authority.clone());
        let address = address.path_and_query("/").build().map_err(unsendable)?;
        Connection::new(self.connector.clone().call(address).await?).await
    }
}

#[async_trait]
impl Transport for HyperTransport {
    async fn send(
        &self,
        mut request: Request<RequestBody>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let host = Host::of(request.uri()).ok_or_else(|| unsendable("the address has no host"))?;
        match self.has_proxy && host.scheme == Scheme::HTTP {
            true => {
                if let Some(authorization) = &self.proxy_authorization {
                    request.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
                }
            }
            false => *request.uri_mut() = path_alone(request.uri()),
        }
        loop {
            let pooled = self.pool.take(&host);
            let was_idle = pooled.is_some();
            let mut connection = match pooled {
                Some(connection) => connection,
                // Boxed, as all that is rarely awaited on the way of a request: it is large, and would be moved about with each of them.
                None => Box::pin(self.connect(&host)).await?,
            };
            match connection.send(request).await {
                Ok(response) => {
                    let (parts, body) = response.into_parts();
                    let lease = Lease { connection, host, pool: Arc::clone(&self.pool) };
                    let body: ResponseBody = Box::pin(Chunks::new(body, lease).await);
                    return Ok(Response::from_parts(parts, body));
                }
                Err(failed) => match failed.unsent {
                    Some(unsent) if was_idle => request = unsent,
                    _ => return Err(failed.error),
                },
            }
        }
    }
}

/// The form that a server itself is sent
/// ([RFC 9112 §3.2.1](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.1)).
fn path_alone(uri: &Uri) -> Uri {
    Uri::from(uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/")))
}

fn unsendable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TransportError {
    TransportError::new(TransportFault::Other, error)
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HyperTransport")
    }
}
