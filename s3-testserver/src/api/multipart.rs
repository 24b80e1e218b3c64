//! The six actions of a multipart upload.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use s3s::crypto::{Checksum as _, Md5};
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CopyPartResult, CreateMultipartUploadInput, CreateMultipartUploadOutput,
    ETag, EncodingType, ListMultipartUploadsInput, ListMultipartUploadsOutput, MultipartUpload, Range,
    UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::Api;
use super::conditions::{ReadConditions, check_write};
use super::list::encode;
use super::payload::Payload;
use super::tags::parse_tags;
use crate::store::{Part, Upload, check_new_key, new_headers};

/// Part numbers (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>).
const NUMBERS: RangeInclusive<i32> = 1..=10_000;

impl Api {
    pub(super) fn start_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let input = request.input;
        let upload = Upload {
            key: input.key.clone(),
            started: SystemTime::now(),
            headers: new_headers(&request.headers)?,
            tags: parse_tags(input.tagging.as_deref())?,
            parts: BTreeMap::new(),
        };
        let id = self.store.bucket(&input.bucket, |bucket| {
            check_new_key(&input.key)?;
            Ok(bucket.start_upload(upload))
        })?;
        Ok(S3Response::new(CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(id),
            ..Default::default()
        }))
    }

    pub(super) async fn put_part(
        &self,
        mut request: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        let body = request.input.body.take();
        let payload = Payload::read(body, &request).await?;
        let input = request.input;
        let etag =
            self.add_part(&input.bucket, &input.key, &input.upload_id, input.part_number, payload.bytes)?;
        let output = UploadPartOutput { e_tag: Some(etag), ..Default::default() };
        Ok(S3Response::with_headers(output, payload.checksums))
    }

    pub(super) fn copy_part(
        &self,
        request: S3Request<UploadPartCopyInput>,
    ) -> S3Result<S3Response<UploadPartCopyOutput>> {
        let input = request.input;
        let conditions = ReadConditions {
            matching: input.copy_source_if_match,
            none_match: input.copy_source_if_none_match,
            modified_since: input.copy_source_if_modified_since,
            unmodified_since: input.copy_source_if_unmodified_since,
        };
        let source = self.copy_source(&input.copy_source, &conditions)?;
        let bytes = cut(&source.bytes, input.copy_source_range.as_deref())?;
        let etag = self.add_part(&input.bucket, &input.key, &input.upload_id, input.part_number, bytes)?;
        let result = CopyPartResult {
            e_tag: Some(etag),
            last_modified: Some(SystemTime::now().into()),
            ..Default::default()
        };
        Ok(S3Response::new(UploadPartCopyOutput { copy_part_result: Some(result), ..Default::default() }))
    }

    /// The condition comes first, and an upload that was refused by it stays, both as MinIO has it.
    pub(super) fn complete(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let input = request.input;
        let parts = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
        let wanted = parts.into_iter().map(|part| {
            (part.part_number.unwrap_or_default(), part.e_tag.map(ETag::into_value).unwrap_or_default())
        });
        let wanted: Vec<_> = wanted.collect();
        let etag = self.store.bucket(&input.bucket, |bucket| {
            if self.store.heeds_conditions() {
                let present = bucket.objects.get(&input.key).map(AsRef::as_ref);
                check_write(present, input.if_match.as_ref(), input.if_none_match.as_ref())?;
            }
            let object = bucket.upload(&input.upload_id, &input.key)?.assemble(&wanted)?;
            let etag = object.etag.clone();
            bucket.uploads.remove(&input.upload_id);
            bucket.objects.insert(input.key.clone(), Arc::new(object));
            Ok(etag)
        })?;
        Ok(S3Response::new(CompleteMultipartUploadOutput {
            location: Some(format!("/{}/{}", input.bucket, input.key)),
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag: Some(ETag::Strong(etag)),
            ..Default::default()
        }))
    }

    pub(super) fn abort(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let input = request.input;
        self.store.bucket(&input.bucket, |bucket| {
            bucket.upload(&input.upload_id, &input.key)?;
            bucket.uploads.remove(&input.upload_id);
            Ok(S3Response::new(AbortMultipartUploadOutput::default()))
        })
    }

    /// All of them on one page, in the order in which they were started: tests leave few.
    pub(super) fn uploads(
        &self,
        request: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        let input = request.input;
        let prefix = input.prefix.clone().unwrap_or_default();
        let url = input.encoding_type.as_ref().is_some_and(|kind| kind.as_str() == EncodingType::URL);
        let uploads = self.store.bucket(&input.bucket, |bucket| {
            let found = bucket.uploads.iter().filter(|(_, upload)| upload.key.starts_with(&prefix));
            let found = found.map(|(id, upload)| MultipartUpload {
                initiated: Some(upload.started.into()),
                key: Some(if url { encode(&upload.key) } else { upload.key.clone() }),
                upload_id: Some(id.clone()),
                ..Default::default()
            });
            Ok(found.collect())
        })?;
        Ok(S3Response::new(ListMultipartUploadsOutput {
            bucket: Some(input.bucket),
            prefix: input.prefix,
            encoding_type: input.encoding_type,
            is_truncated: Some(false),
            uploads: Some(uploads),
            ..Default::default()
        }))
    }

    fn add_part(&self, bucket: &str, key: &str, id: &str, number: i32, bytes: Bytes) -> S3Result<ETag> {
        if !NUMBERS.contains(&number) {
            return Err(s3_error!(InvalidArgument, "Part number must be an integer between 1 and 10000"));
        }
        let part = Part { md5: Md5::checksum(&bytes), bytes };
        let etag = ETag::Strong(part.etag());
        self.store.bucket(bucket, |bucket| {
            bucket.upload(id, key)?.parts.insert(number, part);
            Ok(etag)
        })
    }
}

/// An `x-amz-copy-source-range`, which must name both ends, within the source.
fn cut(whole: &Bytes, range: Option<&str>) -> S3Result<Bytes> {
    let Some(range) = range else { return Ok(whole.clone()) };
    match Range::parse(range) {
        Ok(Range::Int { first, last: Some(last) }) if last < whole.len() as u64 => {
            let first = usize::try_from(first).unwrap_or(usize::MAX);
            let last = usize::try_from(last).unwrap_or(usize::MAX);
            Ok(whole.slice(first..=last))
        }
        _ => Err(s3_error!(InvalidArgument, "The copy source range is not valid")),
    }
}
