//! `GetObject` and `HeadObject`.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, EXPIRES, HeaderMap,
    HeaderName, HeaderValue,
};
use s3s::dto::{
    ETag, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput, Range, StreamingBlob,
    Timestamp, TimestampFormat,
};
use s3s::{Body, S3Request, S3Response, S3Result, s3_error};

use super::Api;
use super::conditions::ReadConditions;
use crate::store::Object;

/// What GET and HEAD have in common.
struct Read {
    bucket: String,
    key: String,
    conditions: ReadConditions,
    range: Option<Range>,
    checksums: bool,
    overrides: HeaderMap,
}

/// What they answer with.
struct Answer {
    object: Arc<Object>,
    bytes: Bytes,
    content_range: Option<String>,
    headers: HeaderMap,
}

/// The two inputs have the same fields and no trait for them.
macro_rules! read {
    ($input:expr) => {{
        let input = $input;
        Read {
            overrides: overrides([
                (CONTENT_TYPE, input.response_content_type),
                (CACHE_CONTROL, input.response_cache_control),
                (CONTENT_DISPOSITION, input.response_content_disposition),
                (CONTENT_ENCODING, input.response_content_encoding),
                (CONTENT_LANGUAGE, input.response_content_language),
                (EXPIRES, input.response_expires.as_ref().and_then(http_date)),
            ])?,
            bucket: input.bucket,
            key: input.key,
            conditions: ReadConditions {
                matching: input.if_match,
                none_match: input.if_none_match,
                modified_since: input.if_modified_since,
                unmodified_since: input.if_unmodified_since,
            },
            range: input.range,
            checksums: input.checksum_mode.is_some(),
        }
    }};
}

impl Api {
    pub(super) fn get(&self, request: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        let answer = self.read(read!(request.input))?;
        let output = GetObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_length: i64::try_from(answer.bytes.len()).ok(),
            content_range: answer.content_range,
            e_tag: Some(ETag::Strong(answer.object.etag.clone())),
            last_modified: Some(answer.object.modified.into()),
            tag_count: tag_count(&answer.object),
            body: Some(StreamingBlob::from(Body::from(answer.bytes))),
            ..Default::default()
        };
        Ok(S3Response::with_headers(output, answer.headers))
    }

    pub(super) fn head(&self, request: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        let answer = self.read(read!(request.input))?;
        let output = HeadObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_length: i64::try_from(answer.bytes.len()).ok(),
            content_range: answer.content_range,
            e_tag: Some(ETag::Strong(answer.object.etag.clone())),
            last_modified: Some(answer.object.modified.into()),
            ..Default::default()
        };
        let mut headers = answer.headers;
        if let Some(count) = tag_count(&answer.object) {
            headers.insert("x-amz-tagging-count", count.into());
        }
        Ok(S3Response::with_headers(output, headers))
    }

    fn read(&self, read: Read) -> S3Result<Answer> {
        let object = self.store.bucket(&read.bucket, |bucket| bucket.object(&read.key))?;
        read.conditions.check(&object)?;
        let (bytes, content_range) = cut(&object.bytes, read.range)?;
        let mut headers = object.headers.clone();
        // A checksum is of the whole object, never of a range.
        if read.checksums && content_range.is_none() {
            headers.extend(object.checksums.clone());
        }
        headers.extend(read.overrides);
        Ok(Answer { object, bytes, content_range, headers })
    }
}

/// The bytes asked for, and the `Content-Range` when they are a part.
fn cut(whole: &Bytes, range: Option<Range>) -> S3Result<(Bytes, Option<String>)> {
    let Some(range) = range else { return Ok((whole.clone(), None)) };
    let unsatisfiable = || s3_error!(InvalidRange, "The requested range is not satisfiable");
    let size = whole.len();
    let found = range.check(size as u64).map_err(|_| unsatisfiable())?;
    let from = usize::try_from(found.start).map_err(|_| unsatisfiable())?;
    let to = usize::try_from(found.end).map_err(|_| unsatisfiable())?;
    if from == to {
        return Err(unsatisfiable());
    }
    Ok((whole.slice(from..to), Some(format!("bytes {from}-{}/{size}", to - 1))))
}

/// The `response-*` parameters as headers; a value that is no header is `InvalidArgument`.
fn overrides(wanted: [(HeaderName, Option<String>); 6]) -> S3Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in wanted {
        let Some(value) = value else { continue };
        let value = HeaderValue::from_bytes(value.as_bytes());
        headers.insert(name, value.map_err(|_| s3_error!(InvalidArgument, "invalid response header"))?);
    }
    Ok(headers)
}

fn http_date(time: &Timestamp) -> Option<String> {
    let mut text = Vec::new();
    time.format(TimestampFormat::HttpDate, &mut text).ok()?;
    String::from_utf8(text).ok()
}

fn tag_count(object: &Object) -> Option<i32> {
    i32::try_from(object.tags.len()).ok().filter(|count| *count > 0)
}
