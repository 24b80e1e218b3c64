use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, UNIX_EPOCH};

use storage_core::url::{UrlMethod, UrlSigner, Validity};
use storage_core::{Error, FileUrl, ObjectKey, Result, UrlOptions};

use super::Signer;
use super::address::{encode, is_name};
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
        if options.version.is_some() {
            return Err(Error::unsupported("an embedded store keeps one version of an object"));
        }
        let mut parameters: BTreeMap<String, String> =
            options.response.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        for (name, value) in &options.query {
            check_further(name)?;
            parameters.insert(name.clone(), value.clone());
        }
        let validity = options.validity(self.clock.now(), self.default_expiry)?;
        self.signed(options.method, key, validity, &parameters)
    }

    /// The whole URL.
    pub(super) fn signed(
        &self,
        method: UrlMethod,
        key: &ObjectKey,
        validity: Validity,
        options: &BTreeMap<String, String>,
    ) -> Result<FileUrl> {
        let expires = end(validity);
        let claim = Claim::Url { store: &self.store, method, key, expires, options };
        let signature = hex(&self.key.sign(&claim)?);
        let unsigned = self.unsigned(key, expires, options);
        Ok(FileUrl::new(format!("{}{unsigned}&signature={signature}", self.address.origin())))
    }

    /// Path and query, all but the signature.
    pub(super) fn unsigned(
        &self,
        key: &ObjectKey,
        expires: u64,
        options: &BTreeMap<String, String>,
    ) -> String {
        let mut url = format!("{}?expires={expires}", self.address.path(key));
        for (name, value) in options {
            // Writing to a String cannot fail.
            let _ = write!(url, "&{name}={}", encode(value));
        }
        url
    }
}

/// Parameters of others stand as they are, and none of ours can be set through them.
fn check_further(name: &str) -> Result<()> {
    match is_name(name) && !matches!(name, "expires" | "signature") && !name.starts_with("response-") {
        true => Ok(()),
        false => Err(Error::invalid_input(format!(
            "`{}` cannot be a further parameter: it is no plain name (letters, digits, `-`, `.`, `_`, `~`), or one of the URL's own",
            name.escape_debug()
        ))),
    }
}

/// The Unix second that it ends with, rounded up so that a URL lives as long as was promised.
pub(super) fn end(validity: Validity) -> u64 {
    let since = validity.from.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    since.as_secs() + u64::from(since.subsec_nanos() > 0) + validity.seconds
}
