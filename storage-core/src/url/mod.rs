//! Addresses of objects: public ones, signed ones that expire, and those that others upload to.

pub(crate) mod file_url;
mod form;
pub(crate) mod options;
mod signer;
mod upload;
mod validity;
mod verifier;

pub use form::{FormOptions, FormSuccess, MAX_FORM_BYTES, UploadForm};
pub use options::{MAX_EXPIRY, MIN_EXPIRY, ResponseOverrides, UrlMethod};
pub use signer::{UploadSigner, UrlSigner};
pub use upload::{FormKey, SignedUpload, UploadOptions, UploadTerms};
pub use validity::Validity;
pub use verifier::{UrlGrant, UrlRefusal, UrlVerifier};
