//! How a bucket and a key become a host and a path.

use std::fmt::Write as _;

use http::uri::{Authority, PathAndQuery, Scheme, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use storage_core::{BucketName, Error, ObjectKey, Result};

use crate::endpoint::{Endpoint, ExternalEndpoint, InvalidEndpoint, Origin};
use crate::sign::CanonicalQuery;

/// Where the bucket's name stands in a URL
/// ([S3 user guide, "Virtual hosting of buckets"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Addressing {
    /// First in the path, `https://host/bucket/key`: every S3 server but Amazon's newest regions takes it.
    #[default]
    Path,
    /// Before the host, `https://bucket.host/key`. Needs a DNS entry, and a certificate, that cover the bucket's name.
    VirtualHost,
}

/// All but the unreserved characters of RFC 3986
/// ([S3 API, "Signature calculations"](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html), `UriEncode`).
pub(crate) const ENCODED_IN_QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const ENCODED_IN_PATH: &AsciiSet = &ENCODED_IN_QUERY.remove(b'/');

/// One bucket on one endpoint: everything of a request's URL that does not depend on the key, made once.
#[derive(Clone, Debug)]
pub(crate) struct BucketAddress {
    bucket: BucketName,
    scheme: Scheme,
    authority: Authority,
    /// What a proxy strips before the request reaches the server: empty, or `/base`.
    base_path: String,
    /// Empty for virtual-host addressing, else `/bucket`.
    bucket_path: String,
}

impl BucketAddress {
    /// The bucket as this program reaches it.
    pub(crate) fn internal(
        endpoint: &Endpoint,
        addressing: Addressing,
        bucket: &BucketName,
    ) -> Result<Self, InvalidEndpoint> {
        Self::new(endpoint.origin(), "", addressing, bucket)
    }

    /// The bucket as the outside reaches it.
    pub(crate) fn external(
        endpoint: &ExternalEndpoint,
        addressing: Addressing,
        bucket: &BucketName,
    ) -> Result<Self, InvalidEndpoint> {
        Self::new(endpoint.origin(), endpoint.base_path(), addressing, bucket)
    }

    fn new(
        origin: &Origin,
        base_path: &str,
        addressing: Addressing,
        bucket: &BucketName,
    ) -> Result<Self, InvalidEndpoint> {
        let (sub_domain, bucket_path) = match addressing {
            Addressing::Path => (None, format!("/{bucket}")),
            Addressing::VirtualHost if origin.is_ip() => return Err(InvalidEndpoint::VirtualHostOnIp),
            Addressing::VirtualHost => (Some(bucket.as_str()), String::new()),
        };
        let authority = origin.authority(sub_domain);
        let authority = authority.parse().map_err(|_| InvalidEndpoint::Host(authority))?;
        let scheme = if origin.is_tls() { Scheme::HTTPS } else { Scheme::HTTP };
        Ok(Self { bucket: bucket.clone(), scheme, authority, base_path: base_path.to_owned(), bucket_path })
    }

    /// Another bucket of the same server, addressed alike.
    pub(crate) fn beside(&self, bucket: &BucketName) -> Result<Self> {
        let (authority, bucket_path) = match self.bucket_path.is_empty() {
            true => (format!("{bucket}.{}", self.server()).parse().map_err(unsendable)?, String::new()),
            false => (self.authority.clone(), format!("/{bucket}")),
        };
        Ok(Self { bucket: bucket.clone(), authority, bucket_path, ..self.clone() })
    }

    /// The host of the server, without the bucket.
    fn server(&self) -> &str {
        let bucket = self.bucket.as_str();
        let server = self.host().strip_prefix(bucket).and_then(|rest| rest.strip_prefix('.'));
        server.filter(|_| self.bucket_path.is_empty()).unwrap_or(self.host())
    }

    /// The bucket.
    pub(crate) const fn bucket(&self) -> &BucketName {
        &self.bucket
    }

    /// The value of the `Host` header; a default port is left out.
    pub(crate) fn host(&self) -> &str {
        self.authority.as_str()
    }

    /// The path of requests on the bucket itself, as it is sent and signed.
    pub(crate) fn bucket_path(&self) -> &str {
        if self.bucket_path.is_empty() { "/" } else { &self.bucket_path }
    }

    /// Appends what stands before the path that is signed: `https://host/base`.
    pub(crate) fn write_base(&self, out: &mut String) {
        for part in [self.scheme.as_str(), "://", self.host(), &self.base_path] {
            out.push_str(part);
        }
    }

    /// How many bytes of a URL do not depend on the key.
    pub(crate) fn len(&self) -> usize {
        "https://".len() + self.host().len() + self.base_path.len() + self.bucket_path.len() + 1
    }

    /// The path of requests on an object, as it is sent and signed: encoded once, never normalised. Any key will do.
    pub(crate) fn object_path(&self, key: &str) -> String {
        let mut path = String::with_capacity(self.bucket_path.len() + 1 + key.len() * 3);
        self.write_object_path(key, &mut path);
        path
    }

    /// Appends what [`object_path`](Self::object_path) returns.
    pub(crate) fn write_object_path(&self, key: &str, out: &mut String) {
        out.push_str(&self.bucket_path);
        out.push('/');
        encode_key_into(key, out);
    }

    /// What to send a request to. `path` is one of this address's paths.
    pub(crate) fn uri(&self, path: &str, query: &CanonicalQuery) -> Result<Uri> {
        self.uri_at(self.authority.clone(), path, query)
    }

    /// The URI of a path outside all buckets.
    pub(crate) fn server_uri(&self, path: &str, query: &CanonicalQuery) -> Result<Uri> {
        self.uri_at(self.server().parse().map_err(unsendable)?, path, query)
    }

    fn uri_at(&self, authority: Authority, path: &str, query: &CanonicalQuery) -> Result<Uri> {
        let path_and_query = match query.as_str() {
            "" => PathAndQuery::try_from(path),
            query => PathAndQuery::try_from(format!("{path}?{query}")),
        };
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(authority);
        parts.path_and_query = Some(path_and_query.map_err(unsendable)?);
        Uri::from_parts(parts).map_err(unsendable)
    }
}

/// The value of `x-amz-copy-source`
/// ([S3 API, CopyObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html)): encoded as a path is.
pub(crate) fn copy_source(bucket: &BucketName, key: &ObjectKey) -> String {
    let key = key.as_str();
    let mut source = String::with_capacity(bucket.as_str().len() + 2 + key.len() * 3);
    let _ = write!(source, "/{bucket}/");
    encode_key_into(key, &mut source);
    source
}

/// Appends a key as it stands in a path: encoded, the slashes kept.
pub(crate) fn encode_key_into(key: &str, out: &mut String) {
    out.extend(utf8_percent_encode(key, ENCODED_IN_PATH));
}

/// A URL is limited to 64 KiB.
fn unsendable(error: impl Into<http::Error>) -> Error {
    Error::invalid_input("the URL cannot be sent").with_source(error.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bucket() -> BucketName {
        BucketName::new("photos").unwrap()
    }

    fn address(endpoint: &str, addressing: Addressing) -> BucketAddress {
        BucketAddress::internal(&endpoint.parse().unwrap(), addressing, &bucket()).unwrap()
    }

    #[test]
    fn path_style_and_virtual_host_style() {
        let path = address("http://127.0.0.1:9000", Addressing::Path);
        assert_eq!((path.host(), path.bucket_path()), ("127.0.0.1:9000", "/photos"));
        assert_eq!(path.object_path("a/b c.jpg"), "/photos/a/b%20c.jpg");

        let host = address("https://s3.example.org:443", Addressing::VirtualHost);
        assert_eq!((host.host(), host.bucket_path()), ("photos.s3.example.org", "/"));
        assert_eq!(host.object_path("a+b"), "/a%2Bb");

        let query = CanonicalQuery::from_pairs([("uploads", "")]);
        let uri = path.uri(&path.object_path("ü"), &query).unwrap();
        assert_eq!(uri, "http://127.0.0.1:9000/photos/%C3%BC?uploads=");
        let uri = host.uri(host.bucket_path(), &CanonicalQuery::none()).unwrap();
        assert_eq!(uri, "https://photos.s3.example.org/");
    }

    #[test]
    fn another_bucket_is_addressed_alike() {
        let other = BucketName::new("photos-2").unwrap();
        for (endpoint, addressing, host, path) in [
            ("http://127.0.0.1:9000", Addressing::Path, "127.0.0.1:9000", "/photos-2"),
            ("https://photos.example.org", Addressing::Path, "photos.example.org", "/photos-2"),
            ("https://s3.example.org:444", Addressing::VirtualHost, "photos-2.s3.example.org:444", "/"),
        ] {
            let there = address(endpoint, addressing).beside(&other).unwrap();
            assert_eq!((there.host(), there.bucket_path()), (host, path));
            assert_eq!(there.bucket(), &other);
            let back = there.beside(&bucket()).unwrap();
            assert_eq!(back.host(), address(endpoint, addressing).host());
        }
    }

    #[test]
    fn a_bucket_is_no_sub_domain_of_an_ip_address() {
        for endpoint in ["http://127.0.0.1:9000", "http://[::1]:9000"] {
            let endpoint = endpoint.parse().unwrap();
            let error = BucketAddress::internal(&endpoint, Addressing::VirtualHost, &bucket()).unwrap_err();
            assert_eq!(error, InvalidEndpoint::VirtualHostOnIp);
        }
    }

    #[test]
    fn keys_are_encoded_once_and_not_normalised() {
        let mut out = String::new();
        encode_key_into("a-b._~/%2F/+ !\"#$&'()*,:;<=>?@[\\]^`{|}/../ü//", &mut out);
        assert_eq!(
            out,
            "a-b._~/%252F/%2B%20%21%22%23%24%26%27%28%29%2A%2C%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D/../%C3%BC//"
        );
        let key = ObjectKey::new("a b/ü").unwrap();
        assert_eq!(copy_source(&bucket(), &key), "/photos/a%20b/%C3%BC");
    }

    #[test]
    fn what_cannot_be_sent_is_an_error() {
        let address = address("http://minio", Addressing::Path);
        let path = address.object_path(&"k".repeat(70_000));
        let error = address.uri(&path, &CanonicalQuery::none()).unwrap_err();
        assert_eq!(error.kind(), storage_core::ErrorKind::InvalidInput);
    }

    proptest! {
        #[test]
        fn every_key_decodes_to_itself(key in any::<String>()) {
            let address = address("http://minio", Addressing::Path);
            let path = address.object_path(&key);
            prop_assert!(path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)));
            let decoded = percent_encoding::percent_decode_str(&path).decode_utf8().unwrap();
            prop_assert_eq!(decoded, format!("/photos/{key}"));
            let uri = address.uri(&path, &CanonicalQuery::none()).unwrap();
            prop_assert_eq!(uri.path(), path);
        }
    }
}
