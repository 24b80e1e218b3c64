//! Which keys a client may write, as MinIO has it.

use http::StatusCode;
use s3s::{S3Result, s3_error};

use crate::error::error;

/// One segment is a file name on MinIO's disks.
const MAX_SEGMENT: usize = 255;

/// Refuses what MinIO refuses: empty, `.` and `..` segments (a slash at the end is fine) and segments over 255 bytes.
///
/// # Errors
/// `XMinioInvalidObjectName` (400) and `KeyTooLongError` (400).
pub(crate) fn check_new_key(key: &str) -> S3Result<()> {
    let segments = key.strip_suffix('/').unwrap_or(key);
    if segments.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
        let message = "Object name contains unsupported characters.";
        return Err(error(StatusCode::BAD_REQUEST, "XMinioInvalidObjectName", message));
    }
    if segments.split('/').any(|segment| segment.len() > MAX_SEGMENT) {
        return Err(s3_error!(KeyTooLongError, "Your key is too long"));
    }
    Ok(())
}
