use std::fmt::Write as _;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Signer;
use super::signer::ALGORITHM;
use crate::amz_date::AmzDate;
use crate::credentials::Credentials;

/// A form, field by field, with the document that says what an upload by it must be like
/// ([S3 API, "POST policy"](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html)).
///
/// Every field of the form stands in the document: S3 refuses one that does not.
pub(crate) struct PostPolicy {
    fields: Vec<(String, String)>,
    /// JSON, not closed yet.
    document: String,
}

impl PostPolicy {
    /// Whole seconds count of `expires_at`.
    pub(crate) fn new(bucket: &str, expires_at: SystemTime) -> Self {
        let expiration = AmzDate::new(expires_at).to_rfc3339();
        let mut document = format!("{{\"expiration\":\"{expiration}\",\"conditions\":[");
        write_equal(&mut document, "bucket", bucket);
        Self { fields: Vec::new(), document }
    }

    /// A field that must be sent exactly so.
    pub(crate) fn equal(&mut self, name: &str, value: &str) {
        self.document.push(',');
        write_equal(&mut self.document, name, value);
        self.field(name, value);
    }

    /// A field whose value must begin so. Whoever sends the form fills it in.
    pub(crate) fn starts_with(&mut self, name: &str, prefix: &str) {
        self.document.push_str(",[\"starts-with\",\"$");
        write_text(&mut self.document, name);
        self.document.push_str("\",\"");
        write_text(&mut self.document, prefix);
        self.document.push_str("\"]");
    }

    /// The fewest and the most bytes of the file.
    pub(crate) fn length(&mut self, min: u64, max: u64) {
        let _ = write!(self.document, ",[\"content-length-range\",{min},{max}]");
    }

    /// A field that a condition of its own is for.
    pub(crate) fn field(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), value.to_owned()));
    }
}

impl Signer {
    /// The fields of a form in the order that they have to be sent in, with what signs them
    /// ([S3 API, "Authenticating requests in browser-based uploads using
    /// POST"](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html)).
    pub(crate) fn sign_policy(
        &self,
        mut policy: PostPolicy,
        credentials: &Credentials,
        time: SystemTime,
    ) -> Vec<(String, String)> {
        let date = AmzDate::new(time);
        let key = self.key(credentials, &date);
        policy.equal("x-amz-algorithm", ALGORITHM);
        policy.equal("x-amz-credential", &format!("{}/{}", credentials.access_key(), key.scope()));
        policy.equal("x-amz-date", date.as_str());
        if let Some(token) = credentials.session_token() {
            policy.equal("x-amz-security-token", token);
        }
        policy.document.push_str("]}");
        let document = STANDARD.encode(&policy.document);
        let signature = key.signature_of_text(&document);
        policy.field("policy", &document);
        policy.field("x-amz-signature", std::str::from_utf8(&signature).unwrap_or_default());
        policy.fields
    }
}

fn write_equal(document: &mut String, name: &str, value: &str) {
    document.push_str("{\"");
    write_text(document, name);
    document.push_str("\":\"");
    write_text(document, value);
    document.push_str("\"}");
}

/// The inside of a JSON string, in ASCII. Dollar signs are escaped too: in a policy they name fields.
fn write_text(document: &mut String, text: &str) {
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(plain @ 0x20..0x7f) if !b"\"\\$".contains(&plain) => document.push(char::from(plain)),
            _ => {
                let _ = write!(document, "\\u{unit:04x}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::example;

    #[test]
    fn every_field_stands_in_the_document() {
        let mut policy = PostPolicy::new("photos", example::time());
        policy.equal("key", "a\"\\ü😀${filename}\n");
        policy.starts_with("Content-Type", "image/");
        policy.length(1, 10);
        assert_eq!(
            policy.document,
            "{\"expiration\":\"2013-05-24T00:00:00.000Z\",\"conditions\":[{\"bucket\":\"photos\"},\
             {\"key\":\"a\\u0022\\u005c\\u00fc\\ud83d\\ude00\\u0024{filename}\\u000a\"},\
             [\"starts-with\",\"$Content-Type\",\"image/\"],[\"content-length-range\",1,10]"
        );
        assert_eq!(policy.fields, [("key".to_owned(), "a\"\\ü😀${filename}\n".to_owned())]);
    }
}
