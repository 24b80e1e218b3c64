use std::time::SystemTime;

use super::CustomerKey;
use crate::{ByteRange, ETag};

/// Options of [`Storage::get`](crate::Storage::get).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct GetOptions {
    /// Only these bytes.
    pub range: Option<ByteRange>,
    /// Only if the object still has this ETag; else a [`PreconditionFailed`](crate::ErrorKind::PreconditionFailed) error.
    pub if_match: Option<ETag>,
    /// Only if the object has another ETag; else [`GetOutcome::NotModified`](crate::outcome::GetOutcome::NotModified).
    pub if_none_match: Option<ETag>,
    /// Only if the object changed after this time, in whole seconds; else [`GetOutcome::NotModified`](crate::outcome::GetOutcome::NotModified).
    /// Ignored where `if_none_match` is given too ([RFC 9110 §13.1.3](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.3)).
    pub if_modified_since: Option<SystemTime>,
    /// The key that the object was encrypted with (SSE-C).
    pub customer_key: Option<CustomerKey>,
}

impl GetOptions {
    /// The whole object, whatever its state.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads only these bytes: `0..10`, `10..`, [`ByteRange::Last`].
    pub fn range(mut self, range: impl Into<ByteRange>) -> Self {
        self.range = Some(range.into());
        self
    }

    /// Reads only if the object still has this ETag.
    pub fn if_match(mut self, etag: ETag) -> Self {
        self.if_match = Some(etag);
        self
    }

    /// Reads only if the object has another ETag than the one known.
    pub fn if_none_match(mut self, etag: ETag) -> Self {
        self.if_none_match = Some(etag);
        self
    }

    /// Reads only if the object changed after this time.
    pub fn if_modified_since(mut self, time: SystemTime) -> Self {
        self.if_modified_since = Some(time);
        self
    }

    /// Decrypts with this key (SSE-C).
    pub fn customer_key(mut self, key: CustomerKey) -> Self {
        self.customer_key = Some(key);
        self
    }
}
