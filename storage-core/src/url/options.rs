use std::time::Duration;

use crate::{Error, Result, disposition};

/// The shortest life of a signed URL.
pub const MIN_EXPIRY: Duration = Duration::from_secs(1);

/// The longest life of a signed URL: 7 days
/// ([S3 API, "Authenticating requests: using query parameters"](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html)).
pub const MAX_EXPIRY: Duration = Duration::from_secs(7 * 24 * 3_600);

/// What a signed URL may be used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlMethod {
    /// Reading the object.
    #[default]
    Get,
    /// Reading its headers only.
    Head,
}

impl UrlMethod {
    /// The method's name in HTTP.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
        }
    }
}

/// Headers that an answer shall have instead of the stored ones
/// ([S3 API, GetObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html), `response-*` parameters).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseOverrides {
    /// `response-cache-control`.
    pub cache_control: Option<String>,
    /// `response-content-disposition`.
    pub content_disposition: Option<String>,
    /// `response-content-encoding`.
    pub content_encoding: Option<String>,
    /// `response-content-language`.
    pub content_language: Option<String>,
    /// `response-content-type`.
    pub content_type: Option<String>,
    /// `response-expires`, an HTTP date.
    pub expires: Option<String>,
}

impl ResponseOverrides {
    /// Each override that is set, under its S3 name, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("response-cache-control", &self.cache_control),
            ("response-content-disposition", &self.content_disposition),
            ("response-content-encoding", &self.content_encoding),
            ("response-content-language", &self.content_language),
            ("response-content-type", &self.content_type),
            ("response-expires", &self.expires),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }

    /// Sets the override with this S3 name; `false` if there is none such.
    pub fn set(&mut self, name: &str, value: String) -> bool {
        let field = match name {
            "response-cache-control" => &mut self.cache_control,
            "response-content-disposition" => &mut self.content_disposition,
            "response-content-encoding" => &mut self.content_encoding,
            "response-content-language" => &mut self.content_language,
            "response-content-type" => &mut self.content_type,
            "response-expires" => &mut self.expires,
            _ => return false,
        };
        *field = Some(value);
        true
    }

    /// Whether nothing is overridden.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

/// Options of a signed URL.
///
/// ```
/// use std::time::Duration;
/// use storage_core::UrlOptions;
///
/// let options = UrlOptions::new().expires_in(Duration::from_secs(600)).download_as("Übersicht.pdf");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UrlOptions {
    /// How long the URL is valid, 1 second to 7 days, in whole seconds. `None` takes the bucket's default.
    pub expires_in: Option<Duration>,
    /// What the URL may be used for; default: GET.
    pub method: UrlMethod,
    /// Headers of the answer.
    pub response: ResponseOverrides,
}

impl UrlOptions {
    /// A GET with the bucket's default expiry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long the URL is valid, [`MIN_EXPIRY`] to [`MAX_EXPIRY`].
    pub fn expires_in(mut self, expiry: Duration) -> Self {
        self.expires_in = Some(expiry);
        self
    }

    /// Sets what the URL may be used for.
    pub fn method(mut self, method: UrlMethod) -> Self {
        self.method = method;
        self
    }

    /// Has browsers save the object under this file name, which may be any text
    /// ([RFC 6266](https://www.rfc-editor.org/rfc/rfc6266)).
    pub fn download_as(self, file_name: impl AsRef<str>) -> Self {
        self.response_content_disposition(disposition::attachment(file_name))
    }

    /// Overrides the answer's `Content-Type`.
    pub fn response_content_type(mut self, value: impl Into<String>) -> Self {
        self.response.content_type = Some(value.into());
        self
    }

    /// Overrides the answer's `Content-Disposition`.
    pub fn response_content_disposition(mut self, value: impl Into<String>) -> Self {
        self.response.content_disposition = Some(value.into());
        self
    }

    /// Overrides the answer's `Cache-Control`.
    pub fn response_cache_control(mut self, value: impl Into<String>) -> Self {
        self.response.cache_control = Some(value.into());
        self
    }

    /// Overrides any number of the answer's headers.
    pub fn response(mut self, overrides: ResponseOverrides) -> Self {
        self.response = overrides;
        self
    }

    /// The expiry in whole seconds, or `default`'s where none is set.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if it is out of 1 second to 7 days.
    pub fn expiry_seconds(&self, default: Duration) -> Result<u64> {
        let expiry = self.expires_in.unwrap_or(default);
        match (MIN_EXPIRY..=MAX_EXPIRY).contains(&expiry) {
            true => Ok(expiry.as_secs()),
            false => {
                Err(Error::invalid_input(format!("a signed URL lives 1 second to 7 days, not {expiry:?}")))
            }
        }
    }

    /// Checks that the overrides can be sent as headers. A signer calls it first.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) names the override.
    pub fn validate(&self) -> Result<()> {
        for (name, value) in self.response.iter() {
            if value.is_empty() || !value.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
                return Err(Error::invalid_input(format!("{name} must be printable ASCII and not empty")));
            }
        }
        Ok(())
    }
}
