use super::Prefixed;
use crate::url::{UrlGrant, UrlRefusal, UrlSigner, UrlVerifier};
use crate::{Error, ObjectKey, Result};
use crate::{FileUrl, UrlOptions};

impl UrlSigner for Prefixed {
    fn public_url(&self, key: &ObjectKey) -> Result<FileUrl> {
        self.signer()?.public_url(&self.full(key)?)
    }

    fn signed_url(&self, key: &ObjectKey, options: &UrlOptions) -> Result<FileUrl> {
        self.signer()?.signed_url(&self.full(key)?, options)
    }
}

impl UrlVerifier for Prefixed {
    /// A URL of the store that lies outside the prefix is refused, however well it is signed.
    fn verify_url(&self, method: &str, path_and_query: &str) -> Result<UrlGrant, UrlRefusal> {
        let verifier = self.inner.url_verifier().ok_or(UrlRefusal::UnknownPath)?;
        let mut grant = verifier.verify_url(method, path_and_query)?;
        let relative = grant.key.as_str().strip_prefix(&self.prefix).ok_or(UrlRefusal::UnknownPath)?;
        grant.key = ObjectKey::new(relative).map_err(|_| UrlRefusal::UnknownPath)?;
        Ok(grant)
    }
}

impl Prefixed {
    fn signer(&self) -> Result<&dyn UrlSigner> {
        self.inner.url_signer().ok_or_else(|| Error::unsupported("the store makes no URLs"))
    }
}
