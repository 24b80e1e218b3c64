use std::fmt;
use std::sync::Arc;

use storage_core::capability::Ability;
use storage_core::options::PutMode;
use storage_core::url::{FormKey, FormOptions, SignedUpload, UploadForm, UploadOptions, UploadSigner};
use storage_core::{Error, ObjectKey, Result};

use super::Store;
use crate::url_signer::S3UrlSigner;

/// The signer of URLs, and what is known of the server that will be sent what it signs.
pub(super) struct Urls {
    store: Arc<Store>,
    signer: S3UrlSigner,
}

impl Urls {
    pub(super) fn new(store: Arc<Store>, signer: S3UrlSigner) -> Self {
        Self { store, signer }
    }

    pub(super) fn signer(&self) -> &S3UrlSigner {
        &self.signer
    }

    /// What the server is known to ignore is not signed: it would be uploaded without.
    fn check(&self, options: &UploadOptions) -> Result<()> {
        self.store.check_abilities(&options.put)?;
        match options.put.mode {
            PutMode::Create => self.store.require_known_condition(Ability::CreateIfAbsent),
            PutMode::IfMatch(_) => self.store.require_known_condition(Ability::PutIfMatch),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Urls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Urls").field(&self.signer).finish()
    }
}

impl UploadSigner for Urls {
    fn upload_url(&self, key: &ObjectKey, options: &UploadOptions) -> Result<SignedUpload> {
        self.check(options).map_err(|error: Error| {
            error.with_operation("upload_url").with_key(key).with_store(self.store.client.bucket.as_str())
        })?;
        self.signer.upload_url(key, options)
    }

    fn upload_form(&self, key: &FormKey, options: &FormOptions) -> Result<UploadForm> {
        if let FormKey::Below(prefix) = key
            && self.store.client.traits.takes_dots_for_folders()
        {
            return Err(Error::unsupported("on this server an upload could leave the prefix by `..`")
                .with_hint("make a form to an exact key")
                .with_operation("upload_form")
                .with_key(prefix)
                .with_store(self.store.client.bucket.as_str()));
        }
        self.signer.upload_form(key, options)
    }
}
