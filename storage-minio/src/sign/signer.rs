use std::sync::Arc;

use super::hashing::Hashing;
use super::payload::hex;
use super::signing_key::{SigningKey, SigningKeyCache};
use crate::amz_date::AmzDate;
use crate::credentials::Credentials;

pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A canonical request on its way through the hash; most have less than 512 bytes.
pub(super) type CanonicalRequest = Hashing<9>;

/// Signs for one region. One per store: it keeps the day's key.
#[derive(Debug)]
pub(crate) struct Signer {
    region: String,
    keys: SigningKeyCache,
}

impl Signer {
    pub(crate) fn new(region: impl Into<String>) -> Self {
        Self { region: region.into(), keys: SigningKeyCache::default() }
    }

    pub(super) fn key(&self, credentials: &Credentials, date: &AmzDate) -> Arc<SigningKey> {
        self.keys.key(credentials, date, &self.region)
    }
}

impl SigningKey {
    /// The signature, as hexadecimal digits, of a canonical request.
    pub(super) fn signature(&self, date: &AmzDate, canonical_request: CanonicalRequest) -> [u8; 64] {
        let hash = hex(&canonical_request.finish());
        let (algorithm, date, scope) =
            (ALGORITHM.as_bytes(), date.as_str().as_bytes(), self.scope().as_bytes());
        hex(&self.sign(&[algorithm, b"\n", date, b"\n", scope, b"\n", &hash]))
    }

    /// The signature, as hexadecimal digits, of a text as it is.
    pub(super) fn signature_of_text(&self, text: &str) -> [u8; 64] {
        hex(&self.sign(&[text.as_bytes()]))
    }
}
