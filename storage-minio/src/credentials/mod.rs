//! Who signs: access keys, where they come from, and the snapshot that signatures are made with.

mod cache;
mod provider;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

pub(crate) use cache::CredentialCache;
pub use provider::CredentialProvider;

/// An access key with its secret, and for temporary credentials a session token and a time of expiry.
///
/// `Debug` shows the access key, which is no secret, and neither the secret nor the token.
///
/// ```
/// use storage_minio::Credentials;
///
/// let credentials = Credentials::new("minioadmin", "minioadmin-secret")?;
/// assert!(!format!("{credentials:?}").contains("minioadmin-secret"));
/// # Ok::<(), storage_minio::InvalidCredentials>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    access_key: Arc<str>,
    secret_key: Arc<str>,
    session_token: Option<Arc<str>>,
    expires_at: Option<SystemTime>,
}

impl Credentials {
    /// Credentials that do not expire.
    ///
    /// # Errors
    ///
    /// [`InvalidCredentials`] if one of the two is empty or has a character other than printable ASCII without the space; or
    /// if the access key has a `,` or `=`, with which no signature can be written.
    pub fn new(access_key: impl AsRef<str>, secret_key: impl AsRef<str>) -> Result<Self, InvalidCredentials> {
        let access_key = checked("access key", access_key.as_ref())?;
        if access_key.contains([',', '=']) {
            return Err(InvalidCredentials { part: "access key", rule: "it may not contain `,` or `=`" });
        }
        let secret_key = checked("secret key", secret_key.as_ref())?;
        Ok(Self { access_key, secret_key, session_token: None, expires_at: None })
    }

    /// Adds the session token of temporary credentials.
    ///
    /// # Errors
    ///
    /// [`InvalidCredentials`] if it is empty or has a character other than printable ASCII without the space.
    pub fn with_session_token(mut self, token: impl AsRef<str>) -> Result<Self, InvalidCredentials> {
        self.session_token = Some(checked("session token", token.as_ref())?);
        Ok(self)
    }

    /// Says until when the credentials are valid. No signed URL lives longer.
    pub fn with_expiry(mut self, expires_at: SystemTime) -> Self {
        self.expires_at = Some(expires_at);
        self
    }

    /// The access key.
    pub fn access_key(&self) -> &str {
        &self.access_key
    }

    /// Until when the credentials are valid; `None` if they do not expire.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }

    pub(crate) const fn secret_key(&self) -> &Arc<str> {
        &self.secret_key
    }

    pub(crate) fn session_token(&self) -> Option<&str> {
        self.session_token.as_deref()
    }

    fn has_expired_at(&self, time: SystemTime) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= time)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key", &self.access_key)
            .field("secret_key", &format_args!("***"))
            .field("session_token", &self.session_token.as_ref().map(|_| format_args!("***")))
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

/// Strings that are no [`Credentials`]. It does not show them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {part} is not valid: {rule}")]
pub struct InvalidCredentials {
    part: &'static str,
    rule: &'static str,
}

impl From<InvalidCredentials> for storage_core::Error {
    fn from(error: InvalidCredentials) -> Self {
        Self::invalid_input(error.to_string()).with_source(error)
    }
}

fn checked(part: &'static str, text: &str) -> Result<Arc<str>, InvalidCredentials> {
    let rule = if text.is_empty() {
        "it is empty"
    } else if text.contains(char::is_whitespace) {
        "it contains a space or a line break; was it copied with one?"
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        "it contains a character other than printable ASCII"
    } else {
        return Ok(text.into());
    };
    Err(InvalidCredentials { part, rule })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let credentials = Credentials::new("AKIA", "s3cr3t")
            .unwrap()
            .with_session_token("t0k3n")
            .unwrap()
            .with_expiry(SystemTime::UNIX_EPOCH);
        let text = format!("{credentials:?} {credentials:#?}");
        assert!(text.contains("AKIA") && !text.contains("s3cr3t") && !text.contains("t0k3n"), "{text}");
    }

    #[test]
    fn faults_are_named_and_not_shown() {
        for (access_key, secret_key, part) in [
            ("", "secret", "access key"),
            ("key", "", "secret key"),
            ("key", "hunter2\n", "secret key"),
            (" key", "hunter2", "access key"),
            ("key", "hünter2", "secret key"),
            ("key", "hunter2\u{0}", "secret key"),
            ("a,b", "hunter2", "access key"),
            ("a=b", "hunter2", "access key"),
        ] {
            let error = Credentials::new(access_key, secret_key).unwrap_err();
            assert_eq!(error.part, part, "{access_key:?}");
            let error = storage_core::Error::from(error);
            assert!(!format!("{error} {error:?}").contains("nter2"), "{error:?}");
        }
        let valid = Credentials::new("key", "a/b+c=d,").unwrap();
        assert!(valid.clone().with_session_token("").is_err());
        assert!(valid.with_session_token("a b").is_err());
    }
}
