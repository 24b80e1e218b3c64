use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest, Sha256};

use super::canonical_query::encode_into;
use super::hashing::{self, Hashing, State};
use crate::amz_date::AmzDate;
use crate::credentials::Credentials;

/// How many keys are kept. Stable URLs may be signed as of a day of the last week, while requests are signed as of today.
const KEPT: usize = 4;

/// The keys of the last signatures. Each holds for one day and one secret; deriving it costs more than signing with it.
#[derive(Default)]
pub(super) struct SigningKeyCache(RwLock<Keys>);

#[derive(Default)]
struct Keys {
    kept: [Option<Arc<SigningKey>>; KEPT],
    /// Where the next one goes: in the place of the oldest.
    next: usize,
}

/// What signs on one day in one region, and says so.
pub(super) struct SigningKey {
    secret: Arc<str>,
    days: u64,
    mac: Mac,
    scope: String,
    encoded_scope: String,
}

impl SigningKey {
    fn new(secret: &Arc<str>, date: &AmzDate, region: &str) -> Self {
        let scope = format!("{}/{region}/s3/aws4_request", date.date());
        let mut encoded_scope = String::new();
        encode_into(&scope, &mut encoded_scope);
        let mac = derive(secret, date, region);
        Self { secret: Arc::clone(secret), days: date.days(), mac, scope, encoded_scope }
    }

    /// Date, region and service, as they are signed.
    pub(super) fn scope(&self) -> &str {
        &self.scope
    }

    /// The same as part of a URL.
    pub(super) fn encoded_scope(&self) -> &str {
        &self.encoded_scope
    }

    pub(super) fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.mac.of(parts)
    }
}

impl SigningKeyCache {
    /// The key of this day, region and secret.
    pub(super) fn key(&self, credentials: &Credentials, date: &AmzDate, region: &str) -> Arc<SigningKey> {
        self.cached(credentials, date).unwrap_or_else(|| {
            let key = Arc::new(SigningKey::new(credentials.secret_key(), date, region));
            self.keep(Arc::clone(&key));
            key
        })
    }

    fn cached(&self, credentials: &Credentials, date: &AmzDate) -> Option<Arc<SigningKey>> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let secret = credentials.secret_key();
        let is_it = |key: &&Arc<SigningKey>| {
            key.days == date.days() && (Arc::ptr_eq(&key.secret, secret) || key.secret == *secret)
        };
        keys.kept.iter().flatten().find(is_it).map(Arc::clone)
    }

    fn keep(&self, key: Arc<SigningKey>) {
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
fn derive(secret: &str, date: &AmzDate, region: &str) -> Mac {
    let first = Mac::keyed(format!("AWS4{secret}").as_bytes());
    [date.date(), region, "s3", "aws4_request"]
        .into_iter()
        .fold(first, |mac, part| Mac::keyed(&mac.of(&[part.as_bytes()])))
}

/// HMAC-SHA-256 with its key hashed already ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104#section-2)).
struct Mac {
    inner: State,
    outer: State,
}

impl Mac {
    fn keyed(key: &[u8]) -> Self {
        let mut block = [0; 64];
        match block.get_mut(..key.len()) {
            Some(start) => start.copy_from_slice(key),
            None => block[..32].copy_from_slice(&Sha256::digest(key)),
        }
        let padded = |with: u8| hashing::after(&block.map(|byte| byte ^ with));
        Self { inner: padded(0x36), outer: padded(0x5c) }
    }

    fn of(&self, parts: &[&[u8]]) -> [u8; 32] {
        // What is signed has up to 192 bytes, unless the region's name is a long one.
        let mut inner = Hashing::<4>::going_on(self.inner);
        for part in parts {
            inner.push(part);
        }
        let mut outer = Hashing::<2>::going_on(self.outer);
        outer.push(&inner.finish());
        outer.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use hmac::{Hmac, KeyInit as _, Mac as _};

    use super::*;

    #[test]
    fn keys_and_texts_of_any_length_are_authenticated() {
        let bytes: Vec<u8> = (0..=255).collect();
        for key in [0, 1, 32, 63, 64, 65, 200] {
            for text in [0, 1, 55, 56, 64, 133, 191, 192, 193, 256] {
                let (key, text) = (&bytes[..key], &bytes[..text]);
                let expected = Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text);
                let expected: [u8; 32] = expected.finalize().into_bytes().into();
                assert_eq!(Mac::keyed(key).of(&[text]), expected);
            }
        }
    }

    #[test]
    fn many_days_and_secrets_do_not_get_in_each_others_way() {
        let cache = SigningKeyCache::default();
        let sign = |cache: &SigningKeyCache, day: u64, secret: &str| {
            let credentials = Credentials::new("key", secret).unwrap();
            let date = AmzDate::new(SystemTime::UNIX_EPOCH + Duration::from_secs(day * 86_400));
            cache.key(&credentials, &date, "us-east-1").sign(&[b"text"])
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
