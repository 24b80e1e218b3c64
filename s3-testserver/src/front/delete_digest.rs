//! The digest of a `DeleteObjects` request, which `s3s` neither asks for nor checks.

use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use s3s::{Body, S3Result, s3_error};

use crate::api::Digests;
use crate::error::error;

/// Gives every other request back as it is.
///
/// # Errors
/// `MissingContentMD5` where nothing guards the body
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html> wants a digest), `BadDigest`,
/// `InvalidDigest`, `IncompleteBody`.
pub(super) async fn check(request: Request<Body>) -> S3Result<Request<Body>> {
    let query = request.uri().query().unwrap_or_default();
    let deletes = query.split('&').any(|pair| pair == "delete" || pair.starts_with("delete="));
    if request.method() != Method::POST || !deletes {
        return Ok(request);
    }
    let digests = Digests::of(request.headers());
    if digests.is_empty() && !payload_is_signed(request.headers()) {
        let message = "Missing required header for this request: Content-Md5.";
        return Err(error(StatusCode::BAD_REQUEST, "MissingContentMD5", message));
    }
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| s3_error!(IncompleteBody))?.to_bytes();
    digests.check(&body)?;
    Ok(Request::from_parts(parts, Body::from(body)))
}

fn payload_is_signed(headers: &HeaderMap) -> bool {
    headers.get("x-amz-content-sha256").is_some_and(|value| value.len() == 64)
}
