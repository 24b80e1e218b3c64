//! The body of a PUT or of a part, read whole and checked against what was said of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method, StatusCode};
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Md5};
use s3s::dto::StreamingBlob;
use s3s::{S3Request, S3Result, s3_error};

use crate::error::error;

const CHECKSUMS: [&str; 5] = [
    "x-amz-checksum-crc32",
    "x-amz-checksum-crc32c",
    "x-amz-checksum-crc64nvme",
    "x-amz-checksum-sha1",
    "x-amz-checksum-sha256",
];

/// What was read.
#[derive(Debug)]
pub(super) struct Payload {
    pub(super) bytes: Bytes,
    /// The `x-amz-checksum-*` that were given, all of them right.
    pub(super) checksums: HeaderMap,
}

impl Payload {
    /// Reads `body`, which belongs to `request`, to its end.
    ///
    /// # Errors
    /// `IncompleteBody`, `XAmzContentSHA256Mismatch`, and those of [`Digests::check`].
    pub(super) async fn read<T: Sync>(body: Option<StreamingBlob>, request: &S3Request<T>) -> S3Result<Self> {
        // The length of a form is not that of the file in it.
        let declared = if request.method == Method::POST { None } else { declared(&request.headers) };
        let bytes = collect(body, declared).await?;
        let mut digests = Digests::of(&request.headers);
        if let Some(trailers) = request.trailing_headers.as_ref().and_then(s3s::TrailingHeaders::take) {
            digests.add(&trailers);
        }
        digests.check(&bytes)?;
        Ok(Self { bytes, checksums: digests.checksums })
    }
}

fn declared(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn collect(body: Option<StreamingBlob>, declared: Option<usize>) -> S3Result<Bytes> {
    let mut whole = BytesMut::new();
    if let Some(mut body) = body {
        while let Some(chunk) = body.next().await {
            match chunk {
                Ok(chunk) => whole.extend_from_slice(&chunk),
                // The error's type is private to `s3s`.
                Err(cause) if cause.to_string().contains("Sha256Mismatch") => {
                    let message =
                        "The provided 'x-amz-content-sha256' header does not match what was computed.";
                    return Err(error(StatusCode::BAD_REQUEST, "XAmzContentSHA256Mismatch", message));
                }
                Err(_) => return Err(incomplete()),
            }
        }
    }
    if declared.is_some_and(|declared| declared != whole.len()) {
        return Err(incomplete());
    }
    Ok(whole.freeze())
}

fn incomplete() -> s3s::S3Error {
    s3_error!(
        IncompleteBody,
        "You did not provide the number of bytes specified by the Content-Length HTTP header."
    )
}

/// The digests that a request gives for its body.
#[derive(Debug)]
pub(crate) struct Digests {
    md5: Option<String>,
    checksums: HeaderMap,
}

impl Digests {
    /// Those among `headers`.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let md5 =
            headers.get("content-md5").map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let mut found = Self { md5, checksums: HeaderMap::new() };
        found.add(headers);
        found
    }

    /// Whether there is none at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.md5.is_none() && self.checksums.is_empty()
    }

    fn add(&mut self, headers: &HeaderMap) {
        for name in CHECKSUMS {
            if let Some(value) = headers.get(name) {
                self.checksums.insert(name, value.clone());
            }
        }
    }

    /// Compares with what was received.
    ///
    /// # Errors
    /// `InvalidDigest` for a `Content-MD5` that is no MD5, `BadDigest` for a wrong digest of any kind.
    pub(crate) fn check(&self, bytes: &[u8]) -> S3Result<()> {
        if let Some(md5) = &self.md5 {
            let given = STANDARD.decode(md5).ok().filter(|given| given.len() == 16);
            let given = given
                .ok_or_else(|| s3_error!(InvalidDigest, "The Content-Md5 you specified is not valid."))?;
            if given != Md5::checksum(bytes) {
                return Err(s3_error!(
                    BadDigest,
                    "The Content-Md5 you specified did not match what we received."
                ));
            }
        }
        let computed = self.compute(bytes);
        if self.checksums.iter().any(|(name, value)| computed.get(name) != Some(value)) {
            return Err(s3_error!(BadDigest, "The checksum you specified did not match what we received."));
        }
        Ok(())
    }

    /// The same checksums as were given, of `bytes`.
    fn compute(&self, bytes: &[u8]) -> HeaderMap {
        fn hasher<T: s3s::crypto::Checksum>(given: &HeaderMap, name: &str) -> Option<T> {
            given.contains_key(name).then(T::new)
        }
        let [crc32, crc32c, crc64nvme, sha1, sha256] = CHECKSUMS;
        let mut hashers = ChecksumHasher {
            crc32: hasher(&self.checksums, crc32),
            crc32c: hasher(&self.checksums, crc32c),
            sha1: hasher(&self.checksums, sha1),
            sha256: hasher(&self.checksums, sha256),
            crc64nvme: hasher(&self.checksums, crc64nvme),
        };
        hashers.update(bytes);
        let sums = hashers.finalize();
        let values = [
            sums.checksum_crc32,
            sums.checksum_crc32c,
            sums.checksum_crc64nvme,
            sums.checksum_sha1,
            sums.checksum_sha256,
        ];
        let pairs = CHECKSUMS.into_iter().zip(values);
        pairs
            .filter_map(|(name, value)| Some((http::HeaderName::from_static(name), value?.parse().ok()?)))
            .collect()
    }
}
