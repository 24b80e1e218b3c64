use std::fmt;

use super::{FormKey, FormOptions, SignedUpload, UploadForm, UploadOptions};
use crate::{FileUrl, ObjectKey, Result, UrlOptions};

/// Makes addresses of objects, without asking any server.
pub trait UrlSigner: fmt::Debug + Send + Sync {
    /// The unsigned address, which works if the store lets anonymous people read the object.
    ///
    /// # Errors
    ///
    /// The store has no address.
    fn public_url(&self, key: &ObjectKey) -> Result<FileUrl>;

    /// An address that works for whoever has it until it expires. Without
    /// [`expires_in`](UrlOptions::expires_in) it lives as long as the store's default says.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an expiry or an override out of bounds;
    /// [`Unauthenticated`](crate::ErrorKind::Unauthenticated) if the credentials have expired;
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for an option or a method that the store cannot sign.
    fn signed_url(&self, key: &ObjectKey, options: &UrlOptions) -> Result<FileUrl>;
}

/// Lets others upload to the store directly, without asking any server.
pub trait UploadSigner: fmt::Debug + Send + Sync {
    /// An upload by PUT to this key, until it expires.
    ///
    /// # Errors
    ///
    /// As [`UrlSigner::signed_url`], and for options that [`Storage::put`](crate::Storage::put) would refuse.
    fn upload_url(&self, key: &ObjectKey, options: &UploadOptions) -> Result<SignedUpload>;

    /// A form for browsers, until it expires.
    ///
    /// # Errors
    ///
    /// As [`upload_url`](Self::upload_url), and [`InvalidInput`](crate::ErrorKind::InvalidInput) for conditions that no upload can hold.
    fn upload_form(&self, key: &FormKey, options: &FormOptions) -> Result<UploadForm>;
}
