//! The one error type of the storage traits.

mod io;
mod kind;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

pub use kind::ErrorKind;

/// What every fallible call on a storage returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any boxed error, as a source.
pub(crate) type BoxError = Box<dyn StdError + Send + Sync + 'static>;

/// Why an operation failed: a kind to decide by, and the facts to find the cause with.
///
/// One word wide. `Display` says what failed on what; it never repeats its source and never holds a secret or a
/// signature. It converts into [`std::io::Error`] and back without loss.
///
/// ```
/// use storage_core::{Error, ErrorKind, ObjectKey};
///
/// let key: ObjectKey = "cats/tom.jpg".parse()?;
/// let error = Error::new(ErrorKind::NotFound, "").with_operation("get").with_key(&key);
/// assert!(error.is_not_found());
/// assert_eq!(error.to_string(), "get `cats/tom.jpg`: object not found");
/// # Ok::<(), Error>(())
/// ```
pub struct Error(Box<Facts>);

struct Facts {
    kind: ErrorKind,
    retryable: bool,
    message: Cow<'static, str>,
    hint: Option<Cow<'static, str>>,
    operation: Option<&'static str>,
    key: Option<String>,
    store: Option<String>,
    status: Option<u16>,
    code: Option<String>,
    request_id: Option<String>,
    source: Option<BoxError>,
}

impl Error {
    /// An error of this kind. `message` adds what the kind does not say; it may be empty.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Facts {
            kind,
            retryable: kind.is_transient(),
            message: message.into(),
            hint: None,
            operation: None,
            key: None,
            store: None,
            status: None,
            code: None,
            request_id: None,
            source: None,
        }))
    }

    /// There is no object under `key`.
    pub fn not_found(key: impl AsRef<str>) -> Self {
        Self::new(ErrorKind::NotFound, "").with_key(key)
    }

    /// The caller's input breaks a rule.
    pub fn invalid_input(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// The store cannot do this at all.
    pub fn unsupported(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }

    /// The body that was to be stored could not be read.
    ///
    /// If `source` is an [`Error`] itself, bare or inside an [`std::io::Error`], it is passed through unchanged: a body
    /// that streams out of another store fails as that store failed.
    pub fn from_body(source: impl Into<BoxError>) -> Self {
        match io::recover(source.into()) {
            Ok(error) => error,
            Err(source) => {
                Self::new(ErrorKind::Other, "the body to be stored could not be read").with_source(source)
            }
        }
    }

    /// Names the operation, as the trait's method is called: `put`, `get`, `list`.
    pub fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Names the object.
    pub fn with_key(mut self, key: impl AsRef<str>) -> Self {
        self.0.key = Some(key.as_ref().to_owned());
        self
    }

    /// Names the store.
    pub fn with_store(mut self, store: impl Into<String>) -> Self {
        self.0.store = Some(store.into());
        self
    }

    /// Adds the HTTP status that the server answered.
    pub fn with_http_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Adds the server's own error code, such as S3's `NoSuchKey`.
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// Adds the server's id of the request, to look it up in the server's log.
    pub fn with_request_id(mut self, request_id: impl Into<String>) -> Self {
        self.0.request_id = Some(request_id.into());
        self
    }

    /// Says what to do about it, where that is more than the kind's own hint.
    pub fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds the cause.
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Overrides whether the same call may succeed later; by default only the kinds unavailable, time-out and throttled may.
    pub fn with_retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the same call may succeed later.
    ///
    /// A write that failed this way may have been done all the same: the answer was lost, not the request. Saving again under
    /// [`Collision::Reject`](crate::Collision::Reject) may then find one's own first attempt.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// Whether the store answered that there is no such object.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// Whether the key was taken.
    pub fn is_already_exists(&self) -> bool {
        self.0.kind == ErrorKind::AlreadyExists
    }

    /// What the kind does not say; may be empty.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref().or(self.0.kind.hint())
    }

    /// The operation that failed.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The object that it failed on.
    pub fn key(&self) -> Option<&str> {
        self.0.key.as_deref()
    }

    /// The store that it failed in.
    pub fn store(&self) -> Option<&str> {
        self.0.store.as_deref()
    }

    /// The HTTP status, if a server answered.
    pub fn http_status(&self) -> Option<u16> {
        self.0.status
    }

    /// The server's own error code, such as S3's `NoSuchKey`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The server's id of the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = &*self.0;
        if let Some(operation) = facts.operation {
            f.write_str(operation)?;
            if let Some(key) = &facts.key {
                write!(f, " `{}`", key.escape_debug())?;
            }
            if let Some(store) = &facts.store {
                write!(f, " in {store}")?;
            }
            f.write_str(": ")?;
        } else if let Some(key) = &facts.key {
            write!(f, "`{}`: ", key.escape_debug())?;
        }
        f.write_str(facts.kind.describe())?;
        if !facts.message.is_empty() {
            write!(f, ": {}", facts.message)?;
        }
        let status = facts.status.map(|status| format!("HTTP {status}"));
        let request = facts.request_id.as_ref().map(|id| format!("request {id}"));
        let answer: Vec<&str> =
            [status.as_deref(), facts.code.as_deref(), request.as_deref()].into_iter().flatten().collect();
        if !answer.is_empty() {
            write!(f, " ({})", answer.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = &*self.0;
        f.debug_struct("Error")
            .field("kind", &facts.kind)
            .field("retryable", &facts.retryable)
            .field("display", &format_args!("{self}"))
            .field("source", &facts.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn display_names_operation_key_store_and_answer_but_not_the_source() {
        let error = Error::new(ErrorKind::PermissionDenied, "")
            .with_operation("put")
            .with_key("a\u{7}b")
            .with_store("photos")
            .with_http_status(403)
            .with_code("AccessDenied")
            .with_request_id("17A")
            .with_source(std::io::Error::other("inner cause"));
        assert_eq!(
            error.to_string(),
            "put `a\\u{7}b` in photos: permission denied (HTTP 403, AccessDenied, request 17A)"
        );
        assert!(error.source().is_some());
    }

    #[test]
    fn only_transient_kinds_are_retryable_unless_said() {
        assert!(Error::new(ErrorKind::Throttled, "").is_retryable());
        assert!(!Error::new(ErrorKind::NotFound, "").is_retryable());
        assert!(Error::new(ErrorKind::AlreadyExists, "").with_retryable(true).is_retryable());
    }
}
