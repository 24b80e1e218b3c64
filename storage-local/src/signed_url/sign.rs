use std::fmt::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use storage_core::url::{ResponseOverrides, UrlSigner};
use storage_core::{FileUrl, ObjectKey, Result, UrlOptions};

use super::Signer;
use super::address::encode;
use super::signing_key::Claim;
use crate::random::hex;

impl UrlSigner for Signer {
    fn public_url(&self, key: &ObjectKey) -> Result<FileUrl> {
        Ok(FileUrl::new(format!("{}{}", self.address.origin(), self.address.path(key))))
    }

    fn signed_url(&self, key: &ObjectKey, options: &UrlOptions) -> Result<FileUrl> {
        self.sign(key, options)
            .map_err(|error| error.with_operation("signed_url").with_key(key).with_store(&self.store))
    }
}

impl Signer {
    fn sign(&self, key: &ObjectKey, options: &UrlOptions) -> Result<FileUrl> {
        options.validate()?;
        let validity = options.validity(self.clock.now(), self.default_expiry)?;
        let expires = seconds_up(validity.from) + validity.seconds;
        let response = &options.response;
        let claim = Claim { store: &self.store, method: options.method, key, expires, response };
        let signature = hex(&self.key.sign(&claim)?);
        let unsigned = self.unsigned(key, expires, response);
        Ok(FileUrl::new(format!("{}{unsigned}&signature={signature}", self.address.origin())))
    }

    /// Path and query, all but the signature.
    pub(super) fn unsigned(&self, key: &ObjectKey, expires: u64, response: &ResponseOverrides) -> String {
        let mut url = format!("{}?expires={expires}", self.address.path(key));
        for (name, value) in response.iter() {
            // Writing to a String cannot fail.
            let _ = write!(url, "&{name}={}", encode(value));
        }
        url
    }
}

/// Unix seconds, rounded up so that a URL lives as long as was promised.
fn seconds_up(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    since.as_secs() + u64::from(since.subsec_nanos() > 0)
}
