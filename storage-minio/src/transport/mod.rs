//! How requests reach the server: one small trait, a default over `hyper`, and what a transport of one's own needs.

mod body;
mod connection;
mod connector;
mod error;
mod hyper;
mod pool;
mod proxy;
#[cfg(feature = "reqwest")]
mod reqwest;
mod stream;
mod tls;

use std::fmt;
use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;

pub use body::RequestBody;
pub(crate) use body::{Content, Pulse, Sent};
pub use error::{TransportError, TransportFault};
pub use hyper::HyperTransport;
#[cfg(feature = "reqwest")]
pub use reqwest::ReqwestTransport;

/// The bytes of an answer as they arrive. A stream that ends without an error is complete.
pub type ResponseBody = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send + 'static>>;

/// Sends one request and gives the answer, once its headers are there.
///
/// Requests come signed and with all their headers. A transport changes none of them and adds none to what was signed; it follows no
/// redirect, decodes no content encoding and repeats nothing by itself, except on a pooled connection that turned out closed before
/// anything was sent on it. It limits the time to connect; every other time-out is the caller's.
#[async_trait]
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends `request`.
    ///
    /// # Errors
    ///
    /// [`TransportError`] says how far the request came, since that decides whether it may be sent again.
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError>;
}
