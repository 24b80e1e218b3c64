use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::time::{Duration, SystemTime};

use super::FormKey;
use super::validity::Validity;
use crate::attributes::{Attributes, attribute_setters};
use crate::{Error, FileUrl, Result};

/// The most bytes that a form uploads, as S3 has it: 5 GiB
/// ([S3 user guide, "Uploading objects"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html)).
pub const MAX_FORM_BYTES: u64 = 5 * 1024 * 1024 * 1024;

/// What the server answers a form's upload with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormSuccess {
    /// 204, with no body.
    #[default]
    NoContent,
    /// 200, with no body.
    Ok,
    /// 201, with an XML document that names the bucket, the key and the ETag.
    Created,
    /// 303, to this absolute URL, with `bucket`, `key` and `etag` added to its query. SeaweedFS replaces the query: what has to come back
    /// stands in the path. For forms that are sent without a script: `fetch` may not follow it to another origin.
    Redirect(String),
}

/// Options of a form that a browser uploads with: the conditions that the store holds it to
/// ([S3 API, "POST policy"](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html)).
///
/// ```
/// use std::time::Duration;
/// use storage_core::url::FormOptions;
///
/// let options = FormOptions::new()
///     .expires_in(Duration::from_secs(600))
///     .max_length(5 * 1024 * 1024)
///     .content_type_prefix("image/");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormOptions {
    /// How long the form is valid, 1 second to 7 days, in whole seconds. `None` takes the bucket's default.
    pub expires_in: Option<Duration>,
    /// The fewest bytes that may be uploaded; default: 0.
    pub min_length: Option<u64>,
    /// The most bytes that may be uploaded; default and limit: [`MAX_FORM_BYTES`].
    pub max_length: Option<u64>,
    /// Headers and metadata that the object gets, exactly so.
    pub attributes: Attributes,
    /// What the content type has to begin with, if it is not given exactly; `""` allows any. If neither is set, the upload may name
    /// none, and the object has the store's default.
    pub content_type_prefix: Option<String>,
    /// More fields, by name, that must be sent exactly so.
    pub fields: BTreeMap<String, String>,
    /// More fields, by name, whose value has to begin so; `""` allows any.
    pub field_prefixes: BTreeMap<String, String>,
    /// What a successful upload is answered with.
    pub success: FormSuccess,
}

impl FormOptions {
    /// Anything, up to 5 GiB, with the bucket's default expiry.
    pub fn new() -> Self {
        Self::default()
    }

    attribute_setters!(attributes.);

    /// Sets how long the form is valid.
    pub fn expires_in(mut self, expiry: Duration) -> Self {
        self.expires_in = Some(expiry);
        self
    }

    /// Sets the fewest bytes.
    pub fn min_length(mut self, bytes: u64) -> Self {
        self.min_length = Some(bytes);
        self
    }

    /// Sets the most bytes.
    pub fn max_length(mut self, bytes: u64) -> Self {
        self.max_length = Some(bytes);
        self
    }

    /// Takes any content type that begins so, such as `image/`. It is what the browser says, not what the bytes are.
    pub fn content_type_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.content_type_prefix = Some(prefix.into());
        self
    }

    /// Adds a field that must be sent exactly so.
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// Adds a field whose value must begin so.
    pub fn field_prefix(mut self, name: impl Into<String>, prefix: impl Into<String>) -> Self {
        self.field_prefixes.insert(name.into(), prefix.into());
        self
    }

    /// Sets the answer to a successful upload.
    pub fn success(mut self, success: FormSuccess) -> Self {
        self.success = success;
        self
    }

    /// From when and how long the form is valid, if it is made `now`.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if that is out of 1 second to 7 days.
    pub fn validity(&self, now: SystemTime, default: Duration) -> Result<Validity> {
        Validity::new(now, self.expires_in, default, None)
    }

    /// The fewest and the most bytes.
    pub fn length(&self) -> (u64, u64) {
        (self.min_length.unwrap_or(0), self.max_length.unwrap_or(MAX_FORM_BYTES))
    }

    /// Checks that an upload can hold the conditions at all. A signer calls it first.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) names the condition.
    pub fn validate(&self) -> Result<()> {
        self.attributes.validate()?;
        let (min, max) = self.length();
        if min > max || max > MAX_FORM_BYTES {
            return Err(Error::invalid_input(format!(
                "no upload has {min} to {max} bytes: the fewest may not exceed the most, which is at most {MAX_FORM_BYTES}"
            )));
        }
        if let (Some(exact), Some(prefix)) = (&self.attributes.content_type, &self.content_type_prefix)
            && !exact.starts_with(prefix.as_str())
        {
            return Err(Error::invalid_input(format!(
                "the content type `{exact}` does not begin with `{prefix}`"
            )));
        }
        if self.content_type_prefix.iter().any(|prefix| !is_beginning_of_header(prefix)) {
            return Err(Error::invalid_input(
                "no content type begins so: it is printable ASCII, and begins with no space",
            ));
        }
        for (name, value) in self.fields.iter().chain(&self.field_prefixes) {
            check_field(name, value)?;
        }
        self.check_given_once()?;
        match &self.success {
            FormSuccess::Redirect(url) if !is_absolute(url) => Err(Error::invalid_input(
                "a form redirects to an absolute http or https URL of printable ASCII, without a fragment",
            )),
            _ => Ok(()),
        }
    }
}

impl FormOptions {
    /// Names of fields are the same in capital and small letters.
    fn check_given_once(&self) -> Result<()> {
        let mut given: BTreeMap<String, &str> = BTreeMap::new();
        let metadata =
            self.attributes.metadata.iter().map(|(name, value)| (format!("x-amz-meta-{name}"), value));
        let fields = self.fields.iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
        for (name, value) in metadata.chain(fields) {
            if given.insert(name.clone(), value).is_some() {
                return Err(Error::invalid_input(format!("the field `{name}` is given twice")));
            }
        }
        let mut prefixes = BTreeMap::new();
        for (name, prefix) in &self.field_prefixes {
            let name = name.to_ascii_lowercase();
            if given.get(&name).is_some_and(|value| !value.starts_with(prefix.as_str())) {
                return Err(Error::invalid_input(format!(
                    "the field `{name}` has a value that its own condition refuses"
                )));
            }
            if prefixes.insert(name.clone(), prefix).is_some() {
                return Err(Error::invalid_input(format!("the field `{name}` has two conditions")));
            }
        }
        Ok(())
    }
}

/// What the form itself sets; a second value for it would be refused by every upload, or change what was signed.
const OWN_FIELDS: [&str; 13] = [
    "awsaccesskeyid",
    "bucket",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "file",
    "key",
    "policy",
    "signature",
    "success_action_redirect",
    "success_action_status",
];

fn check_field(name: &str, value: &str) -> Result<()> {
    let lower = name.to_ascii_lowercase();
    let is_token =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if !is_token || OWN_FIELDS.contains(&lower.as_str()) || is_of_signature(&lower) {
        return Err(Error::invalid_input(format!(
            "`{}` cannot be a further field of a form: it is no plain name, or has a setter of its own",
            name.escape_debug()
        )));
    }
    match value.chars().any(char::is_control) {
        true => Err(Error::invalid_input(format!("the field `{name}` holds a control character"))),
        false => Ok(()),
    }
}

fn is_of_signature(lower: &str) -> bool {
    matches!(
        lower,
        "x-amz-algorithm" | "x-amz-credential" | "x-amz-date" | "x-amz-security-token" | "x-amz-signature"
    )
}

fn is_beginning_of_header(prefix: &str) -> bool {
    !prefix.starts_with(' ') && prefix.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

fn is_absolute(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains('#'))
        && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A form that uploads one file.
///
/// [`to_html`](Self::to_html) writes it whole; a script sends the fields in their order as `FormData`, and the file last, as `file`. With
/// the feature `serde` it is `{"method": "POST", "url": "…", "fields": [["key", "…"], …]}`.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct UploadForm {
    /// Always `POST`.
    pub method: &'static str,
    /// Where to.
    pub url: FileUrl,
    /// Names and values, in the order that they have to be sent in, before the file.
    pub fields: Vec<(String, String)>,
    /// Where the upload may go to.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub key: FormKey,
}

impl UploadForm {
    /// A form with these fields. For those who write a store.
    pub fn new(url: FileUrl, key: FormKey, fields: Vec<(String, String)>) -> Self {
        Self { method: "POST", url, fields, key }
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The form as HTML: hidden fields, the choice of a file, a button. Where any content type with a prefix is allowed, a script has to add
    /// the field `Content-Type`, as HTML cannot know it.
    pub fn to_html(&self) -> String {
        let mut html = format!(
            "<form action=\"{}\" method=\"post\" enctype=\"multipart/form-data\" accept-charset=\"utf-8\">\n",
            Escaped(self.url.as_str())
        );
        for (name, value) in &self.fields {
            // Writing to a String cannot fail.
            let _ = writeln!(
                html,
                "  <input type=\"hidden\" name=\"{}\" value=\"{}\">",
                Escaped(name),
                Escaped(value)
            );
        }
        html.push_str("  <input type=\"file\" name=\"file\" required>\n  <button>Upload</button>\n</form>\n");
        html
    }
}

/// What signs the form is left out.
impl fmt::Debug for UploadForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        f.debug_struct("UploadForm")
            .field("url", &self.url)
            .field("key", &self.key)
            .field("fields", &names)
            .finish_non_exhaustive()
    }
}

/// Text inside an attribute's value.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for char in self.0.chars() {
            match char {
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn refused(options: &FormOptions) -> bool {
        options.validate().is_err_and(|error| error.kind() == ErrorKind::InvalidInput)
    }

    #[test]
    fn conditions_that_no_upload_can_hold_are_refused() {
        assert!(FormOptions::new().max_length(0).validate().is_ok());
        assert!(refused(&FormOptions::new().min_length(2).max_length(1)));
        assert!(refused(&FormOptions::new().max_length(MAX_FORM_BYTES + 1)));
        assert!(refused(&FormOptions::new().content_type("text/plain").content_type_prefix("image/")));
        for prefix in ["ü", " image/", "image/\n"] {
            assert!(refused(&FormOptions::new().content_type_prefix(prefix)), "{prefix:?}");
        }
        assert!(FormOptions::new().content_type_prefix("").validate().is_ok());
        assert!(refused(&FormOptions::new().field("x-amz-meta-a", "b").field_prefix("x-amz-meta-a", "c")));
        assert!(
            FormOptions::new().field("x-amz-meta-a", "b").field_prefix("x-amz-meta-a", "").validate().is_ok()
        );
    }

    #[test]
    fn no_field_is_given_twice() {
        assert!(refused(&FormOptions::new().field("acl", "private").field("ACL", "public-read")));
        assert!(refused(&FormOptions::new().metadata("a", "b").field("X-Amz-Meta-A", "b")));
        assert!(refused(&FormOptions::new().metadata("a", "b").field_prefix("x-amz-meta-a", "c")));
        assert!(refused(&FormOptions::new().field_prefix("acl", "p").field_prefix("Acl", "")));
        assert!(refused(&FormOptions::new().field("acl", "b").field_prefix("Acl", "c")));
    }

    #[test]
    fn what_is_signed_or_has_a_setter_is_no_further_field() {
        for name in
            ["key", "Policy", "X-Amz-Signature", "signature", "content-type", "file", "", "a b", "a\n"]
        {
            assert!(refused(&FormOptions::new().field(name, "x")), "{name}");
        }
        assert!(refused(&FormOptions::new().field("a", "b\r\nc")));
    }

    #[test]
    fn a_redirect_goes_to_an_absolute_url() {
        for (url, is_fine) in [
            ("https://example.org/done?x=1", true),
            ("/done", false),
            ("javascript:alert(1)", false),
            ("https://", false),
            ("https:///x", false),
            ("https://example.org/ü", false),
            ("https://example.org/#x", false),
        ] {
            let options = FormOptions::new().success(FormSuccess::Redirect(url.to_owned()));
            assert_eq!(options.validate().is_ok(), is_fine, "{url}");
        }
    }

    #[test]
    fn html_holds_the_fields_in_order_and_nothing_gets_out_of_them() {
        let fields =
            vec![("key".to_owned(), "a\"><script>&'".to_owned()), ("policy".to_owned(), "cA==".to_owned())];
        let key = FormKey::Exact("a".parse().unwrap());
        let form = UploadForm::new(FileUrl::new("/files/x?a&b".into()), key, fields);
        let html = form.to_html();
        assert!(html.starts_with(
            "<form action=\"/files/x?a&amp;b\" method=\"post\" enctype=\"multipart/form-data\" accept-charset=\"utf-8\">"
        ));
        let key = html.find("name=\"key\" value=\"a&quot;&gt;&lt;script&gt;&amp;'\"").unwrap();
        assert!(key < html.find("name=\"policy\"").unwrap() && html.contains("name=\"file\""), "{html}");
        assert_eq!(form.field("policy"), Some("cA=="));
        assert!(!format!("{form:?}").contains("cA=="));
    }
}
