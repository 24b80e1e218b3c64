//! What happens to a request that a fault hits.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use super::Answer;

/// What happens to a request that a fault hits.
///
/// Positions in a body count its bytes; one that is shorter comes whole.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Effect {
    /// Everything as usual, but later.
    Delay(Duration),
    /// This answer instead of the server's; the request's body is read first.
    Answer(Answer),
    /// This answer, whose body comes over and over again without an end.
    Endless(Answer),
    /// The server's own answer with this header set.
    Header(HeaderName, HeaderValue),
    /// No answer, and the connection stays open.
    Hang,
    /// No answer: the connection is reset (TCP RST), with the request's body read or not.
    Reset,
    /// No answer: the connection is closed in good order (TCP FIN).
    Close,
    /// These bytes on the wire instead of an answer, status line and all, then the end of the connection: what is no
    /// HTTP.
    Raw(Bytes),
    /// A reset once this many bytes of the request's body were read; the server never sees the request whole.
    ResetUpload(u64),
    /// Nothing more is read after this many bytes of the request's body, and the connection stays open.
    HangUpload(u64),
    /// The byte at this position of the request's body reaches the server with all its bits flipped.
    FlipUpload(u64),
    /// The request's body is read with this pause before each piece that the network brings.
    DripUpload(Duration),
    /// A reset after this many bytes of the answer.
    ResetBody(usize),
    /// The connection is closed in good order after this many bytes of the answer, before the declared length.
    TruncateBody(usize),
    /// The answer, and these bytes after the declared length; then the end of the connection.
    ExtendBody(Bytes),
    /// Nothing more comes after this many bytes of the answer, and the connection stays open.
    HangBody(usize),
    /// The byte at this position of the answer has all its bits flipped.
    FlipByte(usize),
    /// The answer comes in pieces of this many bytes with this pause before each.
    Drip(usize, Duration),
}
