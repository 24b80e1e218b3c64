use std::fmt;
use std::time::{Duration, SystemTime};

use super::FormSuccess;
use super::validity::Validity;
use crate::attributes::Attributes;
use crate::options::{Checksum, ServerSideEncryption};
use crate::{Error, FileUrl, ObjectKey, PutOptions, Result};

/// Options of a URL that somebody uploads to by PUT. What they say of the object, the upload has to say too, exactly so; the store
/// refuses any other.
///
/// ```
/// use std::time::Duration;
/// use storage_core::PutOptions;
/// use storage_core::url::UploadOptions;
///
/// let options = UploadOptions::new()
///     .expires_in(Duration::from_secs(600))
///     .content_length(48_213)
///     .put(PutOptions::new().content_type("image/png"));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct UploadOptions {
    /// How long the URL is valid, 1 second to 7 days, in whole seconds. `None` takes the bucket's default.
    pub expires_in: Option<Duration>,
    /// The exact length of what is uploaded, in bytes. Without it, and without a form's range, the store takes whatever it takes of
    /// anybody, up to 5 GiB on S3.
    pub content_length: Option<u64>,
    /// Headers, metadata, tags, encryption, digest and condition of the object, as if it were put here. Without a content type the
    /// uploader chooses one. Progress has no meaning here.
    pub put: PutOptions,
}

impl UploadOptions {
    /// An upload of any length with the bucket's default expiry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long the URL is valid.
    pub fn expires_in(mut self, expiry: Duration) -> Self {
        self.expires_in = Some(expiry);
        self
    }

    /// Takes exactly so many bytes.
    pub fn content_length(mut self, bytes: u64) -> Self {
        self.content_length = Some(bytes);
        self
    }

    /// Sets what the object has to be like.
    pub fn put(mut self, options: PutOptions) -> Self {
        self.put = options;
        self
    }

    /// From when and how long the URL is valid, if it is made `now`.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if that is out of 1 second to 7 days.
    pub fn validity(&self, now: SystemTime, default: Duration) -> Result<Validity> {
        Validity::new(now, self.expires_in, default, None)
    }

    /// Checks all that can be checked without the store. A signer calls it first.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) names the option and the rule.
    pub fn validate(&self) -> Result<()> {
        if matches!(self.put.encryption, Some(ServerSideEncryption::Customer(_))) {
            return Err(Error::invalid_input(
                "whoever uploads would have to be given the customer's key: encrypt with a key of the server",
            ));
        }
        self.put.validate()
    }
}

/// An upload that somebody else may do: a request without its body.
///
/// With the feature `serde` it is written as `fetch` takes it: `{"method": "PUT", "url": "…", "headers": {"content-type": "…"}}`.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SignedUpload {
    /// Always `PUT`.
    pub method: &'static str,
    /// Where to.
    pub url: FileUrl,
    /// What the request must be sent with, exactly so. Lengths are left to the client: browsers set them themselves.
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_map"))]
    pub headers: Vec<(String, String)>,
    /// The length that the body must have, if one was set.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub content_length: Option<u64>,
}

impl SignedUpload {
    /// An upload by PUT with these headers. For those who write a store.
    pub fn new(url: FileUrl, headers: Vec<(String, String)>, content_length: Option<u64>) -> Self {
        Self { method: "PUT", url, headers, content_length }
    }
}

/// The query of the URL is left out.
impl fmt::Debug for SignedUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedUpload")
            .field("url", &self.url)
            .field("headers", &self.headers)
            .field("content_length", &self.content_length)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "serde")]
fn as_map<S: serde::Serializer>(
    headers: &[(String, String)],
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_map(headers.iter().map(|(name, value)| (name, value)))
}

/// What a verified request may upload.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UploadTerms {
    /// The fewest bytes.
    pub min_length: u64,
    /// The most bytes. A service that receives an upload stops there.
    pub max_length: u64,
    /// What to put it with, the content type included that the uploader may have chosen.
    pub put: PutOptions,
    /// What to answer a form with that was stored; `None` for a PUT, which is answered with 200 and the ETag.
    pub success: Option<FormSuccess>,
}

impl UploadTerms {
    /// Any length, and no options. For those who write a store.
    pub fn new(put: PutOptions) -> Self {
        Self { min_length: 0, max_length: u64::MAX, put, success: None }
    }

    /// Sets the length's bounds.
    pub fn with_length(mut self, min: u64, max: u64) -> Self {
        (self.min_length, self.max_length) = (min, max);
        self
    }

    /// Sets what a form that was stored is answered with.
    pub fn with_success(mut self, success: FormSuccess) -> Self {
        self.success = Some(success);
        self
    }
}

/// The part of [`PutOptions`] that can be compared.
impl PartialEq for UploadTerms {
    fn eq(&self, other: &Self) -> bool {
        fn facts(terms: &UploadTerms) -> (u64, u64, &Attributes, Option<Checksum>) {
            (terms.min_length, terms.max_length, &terms.put.attributes, terms.put.checksum)
        }
        facts(self) == facts(other)
            && self.put.mode == other.put.mode
            && self.put.tags == other.put.tags
            && self.success == other.success
    }
}

impl Eq for UploadTerms {}

/// Where a form may upload to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormKey {
    /// Exactly this key.
    Exact(ObjectKey),
    /// Any key that begins with this one and a slash. The form takes the name of the file that is chosen.
    Below(ObjectKey),
}
