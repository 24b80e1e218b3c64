use std::time::SystemTime;

use http::header::{AUTHORIZATION, HOST};
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use storage_core::{Error, Result};

use super::signed_headers::SignedHeaders;
use super::signer::{ALGORITHM, CanonicalRequest};
use super::signing_key::SigningKey;
use super::{Payload, Signer};
use crate::amz_date::AmzDate;
use crate::credentials::Credentials;

const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

impl Signer {
    /// Signs a request by its headers. The URI must be one that an address made: its path and query are signed as they are.
    ///
    /// Sets `host`, `x-amz-date`, `x-amz-content-sha256`, `x-amz-security-token` and `authorization`, in place of any that a former
    /// attempt has set. A header that is added later, such as `content-length`, is sent unsigned.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](storage_core::ErrorKind::InvalidInput) for a URI without a host, or a header that cannot be signed.
    pub(crate) fn sign(
        &self,
        parts: &mut Parts,
        payload: Payload,
        credentials: &Credentials,
        time: SystemTime,
    ) -> Result<()> {
        let date = AmzDate::new(time);
        let host = parts.uri.authority().map(|authority| header_value(authority.as_str())).transpose()?;
        let host = host.ok_or_else(|| Error::invalid_input("a request without a host cannot be signed"))?;
        let payload = payload.to_header_value().map_err(unsendable)?;

        parts.headers.insert(HOST, host);
        parts.headers.insert(X_AMZ_DATE, header_value(date.as_str())?);
        parts.headers.insert(X_AMZ_CONTENT_SHA256, payload.clone());
        match credentials.session_token() {
            Some(token) => parts.headers.insert(X_AMZ_SECURITY_TOKEN, sensitive(header_value(token)?)),
            None => parts.headers.remove(X_AMZ_SECURITY_TOKEN),
        };

        let host = parts.uri.authority().map_or("", |authority| authority.as_str());
        let headers = SignedHeaders::new(host, &parts.headers)?;
        let mut canonical_request = CanonicalRequest::new();
        for part in
            [parts.method.as_str(), "\n", parts.uri.path(), "\n", parts.uri.query().unwrap_or_default(), "\n"]
        {
            canonical_request.push(part.as_bytes());
        }
        headers.hash_into(&mut canonical_request);
        canonical_request.push(payload.as_bytes());
        let key = self.key(credentials, &date);
        let signature = key.signature(&date, canonical_request);

        let authorization = authorization(credentials, &key, &headers, &signature)?;
        parts.headers.insert(AUTHORIZATION, authorization);
        Ok(())
    }
}

fn authorization(
    credentials: &Credentials,
    key: &SigningKey,
    headers: &SignedHeaders<'_>,
    signature: &[u8; 64],
) -> Result<HeaderValue> {
    // What is not counted one by one comes to 55 bytes.
    let length =
        55 + credentials.access_key().len() + key.scope().len() + headers.names_len() + signature.len();
    let mut text = String::with_capacity(length);
    for part in [ALGORITHM, " Credential=", credentials.access_key(), "/", key.scope(), ", SignedHeaders="] {
        text.push_str(part);
    }
    headers.write_names(&mut text);
    text.push_str(", Signature=");
    text.push_str(std::str::from_utf8(signature).unwrap_or_default());
    HeaderValue::try_from(text).map(sensitive).map_err(unsendable)
}

fn header_value(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(unsendable)
}

/// `Debug` of a sensitive value does not show it.
fn sensitive(mut value: HeaderValue) -> HeaderValue {
    value.set_sensitive(true);
    value
}

fn unsendable(error: http::header::InvalidHeaderValue) -> Error {
    Error::invalid_input("a header of the signature cannot be sent").with_source(error)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{Method, Request};
    use sha2::{Digest as _, Sha256};
    use storage_core::ErrorKind;

    use super::*;
    use crate::sign::{CanonicalQuery, example};

    fn request(method: Method, path: &str, query: &[(&str, &str)], headers: &[(&str, &[u8])]) -> Parts {
        let query = CanonicalQuery::from_pairs(query.iter().copied());
        let uri = example::address().uri(path, &query).unwrap();
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn sign(parts: &mut Parts, payload: Payload) -> String {
        example::signer().sign(parts, payload, &example::credentials(), example::time()).unwrap();
        parts.headers[AUTHORIZATION].to_str().unwrap().to_owned()
    }

    /// The four examples of [S3 API, "Signature calculations for the authorization
    /// header"](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
    #[test]
    fn published_examples() {
        let mut get = request(Method::GET, "/test.txt", &[], &[("range", b"bytes=0-9")]);
        assert_eq!(
            sign(&mut get, Payload::Empty),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, \
             Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
        assert_eq!(get.headers[HOST], "examplebucket.s3.amazonaws.com");
        assert_eq!(get.headers[X_AMZ_DATE], "20130524T000000Z");

        let path = example::address().object_path("test$file.text");
        let headers: [(&str, &[u8]); 2] =
            [("date", b"Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", b"REDUCED_REDUNDANCY")];
        let mut put = request(Method::PUT, &path, &[], &headers);
        let authorization = sign(&mut put, Payload::Sha256(Sha256::digest(b"Welcome to Amazon S3.").into()));
        assert!(authorization.ends_with("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));

        let mut lifecycle = request(Method::GET, "/", &[("lifecycle", "")], &[]);
        let authorization = sign(&mut lifecycle, Payload::Empty);
        assert!(authorization.ends_with("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));

        let mut list = request(Method::GET, "/", &[("prefix", "J"), ("max-keys", "2")], &[]);
        let authorization = sign(&mut list, Payload::Empty);
        assert!(authorization.ends_with("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
    }

    #[test]
    fn a_retry_replaces_what_the_first_attempt_set() {
        let mut retried = request(Method::GET, "/a", &[], &[]);
        let token = example::credentials().with_session_token("token").unwrap();
        let earlier = example::time() - Duration::from_secs(86_400);
        example::signer().sign(&mut retried, Payload::Unsigned, &token, earlier).unwrap();
        assert_eq!(retried.headers[X_AMZ_SECURITY_TOKEN], "token");
        sign(&mut retried, Payload::Empty);

        let mut fresh = request(Method::GET, "/a", &[], &[]);
        sign(&mut fresh, Payload::Empty);
        assert_eq!(retried.headers, fresh.headers);
    }

    #[test]
    fn one_signer_serves_changing_days_and_secrets() {
        let signer = example::signer();
        let other = Credentials::new("AKIAIOSFODNN7EXAMPLE", "other".repeat(20)).unwrap();
        for _ in 0..2 {
            for credentials in [example::credentials(), other.clone()] {
                for days in [0, 1] {
                    let time = example::time() + Duration::from_secs(days * 86_400);
                    let mut shared = request(Method::GET, "/a", &[], &[]);
                    let mut own = shared.clone();
                    signer.sign(&mut shared, Payload::Empty, &credentials, time).unwrap();
                    example::signer().sign(&mut own, Payload::Empty, &credentials, time).unwrap();
                    assert_eq!(shared.headers[AUTHORIZATION], own.headers[AUTHORIZATION]);
                }
            }
        }
    }

    #[test]
    fn values_are_bytes() {
        let signature = |value: &[u8]| {
            sign(&mut request(Method::PUT, "/a", &[], &[("x-amz-meta-a", value)]), Payload::Empty)
        };
        assert_ne!(signature(b"\xff\xfe"), signature(b"\xff\xfd"));
        assert_eq!(signature(b"  a   b "), signature(b"a b"));
        assert_ne!(signature(b"a b"), signature(b"ab"));
    }

    #[test]
    fn what_cannot_be_signed_is_an_error() {
        let (signer, credentials) = (example::signer(), example::credentials());
        let mut tab = request(Method::PUT, "/a", &[], &[("x-amz-meta-a", b"a\tb")]);
        let error = signer.sign(&mut tab, Payload::Empty, &credentials, example::time()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.message().contains("x-amz-meta-a"));

        let mut relative = Request::get("/a").body(()).unwrap().into_parts().0;
        let error = signer.sign(&mut relative, Payload::Empty, &credentials, example::time()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn headers_on_their_way_are_not_signed() {
        let mut parts = request(Method::GET, "/a", &[], &[("user-agent", b"x"), ("expect", b"100-continue")]);
        let authorization = sign(&mut parts, Payload::Empty);
        assert!(
            authorization.contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date,"),
            "{authorization}"
        );
    }

    #[test]
    fn debug_shows_neither_secret_nor_signature() {
        let mut parts = request(Method::GET, "/a", &[], &[]);
        let credentials = example::credentials().with_session_token("t0k3n").unwrap();
        let signer = example::signer();
        signer.sign(&mut parts, Payload::Empty, &credentials, example::time()).unwrap();
        let text = format!("{parts:?} {signer:?}");
        let authorization = parts.headers[AUTHORIZATION].to_str().unwrap();
        let (_, signature) = authorization.split_once("Signature=").unwrap();
        for secret in [signature, "t0k3n", "wJalr"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
