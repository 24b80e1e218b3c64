use storage_core::url::{
    FormKey, FormOptions, SignedUpload, UploadForm, UploadOptions, UploadSigner, UrlSigner,
};
use storage_core::{FileUrl, ObjectKey, Result, UrlOptions};

use super::{Call, TestStorage};

impl UrlSigner for TestStorage {
    fn public_url(&self, key: &ObjectKey) -> Result<FileUrl> {
        let call = Call::PublicUrl { key: key.clone() };
        self.meet(call).around_now(|| self.memory().signer().public_url(key))
    }

    fn signed_url(&self, key: &ObjectKey, options: &UrlOptions) -> Result<FileUrl> {
        let call = Call::SignedUrl { key: key.clone(), options: options.clone() };
        self.meet(call).around_now(|| self.memory().signer().signed_url(key, options))
    }
}

impl UploadSigner for TestStorage {
    fn upload_url(&self, key: &ObjectKey, options: &UploadOptions) -> Result<SignedUpload> {
        let call = Call::UploadUrl { key: key.clone(), options: options.clone() };
        self.meet(call).around_now(|| self.memory().signer().upload_url(key, options))
    }

    fn upload_form(&self, key: &FormKey, options: &FormOptions) -> Result<UploadForm> {
        let call = Call::UploadForm { key: key.clone(), options: options.clone() };
        self.meet(call).around_now(|| self.memory().signer().upload_form(key, options))
    }
}
