use std::time::Duration;

use crate::key::IntoKey;
use crate::url::{
    FormKey, FormOptions, MAX_EXPIRY, MIN_EXPIRY, SignedUpload, UploadForm, UploadOptions, UploadSigner,
    UrlSigner,
};
use crate::{Bucket, Error, FileUrl, ObjectKey, Result, UrlOptions, Visibility};

/// Addresses. None of these asks a server.
impl Bucket {
    /// The object's address: plain if the bucket is public, else signed. No server is asked, and the object need not exist.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a bad key or expiry; [`Unauthenticated`](crate::ErrorKind::Unauthenticated) if
    /// the credentials have expired; [`Unsupported`](crate::ErrorKind::Unsupported) if the store makes no URLs.
    pub fn url(&self, key: impl IntoKey) -> Result<FileUrl> {
        let key = key.into_key()?;
        match self.visibility {
            Visibility::Public => self.signer()?.public_url(&key),
            Visibility::Private => self.signed_url(key, UrlOptions::new()),
        }
    }

    /// A signed address with these options. It is signed in a public bucket too: only a signature carries options.
    ///
    /// # Errors
    ///
    /// As [`url`](Self::url), and for options out of their bounds.
    pub fn url_with(&self, key: impl IntoKey, options: UrlOptions) -> Result<FileUrl> {
        self.signed_url(key.into_key()?, options)
    }

    /// Lets somebody else upload to exactly this key by one PUT, whatever is there. Give out keys that nobody can guess, in a private bucket
    /// or a [part](Self::prefixed) of one, and take what came by [`accept`](Self::accept).
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a bad key, expiry or option; [`Unauthenticated`](crate::ErrorKind::Unauthenticated)
    /// if the credentials have expired; [`Unsupported`](crate::ErrorKind::Unsupported) if the store signs no uploads.
    pub fn upload_url(&self, key: impl IntoKey, mut options: UploadOptions) -> Result<SignedUpload> {
        let key = key.into_key()?;
        options.expires_in.get_or_insert(self.url_expiry);
        self.upload_signer()?.upload_url(&key, &options)
    }

    /// Lets somebody else upload by a form, which a browser sends without a script.
    ///
    /// # Errors
    ///
    /// As [`upload_url`](Self::upload_url), and for conditions that no upload can hold.
    pub fn upload_form(&self, key: &FormKey, mut options: FormOptions) -> Result<UploadForm> {
        options.expires_in.get_or_insert(self.url_expiry);
        self.upload_signer()?.upload_form(key, &options)
    }

    fn upload_signer(&self) -> Result<&dyn UploadSigner> {
        self.storage.upload_signer().ok_or_else(|| {
            Error::unsupported("the store signs no uploads")
                .with_operation("upload_url")
                .with_store(self.name())
                .with_hint("a store that checks or changes content lets nobody go around it")
        })
    }

    fn signed_url(&self, key: ObjectKey, mut options: UrlOptions) -> Result<FileUrl> {
        if options.method.is_read() && options.stable_for.is_none() {
            options.stable_for = self.stable_window(options.expires_in);
        }
        // A default gives way to a window; what was asked for does not.
        let room = MAX_EXPIRY.saturating_sub(options.stable_for.unwrap_or_default()).max(MIN_EXPIRY);
        options.expires_in.get_or_insert(self.url_expiry.min(room));
        self.signer()?.signed_url(&key, &options)
    }

    /// The bucket's own window, unless it leaves no room for the life that was asked for. One that is out of its bounds stays, to be refused.
    fn stable_window(&self, asked: Option<Duration>) -> Option<Duration> {
        let life = asked.unwrap_or(MIN_EXPIRY);
        self.stable_for.filter(|window| *window >= MAX_EXPIRY || life.saturating_add(*window) <= MAX_EXPIRY)
    }

    fn signer(&self) -> Result<&dyn UrlSigner> {
        self.storage.url_signer().ok_or_else(|| {
            Error::unsupported("the store makes no URLs").with_operation("url").with_store(self.name())
        })
    }
}
