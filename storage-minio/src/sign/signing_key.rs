use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::civil::AmzDate;
use crate::credentials::Credentials;

type HmacSha256 = Hmac<Sha256>;

/// The key of the last signature. It holds for one day and one secret; deriving it costs more than signing with it.
#[derive(Default)]
pub(super) struct SigningKeyCache(RwLock<Option<SigningKey>>);

struct SigningKey {
    secret: Arc<str>,
    days: u64,
    /// Ready to take what is signed.
    mac: HmacSha256,
}

impl SigningKeyCache {
    /// Signs with the key of this day, region and secret.
    pub(super) fn sign(
        &self,
        credentials: &Credentials,
        date: &AmzDate,
        region: &str,
        parts: &[&[u8]],
    ) -> [u8; 32] {
        let mac = self.cached(credentials, date).unwrap_or_else(|| {
            let mac = derive(credentials.secret_key(), date, region);
            let key = SigningKey {
                secret: Arc::clone(credentials.secret_key()),
                days: date.days(),
                mac: mac.clone(),
            };
            *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(key);
            mac
        });
        finish(mac, parts)
    }

    fn cached(&self, credentials: &Credentials, date: &AmzDate) -> Option<HmacSha256> {
        let cached = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let key = cached.as_ref()?;
        (key.days == date.days() && key.secret == *credentials.secret_key()).then(|| key.mac.clone())
    }
}

impl fmt::Debug for SigningKeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKeyCache(***)")
    }
}

/// A chain of HMACs over date, region and service
/// ([S3 API, "Calculating a signature"](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html)).
fn derive(secret: &str, date: &AmzDate, region: &str) -> HmacSha256 {
    let first = keyed(format!("AWS4{secret}").as_bytes());
    [date.date(), region, "s3", "aws4_request"]
        .into_iter()
        .fold(first, |mac, part| keyed(&finish(mac, &[part.as_bytes()])))
}

/// An HMAC whose key is brought to the length of a block ([RFC 2104 §2](https://www.rfc-editor.org/rfc/rfc2104#section-2)).
fn keyed(key: &[u8]) -> HmacSha256 {
    let mut block = [0; 64];
    match block.get_mut(..key.len()) {
        Some(start) => start.copy_from_slice(key),
        None => block[..32].copy_from_slice(&Sha256::digest(key)),
    }
    HmacSha256::new(&block.into())
}

fn finish(mut mac: HmacSha256, parts: &[&[u8]]) -> [u8; 32] {
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
