use sha2::{Digest, Sha256};

use super::payload::hex;
use super::signing_key::SigningKeyCache;
use crate::amz_date::AmzDate;
use crate::credentials::Credentials;

pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

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

    pub(super) fn region(&self) -> &str {
        &self.region
    }

    /// The signature, as hexadecimal digits, of a canonical request that has been hashed.
    pub(super) fn signature(
        &self,
        credentials: &Credentials,
        date: &AmzDate,
        canonical_request: Sha256,
    ) -> [u8; 64] {
        let hash = hex(&canonical_request.finalize().into());
        let parts: [&[u8]; 9] = [
            ALGORITHM.as_bytes(),
            b"\n",
            date.as_str().as_bytes(),
            b"\n",
            date.date().as_bytes(),
            b"/",
            self.region.as_bytes(),
            b"/s3/aws4_request\n",
            &hash,
        ];
        hex(&self.keys.sign(credentials, date, &self.region, &parts))
    }

    /// The signature, as hexadecimal digits, of a text as it is.
    pub(super) fn signature_of_text(
        &self,
        credentials: &Credentials,
        date: &AmzDate,
        text: &str,
    ) -> [u8; 64] {
        hex(&self.keys.sign(credentials, date, &self.region, &[text.as_bytes()]))
    }
}
