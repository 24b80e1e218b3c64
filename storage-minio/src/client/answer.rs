use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use storage_core::Result;
use storage_core::body::ByteStream;

/// What the server answered to a request that it did not refuse.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The whole document, where one was asked for.
    pub(crate) document: Bytes,
    /// The object's bytes, where they were asked for.
    pub(crate) stream: Option<ByteStream>,
}

/// What of an answer's body is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// All of it at once, at most so many bytes.
    Document(u64),
    /// As a stream.
    Stream,
}

/// An answer, and whether the request had been sent before without one.
pub(crate) struct Exchange {
    pub(crate) result: Result<Answer>,
    /// An earlier attempt failed and may have been carried out nevertheless.
    pub(crate) repeated: bool,
    /// Some attempt may have been carried out.
    pub(crate) reached: bool,
}

/// A header's value as text: UTF-8 if it is, else Latin-1, which any bytes are
/// ([RFC 9110 §5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5)).
pub(crate) fn text_of(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().copied().map(char::from).collect(),
    }
}
