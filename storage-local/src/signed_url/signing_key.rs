use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use storage_core::url::UrlMethod;
use storage_core::{Error, ErrorKind, ObjectKey, Result};

use crate::random;

/// The shortest key that may be given, in bytes.
const MIN_KEY_BYTES: usize = 16;

/// The block of SHA-256, up to which HMAC takes a key as it is
/// ([RFC 2104 §2](https://www.rfc-editor.org/rfc/rfc2104#section-2)).
const BLOCK_BYTES: usize = 64;

/// The secret that signs URLs. It is shown nowhere.
#[derive(Clone)]
pub(crate) struct SigningKey(Option<Hmac<Sha256>>);

/// What a signature stands for.
pub(super) enum Claim<'a> {
    /// One method on one key, with all that stands in the query.
    Url {
        store: &'a str,
        method: UrlMethod,
        key: &'a ObjectKey,
        expires: u64,
        options: &'a BTreeMap<String, String>,
    },
    /// A form with these conditions, which hold the expiry too.
    Form { store: &'a str, policy: &'a str },
}

impl SigningKey {
    /// A key that the application gives.
    pub(crate) fn given(key: &[u8]) -> Result<Self> {
        match key.len() < MIN_KEY_BYTES {
            true => Err(Error::invalid_input(format!("a signing key has at least {MIN_KEY_BYTES} bytes"))),
            false => Ok(Self::from_bytes(key)),
        }
    }

    /// A key that nobody knows and that ends with the process.
    pub(crate) fn random() -> Result<Self> {
        Ok(Self::from_bytes(&random::bytes::<32>()?))
    }

    pub(crate) fn from_bytes(key: &[u8]) -> Self {
        let mut block = [0; BLOCK_BYTES];
        match key.len() <= BLOCK_BYTES {
            true => block[..key.len()].copy_from_slice(key),
            false => block[..32].copy_from_slice(&Sha256::digest(key)),
        }
        Self(Some(Hmac::new(&block.into())))
    }

    /// Signs nothing and verifies nothing: for a store that could get no random key.
    pub(crate) const fn none() -> Self {
        Self(None)
    }

    pub(super) fn sign(&self, claim: &Claim<'_>) -> Result<[u8; 32]> {
        match self.mac(claim) {
            Some(mac) => Ok(mac.finalize().into_bytes().into()),
            None => Err(Error::new(ErrorKind::Unavailable, "the store has no key to sign URLs with")),
        }
    }

    /// Compares in constant time.
    pub(super) fn verify(&self, claim: &Claim<'_>, signature: &[u8; 32]) -> bool {
        self.mac(claim).is_some_and(|mac| mac.verify_slice(signature).is_ok())
    }

    fn mac(&self, claim: &Claim<'_>) -> Option<Hmac<Sha256>> {
        let mut mac = self.0.clone()?;
        // With its length before it, no fact can run into the next.
        let mut add = |fact: &str| {
            mac.update(&(fact.len() as u64).to_be_bytes());
            mac.update(fact.as_bytes());
        };
        match claim {
            Claim::Url { store, method, key, expires, options } => {
                ["storage-url-v1", store, method.as_str(), key.as_str()].into_iter().for_each(&mut add);
                add(&expires.to_string());
                options.iter().flat_map(|(name, value)| [name, value]).for_each(|fact| add(fact));
            }
            Claim::Form { store, policy } => {
                ["storage-form-v1", store, policy].into_iter().for_each(&mut add);
            }
        }
        Some(mac)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test cases 2 and 6 of [RFC 4231](https://www.rfc-editor.org/rfc/rfc4231#section-4).
    #[test]
    fn keys_of_any_length_are_taken_as_hmac_says() {
        let hmac = |key: &[u8], text: &[u8]| {
            random::hex(&SigningKey::from_bytes(key).0.unwrap().chain_update(text).finalize().into_bytes())
        };
        assert_eq!(
            hmac(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn a_short_key_is_refused_and_none_is_shown() {
        assert!(SigningKey::given(b"short").is_err());
        let key = SigningKey::given(b"0123456789abcdef").unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey(***)");
    }
}
