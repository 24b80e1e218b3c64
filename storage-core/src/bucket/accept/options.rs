use crate::attributes::{Attributes, attribute_setters};
use crate::{Collision, Error, Result, Saved};

/// What [`Bucket::accept`](crate::Bucket::accept) checks of an upload, and how it keeps it.
///
/// ```
/// use storage_core::AcceptOptions;
///
/// let options = AcceptOptions::new().max_length(5 * 1024 * 1024).content_types(["image/png", "image/jpeg"]);
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct AcceptOptions {
    /// The fewest bytes; default: 0.
    pub min_length: u64,
    /// The most bytes; default: any number.
    pub max_length: Option<u64>,
    /// The types that are taken, such as `image/png` or `image/*`. None: every type. It is the content that is looked at, neither the
    /// name nor what the uploader said.
    pub content_types: Vec<String>,
    /// The SHA-256 that was promised. The whole content is read to check it.
    #[cfg(feature = "content-hash")]
    pub sha256: Option<[u8; 32]>,
    /// Headers and metadata of the object that is kept. What the uploader sent is dropped; the content type is the one found, unless given
    /// here.
    pub attributes: Attributes,
    pub(super) collision: Option<Collision>,
    pub(super) is_inline: bool,
}

impl AcceptOptions {
    /// Takes anything.
    pub fn new() -> Self {
        Self::default()
    }

    attribute_setters!(attributes.);

    /// Sets the fewest bytes.
    pub fn min_length(mut self, bytes: u64) -> Self {
        self.min_length = bytes;
        self
    }

    /// Sets the most bytes.
    pub fn max_length(mut self, bytes: u64) -> Self {
        self.max_length = Some(bytes);
        self
    }

    /// Takes these types only: `image/png`, `image/*`.
    pub fn content_types<T: Into<String>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        self.content_types = types.into_iter().map(Into::into).collect();
        self
    }

    /// Checks the whole content against this digest.
    #[cfg(feature = "content-hash")]
    pub fn sha256(mut self, digest: [u8; 32]) -> Self {
        self.sha256 = Some(digest);
        self
    }

    /// Sets what to do if the name is taken, whatever the bucket's rule is.
    pub fn collision(mut self, collision: Collision) -> Self {
        self.collision = Some(collision);
        self
    }

    /// Lets HTML, SVG, XML, JavaScript and the like be shown by browsers, where they can run as your site.
    pub fn inline(mut self) -> Self {
        self.is_inline = true;
        self
    }

    /// Checks that an upload can hold the conditions at all: what does not hold is deleted.
    /// [`Bucket::accept`](crate::Bucket::accept) calls it first.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) names the condition.
    pub fn validate(&self) -> Result<()> {
        self.attributes.validate()?;
        if let Some(max) = self.max_length
            && max < self.min_length
        {
            let min = self.min_length;
            return Err(Error::invalid_input(format!(
                "no upload has {min} to {max} bytes: the fewest may not exceed the most"
            )));
        }
        match self.content_types.iter().find(|pattern| !is_pattern(pattern)) {
            None => Ok(()),
            Some(pattern) => Err(Error::invalid_input(format!(
                "`{}` is no type: it is written as image/png or image/*",
                pattern.escape_debug()
            ))),
        }
    }

    pub(super) fn check_length(&self, size: u64) -> Option<Rejection> {
        match self.max_length {
            _ if size < self.min_length => Some(Rejection::TooShort { size, min: self.min_length }),
            Some(max) if size > max => Some(Rejection::TooLong { size, max }),
            _ => None,
        }
    }

    pub(super) fn check_type(&self, found: &str) -> Option<Rejection> {
        let is_taken = |pattern: &String| matches(pattern, found);
        match self.content_types.is_empty() || self.content_types.iter().any(is_taken) {
            true => None,
            false => Some(Rejection::ContentType { found: found.to_owned() }),
        }
    }
}

/// Whether some type can be meant: `image/png`, `image/*` or `*/*`, of tokens ([RFC 9110 §5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2)).
fn is_pattern(pattern: &str) -> bool {
    let is_token = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'+-.^_`|~".contains(&byte))
    };
    match pattern.split_once('/') {
        Some((kind, "*")) => kind == "*" || is_token(kind),
        Some((kind, name)) => is_token(kind) && is_token(name),
        None => false,
    }
}

/// Whether a type is meant by `image/png` or `image/*`, whatever its parameters are.
fn matches(pattern: &str, found: &str) -> bool {
    let found = found.split(';').next().unwrap_or_default().trim();
    match pattern.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => found.split('/').next().is_some_and(|found| found.eq_ignore_ascii_case(kind)),
        None => found.eq_ignore_ascii_case(pattern),
    }
}

/// Why an upload was not taken. It is deleted then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// It has fewer bytes than allowed.
    #[error("the upload has {size} bytes, fewer than {min}")]
    TooShort {
        /// Its size in bytes.
        size: u64,
        /// The fewest bytes.
        min: u64,
    },
    /// It has more bytes than allowed.
    #[error("the upload has {size} bytes, more than {max}")]
    TooLong {
        /// Its size in bytes.
        size: u64,
        /// The most bytes.
        max: u64,
    },
    /// Its content is of a type that is not taken.
    #[error("the upload is of the type {found}, which is not taken")]
    ContentType {
        /// The type that its bytes show.
        found: String,
    },
    /// Its bytes are not those that were promised.
    #[error("the upload does not have the digest that was promised")]
    Digest,
}

/// What became of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an upload may have been rejected"]
pub enum AcceptOutcome {
    /// It is kept, under this key.
    Saved(Saved),
    /// It did not hold what was asked of it, and is deleted.
    Rejected(Rejection),
}

impl AcceptOutcome {
    /// What was saved.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) with the [`Rejection`] as its source.
    pub fn into_saved(self) -> Result<Saved> {
        match self {
            Self::Saved(saved) => Ok(saved),
            Self::Rejected(rejection) => Err(Error::invalid_input("the upload was rejected")
                .with_operation("accept")
                .with_source(rejection)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_taken_exactly_or_by_their_kind() {
        let options = AcceptOptions::new().content_types(["image/*", "Application/PDF"]);
        for taken in ["image/png", "IMAGE/x", "application/pdf; a=b"] {
            assert_eq!(options.check_type(taken), None, "{taken}");
        }
        for refused in ["imagex/png", "application/pdfx", "text/plain", ""] {
            assert_eq!(options.check_type(refused), Some(Rejection::ContentType { found: refused.into() }));
        }
        assert_eq!(AcceptOptions::new().check_type("text/html"), None);
        assert_eq!(AcceptOptions::new().content_types(["*/*"]).check_type("text/html"), None);
    }

    #[test]
    fn conditions_that_no_upload_can_hold_are_refused() {
        let refused = |options: AcceptOptions| {
            options.validate().is_err_and(|error| error.kind() == crate::ErrorKind::InvalidInput)
        };
        assert!(refused(AcceptOptions::new().min_length(2).max_length(1)));
        assert!(!refused(AcceptOptions::new().min_length(2).max_length(2)));
        for bad in [
            "",
            "image",
            "image/",
            "/png",
            "*",
            "*/png",
            "image*",
            "image/p*",
            "image/png; q=1",
            "a/b/c",
            "ü/x",
        ] {
            assert!(refused(AcceptOptions::new().content_types([bad])), "{bad}");
        }
        for good in ["image/svg+xml", "application/vnd.ms-excel", "image/*", "*/*"] {
            assert!(!refused(AcceptOptions::new().content_types([good])), "{good}");
        }
        assert!(refused(AcceptOptions::new().cache_control("a\nb")));
    }

    #[test]
    fn lengths_are_bounded_on_both_sides() {
        let options = AcceptOptions::new().min_length(2).max_length(3);
        assert_eq!(options.check_length(1), Some(Rejection::TooShort { size: 1, min: 2 }));
        assert_eq!((options.check_length(2), options.check_length(3)), (None, None));
        assert_eq!(options.check_length(4), Some(Rejection::TooLong { size: 4, max: 3 }));
    }

    #[test]
    fn a_rejection_is_the_source_of_an_error() {
        let error = AcceptOutcome::Rejected(Rejection::Digest).into_saved().unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::InvalidInput);
        let source = std::error::Error::source(&error).and_then(|source| source.downcast_ref());
        assert_eq!(source, Some(&Rejection::Digest));
    }
}
