//! What does the work behind the front.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use s3s::Body;
use s3s::service::S3Service;

use super::upload_body::UploadBody;
use super::{Upstream, document_digest, minio};

/// What does the work.
#[derive(Debug)]
pub(crate) enum Back {
    /// The store inside this process.
    Store(S3Service),
    Server(Upstream),
}

impl Back {
    /// The answer as it should be. `ids` are those of the answers.
    pub(super) async fn serve(&self, request: Request<UploadBody>, ids: &AtomicU64) -> Response<Bytes> {
        match self {
            Self::Store(s3) => serve_here(s3, request, ids).await,
            Self::Server(upstream) => upstream.call(request).await,
        }
    }
}

async fn serve_here(s3: &S3Service, request: Request<UploadBody>, ids: &AtomicU64) -> Response<Bytes> {
    let method = request.method().clone();
    if let Some(answer) = minio::health(&request) {
        return answer;
    }
    let answer = match document_digest::check(request.map(Body::http_body_unsync)).await {
        Ok(request) => s3.call(request).await.ok(),
        Err(error) => error.to_http_response().ok(),
    };
    let answer = match answer {
        Some(answer) => collect(answer).await,
        None => minio::internal_error(),
    };
    minio::dress(answer, &method, ids.fetch_add(1, Ordering::Relaxed))
}

/// Everything is in memory already, so one frame is the rule and nothing is copied.
async fn collect(answer: Response<Body>) -> Response<Bytes> {
    let (parts, body) = answer.into_parts();
    match body.collect().await {
        Ok(body) => Response::from_parts(parts, body.to_bytes()),
        Err(_) => minio::internal_error(),
    }
}
