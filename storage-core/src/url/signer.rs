use std::fmt;

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
    /// [`Unauthenticated`](crate::ErrorKind::Unauthenticated) if the credentials have expired.
    fn signed_url(&self, key: &ObjectKey, options: &UrlOptions) -> Result<FileUrl>;
}
