//! Addresses of objects: public ones, and signed ones that expire.

pub(crate) mod file_url;
pub(crate) mod options;
mod signer;
mod verifier;

pub use options::{MAX_EXPIRY, MIN_EXPIRY, ResponseOverrides, UrlMethod};
pub use signer::UrlSigner;
pub use verifier::{UrlGrant, UrlRefusal, UrlVerifier};
