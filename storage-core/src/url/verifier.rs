use std::fmt;
use std::time::SystemTime;

use super::{ResponseOverrides, UrlMethod};
use crate::ObjectKey;

/// Checks URLs that an embedded store signed, for the service that answers them.
pub trait UrlVerifier: fmt::Debug + Send + Sync {
    /// Checks a request's method and its path and query, as they came.
    ///
    /// # Errors
    ///
    /// [`UrlRefusal`] says why the request must not be answered.
    fn verify_url(&self, method: &str, path_and_query: &str) -> Result<UrlGrant, UrlRefusal>;
}

/// What a verified URL allows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UrlGrant {
    /// The object that may be read.
    pub key: ObjectKey,
    /// How. As on S3, a URL signed for GET does not allow HEAD, nor the other way round.
    pub method: UrlMethod,
    /// Until when; `None` for a public object.
    pub expires_at: Option<SystemTime>,
    /// Headers that the answer shall have.
    pub response: ResponseOverrides,
}

impl UrlGrant {
    /// Allows `method` on `key` until `expires_at`.
    pub fn new(key: ObjectKey, method: UrlMethod, expires_at: Option<SystemTime>) -> Self {
        Self { key, method, expires_at, response: ResponseOverrides::default() }
    }

    /// Sets the headers of the answer.
    pub fn with_response(mut self, response: ResponseOverrides) -> Self {
        self.response = response;
        self
    }
}

/// Why a request by a signed URL must not be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum UrlRefusal {
    /// The path is not below this store's, or holds no valid key.
    #[error("the path is no address of this store")]
    UnknownPath,
    /// A parameter is missing, unknown, given twice or not encoded as it was signed.
    #[error("the URL is malformed")]
    Malformed,
    /// The URL carries no signature.
    #[error("the URL is not signed")]
    Unsigned,
    /// The URL, its options or its method are not what was signed.
    #[error("the signature does not match")]
    SignatureMismatch,
    /// The URL was right once.
    #[error("the URL has expired")]
    Expired,
    /// Neither GET nor HEAD.
    #[error("the method is not allowed")]
    MethodNotAllowed,
}
