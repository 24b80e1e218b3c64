use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use rustls::ClientConfig;
use tower_service::Service;

use super::error::cause_of;
use super::proxy::Proxy;
use super::stream::ServerStream;
use super::{TransportError, TransportFault};

type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, TransportError>> + Send>>;

/// Connects to a server, TLS and proxy included, within a given time.
#[derive(Clone)]
pub(super) struct Connector {
    https: HttpsConnector<TcpConnector>,
    timeout: Duration,
}

impl Connector {
    pub(super) fn new(tls: ClientConfig, proxy: Option<Proxy>, timeout: Duration) -> Self {
        let mut http = HttpConnector::new_with_resolver(Resolver(GaiResolver::new()));
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(timeout));
        Self { https: HttpsConnector::from((TcpConnector { http, proxy }, tls)), timeout }
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<ServerStream>;
    type Error = TransportError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.https.call(uri);
        let timeout = self.timeout;
        Box::pin(async move {
            match tokio::time::timeout(timeout, connecting).await {
                Ok(Ok(stream)) => Ok(stream),
                // What `TcpConnector` did not report came after it: the TLS handshake.
                Ok(Err(error)) => Err(match error.downcast::<TransportError>() {
                    Ok(error) => *error,
                    Err(error) => failed_handshake(error),
                }),
                Err(elapsed) => Err(TransportError::new(TransportFault::ConnectTimeout, elapsed)),
            }
        })
    }
}

/// Connects by TCP, to the server or to its proxy.
#[derive(Clone)]
struct TcpConnector {
    http: HttpConnector<Resolver>,
    proxy: Option<Proxy>,
}

impl Service<Uri> for TcpConnector {
    type Response = ServerStream;
    type Error = TransportError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        match &self.proxy {
            None => {
                let connecting = self.http.call(uri);
                Box::pin(async move {
                    let tcp = connecting.await.map_err(failed_to_connect)?;
                    Ok(ServerStream::new(tcp, false))
                })
            }
            Some(proxy) if uri.scheme() == Some(&Scheme::HTTPS) => {
                let mut tunnel = Tunnel::new(proxy.uri.clone(), self.http.clone());
                if let Some(authorization) = &proxy.authorization {
                    tunnel = tunnel.with_auth(authorization.clone());
                }
                let connecting = tunnel.call(uri);
                Box::pin(async move {
                    let tcp = connecting.await.map_err(failed_to_connect)?;
                    Ok(ServerStream::new(tcp, false))
                })
            }
            Some(proxy) => {
                let connecting = self.http.call(proxy.uri.clone());
                Box::pin(async move {
                    let tcp = connecting.await.map_err(failed_to_connect)?;
                    Ok(ServerStream::new(tcp, true))
                })
            }
        }
    }
}

/// A connection that broke meanwhile may hold the next time; what TLS itself refuses will be refused again.
fn failed_handshake(error: Box<dyn std::error::Error + Send + Sync>) -> TransportError {
    let has_broken =
        cause_of::<std::io::Error>(&*error).is_some() && cause_of::<rustls::Error>(&*error).is_none();
    let fault = if has_broken { TransportFault::Connect } else { TransportFault::Tls };
    TransportError::new(fault, error)
}

fn failed_to_connect(error: impl std::error::Error + Send + Sync + 'static) -> TransportError {
    let fault = match cause_of::<ResolveError>(&error) {
        Some(_) => TransportFault::Resolve,
        None if cause_of::<std::io::Error>(&error)
            .is_some_and(|e| e.kind() == std::io::ErrorKind::TimedOut) =>
        {
            TransportFault::ConnectTimeout
        }
        None => TransportFault::Connect,
    };
    TransportError::new(fault, error)
}

/// The system's resolver, with an error that can be told apart.
#[derive(Clone)]
struct Resolver(GaiResolver);

impl Service<Name> for Resolver {
    type Response = GaiAddrs;
    type Error = ResolveError;
    type Future = Pin<Box<dyn Future<Output = Result<GaiAddrs, ResolveError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx).map_err(ResolveError)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let resolving = self.0.call(name);
        Box::pin(async move { resolving.await.map_err(ResolveError) })
    }
}

#[derive(Debug)]
struct ResolveError(std::io::Error);

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ResolveError {}
