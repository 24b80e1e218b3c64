//! Error codes that `s3s` does not know.

use http::StatusCode;
use s3s::{S3Error, S3ErrorCode};

/// An S3 error with any code.
pub(crate) fn error(status: StatusCode, code: &'static str, message: &'static str) -> S3Error {
    let mut error = S3Error::with_message(S3ErrorCode::Custom(code.into()), message);
    error.set_status_code(status);
    error
}
