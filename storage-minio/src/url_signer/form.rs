use std::collections::BTreeSet;
use std::time::Duration;

use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderName};
use storage_core::key::MAX_KEY_BYTES;
use storage_core::url::{FormKey, FormOptions, FormSuccess, UploadForm};
use storage_core::{Error, FileUrl, ObjectKey, Result};

use super::S3UrlSigner;
use crate::actions::headers;
use crate::client::text_of;
use crate::sign::PostPolicy;

/// What servers put the name of the chosen file in the place of
/// ([S3 API, "POST form fields"](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html)).
const FILE_NAME: &str = "${filename}";

/// The most bytes that S3 takes before the file
/// ([S3 API, "Error responses"](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), `MaxPostPreDataLengthExceeded`).
const MAX_BYTES: usize = 20 * 1024;

/// What a browser writes around each field: a boundary, a header and line breaks.
const AROUND_A_FIELD: usize = 120;

/// The metadata by which a conditional write knows itself.
const RESERVED: &str = "x-amz-meta-storage-save-id";

impl S3UrlSigner {
    /// An upload by POST. Whatever is demanded of it is a condition of the policy.
    pub(crate) fn upload_form(&self, key: &FormKey, options: &FormOptions) -> Result<UploadForm> {
        self.sign_form(key, options).map_err(|error| {
            let error = self.named(error, "upload_form");
            match key {
                FormKey::Exact(key) | FormKey::Below(key) => error.with_key(key),
                _ => error,
            }
        })
    }

    fn sign_form(&self, key: &FormKey, options: &FormOptions) -> Result<UploadForm> {
        options.validate()?;
        let signing = self.signing(|now, default| options.validity(now, default))?;
        let expires_at = signing.from + Duration::from_secs(signing.seconds);
        let mut policy = PostPolicy::new(self.address.bucket().as_str(), expires_at);
        write_key(&mut policy, key)?;
        write_attributes(&mut policy, options)?;
        write_further(&mut policy, options)?;
        let (min, max) = options.length();
        policy.length(min, max);
        write_success(&mut policy, &options.success)?;
        let fields = self.signer.sign_policy(policy, &signing.credentials, signing.from);
        let bytes: usize = fields.iter().map(|(name, value)| name.len() + value.len() + AROUND_A_FIELD).sum();
        if bytes > MAX_BYTES {
            return Err(Error::invalid_input(format!(
                "the fields of the form take about {bytes} bytes, and S3 takes {MAX_BYTES}"
            )));
        }
        let mut url = String::with_capacity(self.address.len());
        self.address.write_base(&mut url);
        url.push_str(self.address.bucket_path());
        Ok(UploadForm::new(FileUrl::new(url), key.clone(), fields))
    }
}

fn write_key(policy: &mut PostPolicy, key: &FormKey) -> Result<()> {
    match key {
        FormKey::Exact(key) => policy.equal("key", without_file_name(key)?),
        FormKey::Below(prefix) => {
            let prefix = format!("{}/", without_file_name(prefix)?);
            if prefix.len() >= MAX_KEY_BYTES {
                return Err(Error::invalid_input(format!(
                    "no key of at most {MAX_KEY_BYTES} bytes begins with this prefix and has a name below it"
                )));
            }
            policy.starts_with("key", &prefix);
            policy.field("key", &format!("{prefix}{FILE_NAME}"));
        }
        _ => return Err(Error::unsupported("the S3 store does not know this kind of form")),
    }
    Ok(())
}

/// A server would put something else there, which is then not what was signed.
fn without_file_name(key: &ObjectKey) -> Result<&str> {
    match key.as_str() {
        key if key.contains(FILE_NAME) => Err(Error::invalid_input(format!(
            "a form cannot upload to a key that holds `{FILE_NAME}`: servers put the name of the file there"
        ))),
        key => Ok(key),
    }
}

fn write_attributes(policy: &mut PostPolicy, options: &FormOptions) -> Result<()> {
    let attributes = &options.attributes;
    if attributes.content_language.is_some() {
        return Err(Error::unsupported("S3's forms have no field for the content language")
            .with_hint("set it when the upload is taken over"));
    }
    let mut headers = HeaderMap::new();
    headers::write_attributes(attributes, &mut headers)?;
    if attributes.content_type.is_none() {
        headers.remove(CONTENT_TYPE);
    }
    let mut fields: Vec<_> = headers.iter().map(|(name, value)| (name, text_of(value.as_bytes()))).collect();
    fields.sort_unstable_by_key(|(name, _)| name.as_str());
    for (name, value) in fields {
        policy.equal(&as_in_forms(name), &value);
    }
    if let (None, Some(prefix)) = (&attributes.content_type, &options.content_type_prefix) {
        policy.starts_with("Content-Type", prefix);
    }
    Ok(())
}

/// S3 writes the headers of HTTP as `Content-Type` and its own in small letters.
fn as_in_forms(name: &HeaderName) -> String {
    if name.as_str().starts_with("x-amz-") {
        return name.as_str().to_owned();
    }
    let words = name.as_str().split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    });
    words.collect::<Vec<_>>().join("-")
}

fn write_further(policy: &mut PostPolicy, options: &FormOptions) -> Result<()> {
    let names = options.fields.keys().chain(options.field_prefixes.keys());
    if names.into_iter().any(|name| name.eq_ignore_ascii_case(RESERVED)) {
        return Err(Error::invalid_input(format!("the field `{RESERVED}` is reserved")));
    }
    let metadata = options.attributes.metadata.keys().map(|name| format!("x-amz-meta-{name}"));
    let mut given: BTreeSet<String> = metadata.collect();
    for (name, value) in &options.fields {
        policy.equal(name, value);
        given.insert(name.to_ascii_lowercase());
    }
    // Where the value is given, it holds the condition: `validate` saw to that.
    for (name, prefix) in &options.field_prefixes {
        if !given.contains(&name.to_ascii_lowercase()) {
            policy.starts_with(name, prefix);
        }
    }
    Ok(())
}

fn write_success(policy: &mut PostPolicy, success: &FormSuccess) -> Result<()> {
    let status = match success {
        FormSuccess::NoContent => "204",
        FormSuccess::Ok => "200",
        FormSuccess::Created => "201",
        FormSuccess::Redirect(url) => {
            policy.equal("success_action_redirect", url);
            return Ok(());
        }
        _ => return Err(Error::unsupported("the S3 store does not know this answer to a form")),
    };
    policy.equal("success_action_status", status);
    Ok(())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use storage_core::ErrorKind;

    use super::super::tests::{credentials, key, signer, signer_with};
    use super::*;
    use crate::addressing::Addressing;

    fn form(key: &FormKey, options: FormOptions) -> UploadForm {
        signer().upload_form(key, &options).unwrap()
    }

    fn below(prefix: &str) -> FormKey {
        FormKey::Below(prefix.parse().unwrap())
    }

    fn document(form: &UploadForm) -> String {
        String::from_utf8(STANDARD.decode(form.field("policy").unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn every_option_is_a_condition_and_a_field() {
        let options = FormOptions::new()
            .expires_in(Duration::from_secs(600))
            .min_length(1)
            .max_length(5_000)
            .content_type("image/png")
            .cache_control("no-store")
            .content_disposition("attachment")
            .metadata("author", "Jürgen")
            .field("acl", "private")
            .field_prefix("x-amz-meta-note", "from ")
            .success(FormSuccess::Created);
        let form = form(&FormKey::Exact(key()), options);
        assert_eq!(form.url.as_str(), "https://example.org/files/photos");
        assert_eq!(
            document(&form),
            "{\"expiration\":\"2013-05-24T00:10:00.000Z\",\"conditions\":[{\"bucket\":\"photos\"},\
             {\"key\":\"a b/\\u00fc+.jpg\"},{\"Cache-Control\":\"no-store\"},{\"Content-Disposition\":\"attachment\"},\
             {\"Content-Type\":\"image/png\"},{\"x-amz-meta-author\":\"=?UTF-8?Q?J=C3=BCrgen?=\"},{\"acl\":\"private\"},\
             [\"starts-with\",\"$x-amz-meta-note\",\"from \"],[\"content-length-range\",1,5000],\
             {\"success_action_status\":\"201\"},{\"x-amz-algorithm\":\"AWS4-HMAC-SHA256\"},\
             {\"x-amz-credential\":\"key/20130524/us-east-1/s3/aws4_request\"},{\"x-amz-date\":\"20130524T000000Z\"}]}"
        );
        let names: Vec<_> = form.fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "key",
                "Cache-Control",
                "Content-Disposition",
                "Content-Type",
                "x-amz-meta-author",
                "acl",
                "success_action_status",
                "x-amz-algorithm",
                "x-amz-credential",
                "x-amz-date",
                "policy",
                "x-amz-signature"
            ]
        );
        assert_eq!(form.field("x-amz-meta-author"), Some("=?UTF-8?Q?J=C3=BCrgen?="));
        assert_eq!(form.field("x-amz-signature").map(str::len), Some(64));
    }

    #[test]
    fn any_name_below_a_prefix_and_any_type_of_a_kind() {
        let options = FormOptions::new()
            .content_type_prefix("image/")
            .success(FormSuccess::Redirect("https://example.org/done?a=b".into()));
        let form = form(&below("uploads/$1"), options);
        assert_eq!(form.field("key"), Some("uploads/$1/${filename}"));
        assert_eq!((form.field("Content-Type"), form.field("success_action_status")), (None, None));
        assert_eq!(form.field("success_action_redirect"), Some("https://example.org/done?a=b"));
        let document = document(&form);
        for condition in [
            "[\"starts-with\",\"$key\",\"uploads/\\u00241/\"]",
            "[\"starts-with\",\"$Content-Type\",\"image/\"]",
            "[\"content-length-range\",0,5368709120]",
        ] {
            assert!(document.contains(condition), "{document}");
        }
    }

    #[test]
    fn goes_to_the_bucket_wherever_that_is() {
        let url = |endpoint, addressing| {
            let signer = signer_with(credentials(), endpoint, addressing);
            signer.upload_form(&FormKey::Exact(key()), &FormOptions::new()).unwrap().url.to_string()
        };
        assert_eq!(url("https://example.org:444", Addressing::Path), "https://example.org:444/photos");
        assert_eq!(url("https://example.org", Addressing::VirtualHost), "https://photos.example.org/");
        assert_eq!(url("https://example.org/s3", Addressing::VirtualHost), "https://photos.example.org/s3/");
    }

    #[test]
    fn carries_the_session_token_and_dies_with_it() {
        let now = signer().clock.now();
        let temporary = credentials().with_session_token("t/k+=").unwrap();
        let temporary = temporary.with_expiry(now + Duration::from_secs(60));
        let signer = signer_with(temporary, "https://example.org", Addressing::Path);
        let form = signer.upload_form(&FormKey::Exact(key()), &FormOptions::new()).unwrap();
        assert_eq!(form.field("x-amz-security-token"), Some("t/k+="));
        let document = document(&form);
        assert!(document.contains("\"2013-05-24T00:01:00.000Z\""), "{document}");
        assert!(document.contains("{\"x-amz-security-token\":\"t/k+=\"}"), "{document}");
    }

    #[test]
    fn what_no_upload_can_hold_is_refused() {
        let exact = |key: &str| FormKey::Exact(key.parse().unwrap());
        let refused = |key: &FormKey, options: FormOptions| {
            let error = signer().upload_form(key, &options).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
            assert_eq!((error.operation(), error.store()), (Some("upload_form"), Some("photos")));
            assert!(error.key().is_some());
        };
        refused(&exact("a/${filename}"), FormOptions::new());
        refused(&below("a${filename}"), FormOptions::new());
        refused(&below(&"k".repeat(1_023)), FormOptions::new());
        refused(&exact("a"), FormOptions::new().min_length(2).max_length(1));
        refused(&exact("a"), FormOptions::new().expires_in(Duration::ZERO));
        refused(&exact("a"), FormOptions::new().field("X-Amz-Meta-Storage-Save-Id", "x"));
        refused(&exact("a"), FormOptions::new().metadata("storage-save-id", "x"));
        refused(&exact("a"), FormOptions::new().field("note", "x".repeat(16_000)));
        let german = FormOptions::new().content_language("de");
        assert_eq!(signer().upload_form(&exact("a"), &german).unwrap_err().kind(), ErrorKind::Unsupported);
        assert!(signer().upload_form(&below(&"k".repeat(1_022)), &FormOptions::new()).is_ok());
    }

    #[test]
    fn debug_shows_no_signature() {
        let form = form(&FormKey::Exact(key()), FormOptions::new());
        let text = format!("{form:?}");
        assert!(!text.contains(form.field("x-amz-signature").unwrap()), "{text}");
        assert!(!text.contains(form.field("policy").unwrap()), "{text}");
    }
}
