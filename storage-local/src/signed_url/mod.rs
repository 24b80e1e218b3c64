//! URLs that an embedded store signs and verifies itself.
//!
//! `{base}/{store}/{key}?expires={Unix seconds}[&response-…={value}]&signature={64 hexadecimal digits}`
//!
//! There is one spelling of each URL: parameters in the order of their names, percent-encoding of everything but RFC 3986's
//! unreserved characters, upper-case escapes. A URL spelled in any other way is refused.

mod address;
mod base_url;
mod sign;
mod signing_key;
mod verify;

use std::fmt;
use std::time::Duration;

use storage_core::clock::Clock;
use storage_core::url::{MAX_EXPIRY, MIN_EXPIRY};
use storage_core::{Error, Result};

use address::Address;
pub(crate) use base_url::BaseUrl;
pub(crate) use signing_key::SigningKey;

/// Makes and checks the URLs of one store.
#[derive(Debug)]
pub(crate) struct Signer {
    store: String,
    address: Address,
    key: SigningKey,
    default_expiry: Duration,
    clock: Clock,
}

/// What a store's builder collects about URLs.
#[derive(Clone)]
pub(crate) struct UrlSettings {
    pub(crate) base: String,
    pub(crate) default_expiry: Duration,
    pub(crate) key: Option<Vec<u8>>,
}

impl Default for UrlSettings {
    fn default() -> Self {
        Self { base: base_url::DEFAULT_BASE.to_owned(), default_expiry: MAX_EXPIRY, key: None }
    }
}

impl UrlSettings {
    /// Checks the settings; `own_key` gives the signing key where none was set.
    pub(crate) fn signer(
        self,
        store: &str,
        clock: Clock,
        own_key: impl FnOnce() -> Result<SigningKey>,
    ) -> Result<Signer> {
        if !(MIN_EXPIRY..=MAX_EXPIRY).contains(&self.default_expiry) {
            let expiry = self.default_expiry;
            return Err(Error::invalid_input(format!(
                "URLs live 1 second to 7 days by default, not {expiry:?}"
            )));
        }
        let base = BaseUrl::new(&self.base)?;
        let key = match self.key {
            Some(key) => SigningKey::given(&key)?,
            None => own_key()?,
        };
        Ok(Signer::new(store, base, key, self.default_expiry, clock))
    }
}

impl Signer {
    pub(crate) fn new(
        store: &str,
        base: BaseUrl,
        key: SigningKey,
        default_expiry: Duration,
        clock: Clock,
    ) -> Self {
        Self { store: store.to_owned(), address: Address::new(base, store), key, default_expiry, clock }
    }
}

/// The key is shown nowhere.
impl fmt::Debug for UrlSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UrlSettings")
            .field("base", &self.base)
            .field("default_expiry", &self.default_expiry)
            .field("key", &self.key.as_ref().map(|_| "***"))
            .finish()
    }
}
