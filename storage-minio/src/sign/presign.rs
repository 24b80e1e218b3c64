use std::fmt::Write as _;
use std::time::SystemTime;

use http::{HeaderMap, Method};
use storage_core::{Error, Result};

use super::Signer;
use super::canonical_query::{encode_into, order_encoded, push_pair, sorted};
use super::signed_headers::SignedHeaders;
use super::signer::{ALGORITHM, CanonicalRequest};
use super::signing_key::SigningKey;
use crate::addressing::BucketAddress;
use crate::amz_date::AmzDate;
use crate::credentials::Credentials;

/// What a signed URL allows, and what it demands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Presign<'a> {
    pub(crate) method: &'a Method,
    pub(crate) address: &'a BucketAddress,
    pub(crate) key: &'a str,
    /// Plain names and values, in any order.
    pub(crate) query: &'a [(&'a str, &'a str)],
    /// What the request must be sent with, exactly so.
    pub(crate) headers: &'a HeaderMap,
    pub(crate) expires_in_seconds: u64,
}

impl Signer {
    /// A URL that holds its own signature
    /// ([S3 API, "Using query parameters"](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html)).
    /// The body is not signed.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](storage_core::ErrorKind::InvalidInput) for a header that cannot be signed, or a parameter of the
    /// signature itself among the extra ones.
    pub(crate) fn presign(
        &self,
        request: &Presign<'_>,
        credentials: &Credentials,
        time: SystemTime,
    ) -> Result<String> {
        let date = AmzDate::new(time);
        let address = request.address;
        let headers = SignedHeaders::required(address.host(), request.headers)?;
        check_names(request.query)?;

        let key = self.key(credentials, &date);
        let mut url = String::with_capacity(length_of(request, credentials, &key, &headers));
        address.write_base(&mut url);
        let path_start = url.len();
        address.write_object_path(request.key, &mut url);
        let path_end = url.len();
        url.push('?');
        write_query(&mut url, request, credentials, &date, &key, &headers);

        let (path, query) = (&url[path_start..path_end], &url[path_end + 1..]);
        let mut canonical_request = CanonicalRequest::new();
        for part in [request.method.as_str(), "\n", path, "\n", query, "\n"] {
            canonical_request.push(part.as_bytes());
        }
        headers.hash_into(&mut canonical_request);
        canonical_request.push(b"UNSIGNED-PAYLOAD");
        let signature = key.signature(&date, canonical_request);

        url.push_str("&X-Amz-Signature=");
        push_ascii(&mut url, &signature);
        Ok(url)
    }
}

/// The parameters of the signature and the extra ones, merged in their order.
fn write_query(
    url: &mut String,
    request: &Presign<'_>,
    credentials: &Credentials,
    date: &AmzDate,
    key: &SigningKey,
    headers: &SignedHeaders<'_>,
) {
    let extra = sorted(request.query);
    let mut extra = extra.iter().copied().peekable();
    // Nothing in these names is encoded.
    let mut begin = |url: &mut String, parameter: &str| {
        let name = &parameter[1..parameter.len() - 1];
        while let Some(pair) = extra.next_if(|pair| order_encoded(pair.0, name).is_lt()) {
            push_pair(url, pair);
        }
        url.push_str(if url.ends_with('?') { &parameter[1..] } else { parameter });
    };
    begin(url, "&X-Amz-Algorithm=");
    url.push_str(ALGORITHM);
    begin(url, "&X-Amz-Credential=");
    encode_into(credentials.access_key(), url);
    url.push_str("%2F");
    url.push_str(key.encoded_scope());
    begin(url, "&X-Amz-Date=");
    url.push_str(date.as_str());
    begin(url, "&X-Amz-Expires=");
    let _ = write!(url, "{}", request.expires_in_seconds);
    if let Some(token) = credentials.session_token() {
        begin(url, "&X-Amz-Security-Token=");
        encode_into(token, url);
    }
    begin(url, "&X-Amz-SignedHeaders=");
    headers.write_encoded_names(url);
    for pair in extra {
        push_pair(url, pair);
    }
}

/// Room for the whole URL, so that it is allocated once.
fn length_of(
    request: &Presign<'_>,
    credentials: &Credentials,
    key: &SigningKey,
    headers: &SignedHeaders<'_>,
) -> usize {
    // What is not counted one by one comes to at most 320 bytes, the longest expiry included.
    let fixed = 320;
    let address = request.address;
    let encoded = request.key.len()
        + credentials.access_key().len()
        + key.encoded_scope().len()
        + credentials.session_token().map_or(0, str::len)
        + headers.names_len()
        + request.query.iter().map(|(name, value)| name.len() + value.len() + 2).sum::<usize>();
    fixed + address.len() + encoded * 3
}

/// Appends digits in one go: one by one they cost as much as half a hash.
fn push_ascii(out: &mut String, digits: &[u8; 64]) {
    out.push_str(std::str::from_utf8(digits).unwrap_or_default());
}

/// The extra parameters may not be those of the signature.
fn check_names(query: &[(&str, &str)]) -> Result<()> {
    const RESERVED: [&str; 7] = [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-Security-Token",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
    ];
    match query.iter().find(|(name, _)| RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name))) {
        None => Ok(()),
        Some((name, _)) => {
            Err(Error::invalid_input(format!("the signature itself sets the parameter {name}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
    use storage_core::ErrorKind;

    use super::*;
    use crate::sign::example;

    fn presign(query: &[(&str, &str)], headers: &HeaderMap) -> Result<String> {
        let request = Presign {
            method: &Method::GET,
            address: &example::address(),
            key: "test.txt",
            query,
            headers,
            expires_in_seconds: 86_400,
        };
        let signer = example::signer();
        let url = signer.presign(&request, &example::credentials(), example::time())?;
        let room = {
            let (credentials, date) = (example::credentials(), AmzDate::new(example::time()));
            let key = signer.key(&credentials, &date);
            length_of(&request, &credentials, &key, &SignedHeaders::required("", headers)?)
        };
        assert!(url.len() <= room, "{} bytes, room for {room}", url.len());
        Ok(url)
    }

    /// The example of [S3 API, "Using query
    /// parameters"](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
    #[test]
    fn published_example() {
        assert_eq!(
            presign(&[], &HeaderMap::new()).unwrap(),
            "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
             &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
             &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
             &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
        );
    }

    #[test]
    fn parameters_come_in_order() {
        let headers = HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
            ("x-amz-meta-a".parse().unwrap(), HeaderValue::from_static("b")),
        ]);
        let url = presign(&[("versionId", "1"), ("A", "ü"), ("X-Amz-Extra", "")], &headers).unwrap();
        let (_, query) = url.split_once('?').unwrap();
        let names: Vec<_> = query.split('&').map(|pair| pair.split('=').next().unwrap()).collect();
        let (signature, rest) = names.split_last().unwrap();
        assert_eq!(*signature, "X-Amz-Signature");
        assert!(rest.is_sorted(), "{url}");
        assert!(
            url.contains("?A=%C3%BC&X-Amz-Algorithm=") && url.contains("&X-Amz-Expires=86400&X-Amz-Extra=&"),
            "{url}"
        );
        assert!(
            url.contains("&X-Amz-SignedHeaders=content-type%3Bhost%3Bx-amz-meta-a&versionId=1&"),
            "{url}"
        );
    }

    #[test]
    fn what_a_url_cannot_demand_is_an_error() {
        for name in [HOST, USER_AGENT] {
            let headers = HeaderMap::from_iter([(name, HeaderValue::from_static("x"))]);
            assert_eq!(presign(&[], &headers).unwrap_err().kind(), ErrorKind::InvalidInput);
        }
        for name in ["X-Amz-Expires", "x-amz-signature"] {
            assert_eq!(
                presign(&[(name, "1")], &HeaderMap::new()).unwrap_err().kind(),
                ErrorKind::InvalidInput
            );
        }
    }
}
