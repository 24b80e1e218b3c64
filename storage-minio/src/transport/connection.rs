use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::{Request, Response};
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_rustls::MaybeHttpsStream;
use tokio::runtime::{Handle, Id};

use super::pool::{Host, Pool};
use super::stream::ServerStream;
use super::{RequestBody, TransportError, TransportFault};

/// A connection by HTTP/1.1. Whoever waits for an answer on it moves it along: no task of its own has to be woken for each step.
pub(super) struct Connection {
    sender: SendRequest<RequestBody>,
    driver: Driver,
    /// The one that it was opened on, which moves its bytes. Another one may be alive while this one stands still.
    pub(super) runtime: Id,
}

/// Moves bytes in both directions. `None` once the connection is closed: what it still holds learns of that when it is dropped.
struct Driver(Option<http1::Connection<MaybeHttpsStream<ServerStream>, RequestBody>>);

/// Why there is no answer.
pub(super) struct Unanswered {
    pub(super) error: TransportError,
    /// The request, if nothing of it was sent.
    pub(super) unsent: Option<Request<RequestBody>>,
}

impl Connection {
    pub(super) async fn new(stream: MaybeHttpsStream<ServerStream>) -> Result<Box<Self>, TransportError> {
        let (sender, driver) = http1::handshake(stream).await.map_err(broken)?;
        Ok(Box::new(Self { sender, driver: Driver(Some(driver)), runtime: Handle::current().id() }))
    }

    /// Sends a request. Once its answer's headers are there, the connection must be moved along until the body has been read.
    pub(super) async fn send(
        &mut self,
        request: Request<RequestBody>,
    ) -> Result<Response<Incoming>, Unanswered> {
        let mut sending = pin!(self.sender.try_send_request(request));
        // One that was closed while it was idle finds that out before it takes a request.
        let answer = poll_fn(|cx| {
            self.driver.poll_open(cx);
            sending.as_mut().poll(cx)
        });
        answer.await.map_err(|mut error| {
            let unsent = error.take_message();
            Unanswered { error: broken(error.into_error()), unsent }
        })
    }
}

impl Driver {
    /// Moves the connection along; `false` if it is closed.
    fn poll_open(&mut self, cx: &mut Context<'_>) -> bool {
        let is_open = self.0.as_mut().is_some_and(|driver| Pin::new(driver).poll(cx).is_pending());
        if !is_open {
            self.0 = None;
        }
        is_open
    }
}

fn broken(error: hyper::Error) -> TransportError {
    TransportError::new(TransportFault::Broken, error)
}

/// The bytes of an answer. The connection goes back into its pool as soon as all of them are there, and is closed if they are
/// dropped before.
pub(super) struct Chunks {
    body: Incoming,
    /// `None` once the connection is in the pool again, or closed.
    lease: Option<Lease>,
}

/// A connection that is in use, and where it goes afterwards.
pub(super) struct Lease {
    pub(super) connection: Box<Connection>,
    pub(super) host: Host,
    pub(super) pool: Arc<Pool>,
}

impl Chunks {
    pub(super) async fn new(body: Incoming, lease: Lease) -> Self {
        let mut chunks = Self { body, lease: Some(lease) };
        if chunks.body.is_end_stream() {
            poll_fn(|cx| {
                chunks.give_back(cx);
                Poll::Ready(())
            })
            .await;
        }
        chunks
    }

    fn give_back(&mut self, cx: &mut Context<'_>) {
        let Some(Lease { mut connection, host, pool }) = self.lease.take() else { return };
        // One whose request was answered before it was sent is not ready for another.
        if connection.sender.is_ready() || (connection.driver.poll_open(cx) && connection.sender.is_ready()) {
            pool.put(host, connection);
        }
    }

    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        while let Some(frame) = std::task::ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            match frame.map(hyper::body::Frame::into_data) {
                Ok(Ok(data)) => return Poll::Ready(Some(Ok(data))),
                // Trailers.
                Ok(Err(_)) => {}
                Err(error) => return Poll::Ready(Some(Err(broken(error)))),
            }
        }
        Poll::Ready(None)
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let mut next = this.poll_body(cx);
        if next.is_pending() {
            if this.lease.as_mut().is_some_and(|lease| !lease.connection.driver.poll_open(cx)) {
                this.lease = None;
            }
            next = this.poll_body(cx);
        }
        match &next {
            Poll::Ready(Some(Err(_))) => this.lease = None,
            Poll::Ready(None) => this.give_back(cx),
            Poll::Ready(Some(Ok(_))) if this.body.is_end_stream() => this.give_back(cx),
            _ => {}
        }
        next
    }
}
