//! URLs that an embedded store signs and verifies itself.
//!
//! `{base}/{store}/{key}?expires={Unix seconds}[&{option}={value}]&signature={64 hexadecimal digits}`
//!
//! Options of a URL to read with are `response-…` headers, as on S3, and whatever the application adds. Those of a URL to upload to say what
//! the request's headers have to be, by the names that S3 has for them: `content-length`, `content-type`, `x-amz-meta-…`, `if-none-match`.
//! There is one spelling of each URL: options in the order of their names, percent-encoding of everything but RFC 3986's unreserved
//! characters, upper-case escapes. A URL spelled in any other way is refused.
//!
//! A form goes to `{base}/{store}`. Its fields are S3's, but for the two that sign it: `policy`, which is JSON in base64
//! (`{"expires":…,"content-length-range":[…],"eq":{…},"starts-with":{…}}`), and `x-storage-signature`.
//!
//! The signature is HMAC-SHA-256 over the store's name, the method, the key, the expiry and each option, or over the store's name and the
//! policy. The URL's base is no part of it: a proxy may have its own.

mod address;
mod attribute_names;
mod base_url;
mod demands;
mod form;
mod policy;
#[cfg(test)]
mod samples;
mod sign;
mod signing_key;
mod upload;
mod verify;
mod verify_form;

use std::fmt;
use std::time::Duration;

use storage_core::clock::Clock;
use storage_core::url::{MAX_EXPIRY, MIN_EXPIRY};
use storage_core::{Error, Result};

use address::Address;
pub(crate) use base_url::BaseUrl;
pub(crate) use signing_key::SigningKey;

/// Holds a form's conditions.
const POLICY_FIELD: &str = "policy";

/// Signs them. S3's own names are left to S3.
const SIGNATURE_FIELD: &str = "x-storage-signature";

/// What the name of the chosen file is put for, in a form's key.
const FILE_NAME: &str = "${filename}";

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
