use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::validity::Validity;
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
    /// Deleting the object.
    Delete,
    /// Uploading the object: see [`UploadSigner`](super::UploadSigner).
    Put,
}

impl UrlMethod {
    /// The method's name in HTTP.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Delete => "DELETE",
            Self::Put => "PUT",
        }
    }

    /// The method of this name, in capital letters as HTTP has it.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Get, Self::Head, Self::Delete, Self::Put].into_iter().find(|method| method.as_str() == name)
    }

    /// Whether it leaves the object as it is.
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Get | Self::Head)
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
    /// Headers of the answer. To a GET or HEAD only.
    pub response: ResponseOverrides,
    /// Within a window of this length the URL is the same, byte for byte, so that browsers and CDNs can cache what it leads to. It is
    /// valid for up to one window longer than it was asked to be, and never shorter. Whole seconds; with the expiry at most 7 days.
    pub stable_for: Option<Duration>,
    /// A version of the object, on a store that keeps several.
    pub version: Option<String>,
    /// More parameters of the query, by plain name, which are signed too. Those of the signature itself may not be among them; what the
    /// store does not know, it may ignore.
    pub query: BTreeMap<String, String>,
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

    /// Makes the URL the same, byte for byte, within each window of this length.
    ///
    /// Windows begin at multiples of their length since 1970, for everybody: nothing is kept, and two servers give the same URL. All
    /// URLs change at the same moment.
    pub fn stable_for(mut self, window: Duration) -> Self {
        self.stable_for = Some(window);
        self
    }

    /// Leads to this version of the object.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Adds a parameter to the query.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.insert(name.into(), value.into());
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

    /// From when and how long the URL is valid, if it is made `now`. Without an expiry it lives as long as `default`, or what a window
    /// leaves of 7 days.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if that is out of 1 second to 7 days.
    pub fn validity(&self, now: SystemTime, default: Duration) -> Result<Validity> {
        Validity::new(now, self.expires_in, default, self.stable_for)
    }

    /// Checks that the overrides can be sent as headers, that the method can have them, and that no parameter is given twice. A signer
    /// calls it first.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) names the option.
    pub fn validate(&self) -> Result<()> {
        if self.method == UrlMethod::Put {
            return Err(Error::invalid_input("a URL to upload to is signed by `upload_url`"));
        }
        if !self.method.is_read() && !self.response.is_empty() {
            return Err(Error::invalid_input(
                "headers of the answer can be overridden for GET and HEAD only",
            ));
        }
        for (name, value) in self.response.iter() {
            if value.is_empty() || !value.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
                return Err(Error::invalid_input(format!("{name} must be printable ASCII and not empty")));
            }
        }
        self.validate_query()
    }

    fn validate_query(&self) -> Result<()> {
        if self.version.as_deref() == Some("") {
            return Err(Error::invalid_input("a version is not empty; leave it out for the newest one"));
        }
        match self.query.keys().find(|name| name.is_empty() || has_option(name)) {
            None => Ok(()),
            Some(name) => Err(Error::invalid_input(format!(
                "`{}` cannot be a further parameter: it is empty, or has an option of its own",
                name.escape_debug()
            ))),
        }
    }
}

/// Whether a parameter of this name is set by one of the other options.
fn has_option(name: &str) -> bool {
    const NAMES: [&str; 7] = [
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
        "response-content-language",
        "response-content-type",
        "response-expires",
        "versionId",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_given_by_one_option_only() {
        assert!(UrlOptions::new().query("x-id", "GetObject").version("v1").validate().is_ok());
        for name in ["", "versionId", "VERSIONID", "response-content-type", "Response-Expires"] {
            assert!(UrlOptions::new().query(name, "x").validate().is_err(), "{name}");
        }
        assert!(UrlOptions::new().version("").validate().is_err());
    }
}
