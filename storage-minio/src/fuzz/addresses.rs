//! Endpoints, paths and queries: what is accepted reads back the same, what is signed is what is sent, and says what was meant.

use std::time::{Duration, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;
use sha2::{Digest as _, Sha256};
use storage_core::{BucketName, ErrorKind};

use crate::addressing::{Addressing, BucketAddress};
use crate::credentials::Credentials;
use crate::endpoint::{Endpoint, ExternalEndpoint, PublicBaseUrl};
use crate::sign::{CanonicalQuery, Presign, Signer};

/// An endpoint, a bucket, a key, then names and values of parameters.
pub const SEEDS: &[&[u8]] = &[
    b"http://127.0.0.1:9000\0photos\0a b/c+d%2F.jpg\0response-content-type\0text/plain\0a\0",
    "https://Files.Example.org:443/base/x/\u{0}a.b-c\u{0}ü//../😀\u{0}ü\u{0}+ &=\u{0}B\u{0}\u{0}a-b\u{0}1\u{0}a\u{0}z".as_bytes(),
    b"http://[::1]:80/%2e%2E\0abc\0\0uploads\0",
    b"https://user:secret@h/?q#f\0abc\0k",
];

/// Fields separated by NUL.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut fields = text.split('\0');
    let mut next = || fields.next().unwrap_or_default();
    let (url, bucket, key) = (next(), next(), next());
    endpoints(url);
    let rest: Vec<&str> = fields.collect();
    let pairs: Vec<(&str, &str)> =
        rest.chunks(2).map(|pair| (pair[0], pair.get(1).copied().unwrap_or_default())).collect();
    let query = CanonicalQuery::from_pairs(pairs.iter().copied());
    is_what_was_meant(&query, &pairs);
    let (Ok(endpoint), Ok(bucket)) = (ExternalEndpoint::new(url), BucketName::new(bucket)) else { return };
    for addressing in [Addressing::Path, Addressing::VirtualHost] {
        let Ok(address) = BucketAddress::external(&endpoint, addressing, &bucket) else { continue };
        sent(&address, key, &query);
        presigned(&address, key, &pairs);
    }
}

fn endpoints(url: &str) {
    let secret = url
        .contains('@')
        .then(|| url.split('@').next().unwrap_or_default())
        .filter(|secret| secret.len() > 20);
    match Endpoint::new(url) {
        Ok(endpoint) => assert_eq!(Endpoint::new(endpoint.to_string()), Ok(endpoint)),
        Err(error) => assert!(!secret.is_some_and(|secret| error.to_string().contains(secret)), "{error}"),
    }
    match ExternalEndpoint::new(url) {
        Ok(endpoint) => {
            assert!(endpoint.to_string().parse::<Uri>().is_ok(), "{endpoint}");
            assert_eq!(ExternalEndpoint::new(endpoint.to_string()), Ok(endpoint));
        }
        Err(error) => assert!(!error.to_string().contains(char::is_control), "{error}"),
    }
    if let Ok(base) = PublicBaseUrl::new(url) {
        assert_eq!(PublicBaseUrl::new(base.as_str()), Ok(base));
    }
}

/// Sorted as signatures need it, and with the same pairs when it is read.
fn is_what_was_meant(query: &CanonicalQuery, pairs: &[(&str, &str)]) {
    let parts: Vec<&str> = query.as_str().split('&').filter(|part| !part.is_empty()).collect();
    assert!(query.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%=&".contains(&byte)));
    assert!(parts.is_sorted_by_key(|part| part.split_once('=').unwrap()), "{parts:?}");
    let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let mut read: Vec<(String, String)> = parts
        .iter()
        .map(|part| part.split_once('=').unwrap())
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    let mut expected: Vec<_> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    read.sort();
    expected.sort();
    assert_eq!(read, expected);
}

/// A client changes nothing of the URI, and a server reads the key out of it.
fn sent(address: &BucketAddress, key: &str, query: &CanonicalQuery) {
    let path = address.object_path(key);
    let uri = match address.uri(&path, query) {
        Ok(uri) => uri,
        Err(error) => {
            assert!(path.len() + query.as_str().len() > 60_000, "{error}");
            return assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
    };
    assert_eq!((uri.path(), uri.query().unwrap_or_default()), (&*path, query.as_str()));
    assert_eq!(uri.authority().map(http::uri::Authority::as_str), Some(address.host()));
    let prefix = address.bucket_path().trim_end_matches('/').len() + 1;
    assert_eq!(percent_decode_str(&path[prefix..]).decode_utf8().unwrap(), key);
}

/// The signature, calculated from nothing but the URL
/// ([S3 API, "Using query parameters"](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html)).
fn presigned(address: &BucketAddress, key: &str, pairs: &[(&str, &str)]) {
    let credentials =
        Credentials::new("AKIAIOSFODNN7EXAMPLE", "s3cr3t").unwrap().with_session_token("t/+=").unwrap();
    let request = Presign {
        method: &Method::GET,
        address,
        key,
        query: pairs,
        headers: &HeaderMap::new(),
        expires_in_seconds: 60,
    };
    let Ok(url) = Signer::new("us-east-1").presign(
        &request,
        &credentials,
        UNIX_EPOCH + Duration::from_secs(1_369_353_600),
    ) else {
        return assert!(pairs.iter().any(|(name, _)| name.to_ascii_lowercase().starts_with("x-amz-")));
    };
    let mut base = String::new();
    address.write_base(&mut base);
    let (path, query) = url.strip_prefix(&base).unwrap().split_once('?').unwrap();
    let (mut parameters, signatures): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|part| !part.starts_with("X-Amz-Signature="));
    parameters.sort_by_key(|part| part.split_once('='));
    let canonical =
        format!("GET\n{path}\n{}\nhost:{}\n\nhost\nUNSIGNED-PAYLOAD", parameters.join("&"), address.host());
    let hash = hex(&Sha256::digest(canonical));
    let scope = "20130524/us-east-1/s3/aws4_request";
    let mut mac = b"AWS4s3cr3t".to_vec();
    let message = format!("AWS4-HMAC-SHA256\n20130524T000000Z\n{scope}\n{hash}");
    for part in scope.split('/').chain([&*message]) {
        let mut keyed = Hmac::<Sha256>::new_from_slice(&mac).unwrap();
        keyed.update(part.as_bytes());
        mac = keyed.finalize().into_bytes().to_vec();
    }
    assert_eq!(signatures, [format!("X-Amz-Signature={}", hex(&mac))], "{url}");
    for secret in ["s3cr3t", "t/+="] {
        assert!(!query.contains(secret), "{url}");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("addresses", run, SEEDS);
}
