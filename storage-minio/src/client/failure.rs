use std::time::Duration;

use http::Method;
use storage_core::{Error, ErrorKind};

use crate::transport::{TransportError, TransportFault};

/// Why one attempt failed, and what that means for the next.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) again: Again,
    /// The server may have done what was asked.
    pub(super) reached: bool,
}

/// Whether another attempt makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    No,
    /// After a wait of one's own choice.
    Soon,
    /// Not before this time has passed: the server says so.
    After(Duration),
    /// While connecting has not failed for too long.
    Connect,
}

impl Failure {
    /// A fault on this side: nothing was sent, and nothing will change.
    pub(super) fn ours(error: Error) -> Self {
        Self { error, again: Again::No, reached: false }
    }

    /// The caller's body could not be read; what was sent of it is not complete, so that the server stores nothing.
    pub(super) fn body(error: Error) -> Self {
        Self { error, again: Again::No, reached: false }
    }

    /// The request took longer than the caller allows.
    pub(super) fn out_of_time(limit: Duration) -> Self {
        let error = Error::new(ErrorKind::Timeout, format!("the request was not finished for {limit:?}"));
        Self { error, again: Again::No, reached: true }
    }

    /// The server did not answer in time.
    pub(super) fn silence(server: &str, time: Duration, method: &Method) -> Self {
        Self::late(format!("{server} did not answer for {time:?}"), method)
    }

    /// The answer's document did not come to its end in time, though it may not have stood still.
    pub(super) fn slow(server: &str, time: Duration, method: &Method) -> Self {
        Self::late(format!("the answer of {server} was not complete after {time:?}"), method)
    }

    /// The answer's document broke off or stood still.
    pub(super) fn reading(error: Error, method: &Method) -> Self {
        let again = match error.kind() {
            ErrorKind::Timeout if !error.is_retryable() => Again::No,
            ErrorKind::Timeout => after_silence(method),
            _ => Again::Soon,
        };
        Self { error, again, reached: true }
    }

    fn late(message: String, method: &Method) -> Self {
        Self { error: Error::new(ErrorKind::Timeout, message), again: after_silence(method), reached: true }
    }

    /// The answer could not be read or understood.
    pub(super) fn answer(error: Error) -> Self {
        Self { error, again: Again::No, reached: true }
    }

    pub(super) fn transport(error: TransportError, server: &str) -> Self {
        let again = match error.fault() {
            TransportFault::Connect | TransportFault::ConnectTimeout | TransportFault::Resolve => {
                Again::Connect
            }
            TransportFault::Tls | TransportFault::Other => Again::No,
            TransportFault::Broken => Again::Soon,
        };
        let reached = error.fault() == TransportFault::Broken;
        Self { error: transport_error(error, server), again, reached }
    }
}

/// The server may be at work on a write still, so that asking again would double its load; a read may have gone to a connection that is
/// dead.
fn after_silence(method: &Method) -> Again {
    match *method {
        Method::GET | Method::HEAD => Again::Soon,
        _ => Again::No,
    }
}

/// What a failed transport is to the caller.
pub(super) fn transport_error(error: TransportError, server: &str) -> Error {
    let (kind, message) = match error.fault() {
        TransportFault::Resolve => {
            (ErrorKind::Unavailable, format!("the host name in {server} cannot be resolved"))
        }
        TransportFault::Connect => (ErrorKind::Unavailable, format!("cannot connect to {server}")),
        TransportFault::ConnectTimeout => {
            (ErrorKind::Timeout, format!("no connection to {server} in the time allowed"))
        }
        TransportFault::Tls => (ErrorKind::Unavailable, format!("no TLS with {server}: {error}")),
        TransportFault::Broken => (ErrorKind::Unavailable, format!("the connection to {server} broke")),
        TransportFault::Other => (ErrorKind::Other, format!("the request to {server} could not be sent")),
    };
    let fault = error.fault();
    let failed = Error::new(kind, message).with_source(error);
    match fault {
        TransportFault::Tls => failed
            .with_retryable(false)
            .with_hint("check the scheme of the endpoint, the server's certificate, and the CA bundle it is checked against"),
        _ => failed,
    }
}
