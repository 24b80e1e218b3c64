//! Addresses of objects: public ones, and signed ones that expire.

mod file_url;
mod options;
mod signer;
mod verifier;

pub use file_url::FileUrl;
pub use options::UrlOptions;
pub use options::{MAX_EXPIRY, MIN_EXPIRY, ResponseOverrides, UrlMethod};
pub use signer::UrlSigner;
pub use verifier::{UrlGrant, UrlRefusal, UrlVerifier};
