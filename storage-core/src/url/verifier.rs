use std::fmt;
use std::time::SystemTime;

use http::HeaderMap;

use super::{ResponseOverrides, UploadTerms, UrlMethod};
use crate::ObjectKey;

/// Checks URLs that an embedded store signed, for the service that answers them.
pub trait UrlVerifier: fmt::Debug + Send + Sync {
    /// Checks a request's method, its path and query, and the headers that its URL demands, as they came. Of headers that are given
    /// twice, or not at all, none is what was demanded.
    ///
    /// # Errors
    ///
    /// [`UrlRefusal`] says why the request must not be answered.
    fn verify_url(
        &self,
        method: &str,
        path_and_query: &str,
        headers: &HeaderMap,
    ) -> Result<UrlGrant, UrlRefusal>;

    /// Checks the fields of a form, in the order that they came in before the file, and gives the key that it is for. `file_name` is the
    /// name that the file was sent under, which a form to any key below a prefix takes. The length of the file is in the grant's
    /// [terms](UrlGrant::upload), for whoever receives it.
    ///
    /// # Errors
    ///
    /// [`UrlRefusal`] says why the form must not be taken.
    fn verify_form(
        &self,
        path: &str,
        fields: &[(String, String)],
        file_name: &str,
    ) -> Result<UrlGrant, UrlRefusal>;
}

/// What a verified URL allows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UrlGrant {
    /// The object that it is about.
    pub key: ObjectKey,
    /// How. As on S3, a URL signed for GET does not allow HEAD, nor the other way round. A form's is PUT.
    pub method: UrlMethod,
    /// Until when; `None` for a public object.
    pub expires_at: Option<SystemTime>,
    /// Headers that the answer shall have.
    pub response: ResponseOverrides,
    /// What may be uploaded, for a PUT or a form.
    pub upload: Option<UploadTerms>,
}

impl UrlGrant {
    /// Allows `method` on `key` until `expires_at`.
    pub fn new(key: ObjectKey, method: UrlMethod, expires_at: Option<SystemTime>) -> Self {
        Self { key, method, expires_at, response: ResponseOverrides::default(), upload: None }
    }

    /// Sets the headers of the answer.
    pub fn with_response(mut self, response: ResponseOverrides) -> Self {
        self.response = response;
        self
    }

    /// Sets what may be uploaded.
    pub fn with_upload(mut self, terms: UploadTerms) -> Self {
        self.upload = Some(terms);
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
    /// No method that a URL can be signed for.
    #[error("the method is not allowed")]
    MethodNotAllowed,
    /// A header that the URL demands is missing, given twice, or has another value.
    #[error("a header is not as the URL demands")]
    HeaderMismatch,
    /// A field of the form is missing, given twice, not mentioned in its conditions, or does not hold them.
    #[error("a field of the form does not hold its conditions")]
    FieldMismatch,
}
