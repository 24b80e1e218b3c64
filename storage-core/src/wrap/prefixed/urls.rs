use http::HeaderMap;

use super::Prefixed;
use crate::url::{
    FormKey, FormOptions, SignedUpload, UploadForm, UploadOptions, UploadSigner, UrlGrant, UrlRefusal,
    UrlSigner, UrlVerifier,
};
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

impl UploadSigner for Prefixed {
    fn upload_url(&self, key: &ObjectKey, options: &UploadOptions) -> Result<SignedUpload> {
        self.uploads()?.upload_url(&self.full(key)?, options)
    }

    fn upload_form(&self, key: &FormKey, options: &FormOptions) -> Result<UploadForm> {
        let full = match key {
            FormKey::Exact(key) => FormKey::Exact(self.full(key)?),
            FormKey::Below(prefix) => FormKey::Below(self.full(prefix)?),
        };
        let mut form = self.uploads()?.upload_form(&full, options)?;
        form.key = key.clone();
        Ok(form)
    }
}

impl UrlVerifier for Prefixed {
    fn verify_url(
        &self,
        method: &str,
        path_and_query: &str,
        headers: &HeaderMap,
    ) -> Result<UrlGrant, UrlRefusal> {
        self.below(self.verifier()?.verify_url(method, path_and_query, headers)?)
    }

    fn verify_form(
        &self,
        path: &str,
        fields: &[(String, String)],
        file_name: &str,
    ) -> Result<UrlGrant, UrlRefusal> {
        self.below(self.verifier()?.verify_form(path, fields, file_name)?)
    }
}

impl Prefixed {
    fn signer(&self) -> Result<&dyn UrlSigner> {
        self.inner.url_signer().ok_or_else(|| Error::unsupported("the store makes no URLs"))
    }

    fn uploads(&self) -> Result<&dyn UploadSigner> {
        self.inner.upload_signer().ok_or_else(|| Error::unsupported("the store signs no uploads"))
    }

    fn verifier(&self) -> std::result::Result<&dyn UrlVerifier, UrlRefusal> {
        self.inner.url_verifier().ok_or(UrlRefusal::UnknownPath)
    }

    /// What the store grants outside the prefix is refused, however well it is signed.
    fn below(&self, mut grant: UrlGrant) -> Result<UrlGrant, UrlRefusal> {
        let relative = grant.key.as_str().strip_prefix(&self.prefix).ok_or(UrlRefusal::UnknownPath)?;
        grant.key = ObjectKey::new(relative).map_err(|_| UrlRefusal::UnknownPath)?;
        Ok(grant)
    }
}
