use std::fmt;

use async_trait::async_trait;
use storage_core::Result;

use super::Credentials;

/// Where credentials come from that change: an STS service, a file that is rotated, a vault.
///
/// Asked before the first call on data and again when less than a minute of the credentials' validity is left; never by
/// two tasks at once, and never while a URL is signed.
///
/// ```
/// use storage_core::Result;
/// use storage_minio::{CredentialProvider, Credentials};
///
/// #[derive(Debug)]
/// struct FromFile(std::path::PathBuf);
///
/// #[async_trait::async_trait]
/// impl CredentialProvider for FromFile {
///     async fn credentials(&self) -> Result<Credentials> {
///         let text = tokio::fs::read_to_string(&self.0).await?;
///         let (access_key, secret_key) = text.trim().split_once(':').unwrap_or_default();
///         Ok(Credentials::new(access_key, secret_key)?)
///     }
/// }
/// ```
#[async_trait]
pub trait CredentialProvider: fmt::Debug + Send + Sync + 'static {
    /// Credentials that are valid now.
    ///
    /// # Errors
    ///
    /// What kept them from being had. Calls fail with this error once the credentials that were had before have expired.
    async fn credentials(&self) -> Result<Credentials>;
}
