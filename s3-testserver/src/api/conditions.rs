//! Conditional requests (RFC 9110, section 13).

use std::time::{Duration, SystemTime};

use http::header::{ETAG, HeaderMap, HeaderValue, LAST_MODIFIED};
use s3s::dto::{ETagCondition, Timestamp};
use s3s::{S3Error, S3Result, s3_error};

use crate::store::Object;

/// Whether a PUT or a Complete may take the key that holds `present` now.
///
/// # Errors
/// `PreconditionFailed` (412); `NoSuchKey` (404) for `If-Match` where nothing is, as MinIO answers.
pub(super) fn check_write(
    present: Option<&Object>,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<()> {
    if let (Some(condition), Some(object)) = (if_none_match, present)
        && matches(condition, object)
    {
        return Err(failed());
    }
    match (if_match, present) {
        (Some(_), None) => Err(s3_error!(NoSuchKey, "The specified key does not exist.")),
        (Some(condition), Some(object)) if !matches(condition, object) => Err(failed()),
        _ => Ok(()),
    }
}

/// The four conditions of a GET or HEAD, or of a copy's source.
#[derive(Debug, Default)]
pub(super) struct ReadConditions {
    pub(super) matching: Option<ETagCondition>,
    pub(super) none_match: Option<ETagCondition>,
    pub(super) modified_since: Option<Timestamp>,
    pub(super) unmodified_since: Option<Timestamp>,
}

impl ReadConditions {
    /// For GET and HEAD.
    ///
    /// # Errors
    /// `PreconditionFailed` (412), or `NotModified` (304) with the object's ETag and time.
    pub(super) fn check(&self, object: &Object) -> S3Result<()> {
        if !self.still_wanted(object) {
            return Err(failed());
        }
        if self.news(object) { Ok(()) } else { Err(not_modified(object)) }
    }

    /// For the source of a copy, where every refusal is `PreconditionFailed` (412).
    pub(super) fn check_source(&self, object: &Object) -> S3Result<()> {
        if self.still_wanted(object) && self.news(object) { Ok(()) } else { Err(failed()) }
    }

    fn still_wanted(&self, object: &Object) -> bool {
        match (&self.matching, &self.unmodified_since) {
            (Some(condition), _) => matches(condition, object),
            (None, Some(time)) => !modified_after(object, time),
            (None, None) => true,
        }
    }

    fn news(&self, object: &Object) -> bool {
        match (&self.none_match, &self.modified_since) {
            (Some(condition), _) => !matches(condition, object),
            (None, Some(time)) => modified_after(object, time),
            (None, None) => true,
        }
    }
}

fn matches(condition: &ETagCondition, object: &Object) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(etag) => etag.value() == object.etag,
    }
}

/// HTTP dates count whole seconds.
fn modified_after(object: &Object, time: &Timestamp) -> bool {
    let since_epoch = object.modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let whole = SystemTime::UNIX_EPOCH + Duration::from_secs(since_epoch.as_secs());
    Timestamp::from(whole) > *time
}

fn failed() -> S3Error {
    s3_error!(PreconditionFailed, "At least one of the pre-conditions you specified did not hold")
}

fn not_modified(object: &Object) -> S3Error {
    let mut headers = HeaderMap::new();
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{}\"", object.etag)) {
        headers.insert(ETAG, etag);
    }
    if let Ok(time) = HeaderValue::from_str(&httpdate::fmt_http_date(object.modified)) {
        headers.insert(LAST_MODIFIED, time);
    }
    let mut error = s3_error!(NotModified);
    error.set_headers(headers);
    error
}
