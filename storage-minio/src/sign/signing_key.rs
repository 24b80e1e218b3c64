use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::gathered::Gathered;
use crate::amz_date::AmzDate;
use crate::credentials::Credentials;

pub(super) type HmacSha256 = Hmac<Sha256>;

/// How many keys are kept. Stable URLs may be signed as of a day of the last week, while requests are signed as of today.
const KEPT: usize = 4;

/// The keys of the last signatures. Each holds for one day and one secret; deriving it costs more than signing with it.
#[derive(Default)]
pub(super) struct SigningKeyCache(RwLock<Keys>);

#[derive(Default)]
struct Keys {
    kept: [Option<SigningKey>; KEPT],
    /// Where the next one goes: in the place of the oldest.
    next: usize,
}

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
            self.keep(key);
            mac
        });
        finish(mac, parts)
    }

    fn cached(&self, credentials: &Credentials, date: &AmzDate) -> Option<HmacSha256> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let is_it = |key: &&SigningKey| key.days == date.days() && key.secret == *credentials.secret_key();
        keys.kept.iter().flatten().find(is_it).map(|key| key.mac.clone())
    }

    fn keep(&self, key: SigningKey) {
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let next = keys.next;
        keys.kept[next] = Some(key);
        keys.next = (next + 1) % KEPT;
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

fn finish(mac: HmacSha256, parts: &[&[u8]]) -> [u8; 32] {
    let mut gathered = Gathered::new(mac);
    for part in parts {
        gathered.push(part);
    }
    gathered.finish().finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn many_days_and_secrets_do_not_get_in_each_others_way() {
        let cache = SigningKeyCache::default();
        let sign = |cache: &SigningKeyCache, day: u64, secret: &str| {
            let credentials = Credentials::new("key", secret).unwrap();
            let date = AmzDate::new(SystemTime::UNIX_EPOCH + Duration::from_secs(day * 86_400));
            cache.sign(&credentials, &date, "us-east-1", &[b"text"])
        };
        for _ in 0..2 {
            for day in 0..7 {
                for secret in ["one", "two"] {
                    let alone = sign(&SigningKeyCache::default(), day, secret);
                    assert_eq!(sign(&cache, day, secret), alone, "day {day}, secret {secret}");
                    assert_eq!(sign(&cache, day, secret), alone, "again, from the cache");
                }
            }
        }
        let kept = cache.0.read().unwrap().kept.iter().flatten().count();
        assert_eq!(kept, KEPT);
    }
}
