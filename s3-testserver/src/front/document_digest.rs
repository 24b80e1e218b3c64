//! The digests of requests that are documents, which `s3s` neither asks for nor checks before it reads them.

use std::fmt::Write as _;

use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use s3s::crypto::{Checksum as _, Sha256};
use s3s::{Body, S3Result, s3_error};

use crate::api::Digests;
use crate::error::error;

/// Gives every request back as it is that is neither a `DeleteObjects` nor a `CompleteMultipartUpload`.
///
/// # Errors
/// `MissingContentMD5` where nothing guards the body of a `DeleteObjects`
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html> wants a digest), `BadDigest`,
/// `InvalidDigest`, `IncompleteBody`, `XAmzContentSHA256Mismatch`.
pub(super) async fn check(request: Request<Body>) -> S3Result<Request<Body>> {
    let query = request.uri().query().unwrap_or_default();
    let deletes = query.split('&').any(|pair| pair == "delete" || pair.starts_with("delete="));
    let completes = query.split('&').any(|pair| pair.starts_with("uploadId="));
    if request.method() != Method::POST || !(deletes || completes) {
        return Ok(request);
    }
    let digests = Digests::of(request.headers());
    let signed = signed_payload(request.headers()).map(str::to_owned);
    if deletes && digests.is_empty() && signed.is_none() {
        let message = "Missing required header for this request: Content-Md5.";
        return Err(error(StatusCode::BAD_REQUEST, "MissingContentMD5", message));
    }
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| s3_error!(IncompleteBody))?.to_bytes();
    digests.check(&body)?;
    if signed.is_some_and(|signed| signed != sha256(&body)) {
        let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        return Err(error(StatusCode::BAD_REQUEST, "XAmzContentSHA256Mismatch", message));
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

fn signed_payload(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-amz-content-sha256")?.to_str().ok().filter(|value| value.len() == 64)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::checksum(bytes).as_ref().iter().fold(String::new(), |mut hex, byte| {
        // A string takes all.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
