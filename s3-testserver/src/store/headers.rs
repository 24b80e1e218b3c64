//! Which request headers become part of the object.

use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, EXPIRES, HeaderMap,
    HeaderName, HeaderValue,
};
use s3s::{S3Result, s3_error};

/// Bytes of user metadata, names and values
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html>).
const MAX_METADATA: usize = 2048;

const KEPT: [HeaderName; 10] = [
    CONTENT_TYPE,
    CACHE_CONTROL,
    CONTENT_DISPOSITION,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    EXPIRES,
    HeaderName::from_static("x-amz-storage-class"),
    HeaderName::from_static("x-amz-server-side-encryption"),
    HeaderName::from_static("x-amz-server-side-encryption-aws-kms-key-id"),
    HeaderName::from_static("x-amz-website-redirect-location"),
];

/// The headers of a PUT that come back with every GET: the standard ones, and user metadata as it was given.
pub(crate) fn stored_headers(request: &HeaderMap) -> HeaderMap {
    let mut stored = HeaderMap::new();
    for (name, value) in request {
        let kept = KEPT.contains(name) || name.as_str().starts_with("x-amz-meta-");
        if !kept || value.is_empty() {
            continue;
        }
        if name == CONTENT_ENCODING {
            if let Some(value) = without_aws_chunked(value) {
                stored.append(CONTENT_ENCODING, value);
            }
        } else if name.as_str() != "x-amz-storage-class" || value.as_bytes() != b"STANDARD" {
            stored.append(name, value.clone());
        }
    }
    stored.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("binary/octet-stream"));
    stored
}

/// The same for a client's own request, whose user metadata has a limit.
///
/// # Errors
/// `MetadataTooLarge` (400).
pub(crate) fn new_headers(request: &HeaderMap) -> S3Result<HeaderMap> {
    let metadata = request.iter().filter(|(name, _)| name.as_str().starts_with("x-amz-meta-"));
    if metadata.map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > MAX_METADATA {
        return Err(s3_error!(
            MetadataTooLarge,
            "Your metadata headers exceed the maximum allowed metadata size."
        ));
    }
    Ok(stored_headers(request))
}

/// `aws-chunked` describes the transfer, not the object
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html>).
fn without_aws_chunked(value: &HeaderValue) -> Option<HeaderValue> {
    let Ok(text) = value.to_str() else { return Some(value.clone()) };
    let kept: Vec<&str> = text.split(',').map(str::trim).filter(|coding| *coding != "aws-chunked").collect();
    if kept.is_empty() { None } else { HeaderValue::from_str(&kept.join(", ")).ok() }
}
