//! `CopyObject`, and the source of every copy.

use std::sync::Arc;

use s3s::dto::{
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, ETag, MetadataDirective,
    TaggingDirective,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::Api;
use super::conditions::ReadConditions;
use super::tags::parse_tags;
use crate::store::{Object, check_new_key, new_headers};

impl Api {
    /// Overwrites whatever is there: MinIO ignores `If-None-Match` on a copy.
    pub(super) fn copy(&self, request: S3Request<CopyObjectInput>) -> S3Result<S3Response<CopyObjectOutput>> {
        let input = request.input;
        let conditions = ReadConditions {
            matching: input.copy_source_if_match,
            none_match: input.copy_source_if_none_match,
            modified_since: input.copy_source_if_modified_since,
            unmodified_since: input.copy_source_if_unmodified_since,
        };
        let source = self.copy_source(&input.copy_source, &conditions)?;
        self.store.bucket(&input.bucket, |_| check_new_key(&input.key))?;

        let directive = input.metadata_directive.as_ref().map(MetadataDirective::as_str);
        let replaced = directive == Some(MetadataDirective::REPLACE);
        if !replaced && is(&input.copy_source, &input.bucket, &input.key) {
            return Err(s3_error!(
                InvalidRequest,
                "This copy request is illegal because it is trying to copy an object to itself without changing the \
                 object's metadata."
            ));
        }
        let headers = if replaced { new_headers(&request.headers)? } else { source.headers.clone() };
        let mut object = Object::new(source.bytes.clone(), headers);
        object.checksums = source.checksums.clone();
        let directive = input.tagging_directive.as_ref().map(TaggingDirective::as_str);
        object.tags = match directive {
            Some(TaggingDirective::REPLACE) => parse_tags(input.tagging.as_deref())?,
            _ => source.tags.clone(),
        };

        let result = CopyObjectResult {
            e_tag: Some(ETag::Strong(object.etag.clone())),
            last_modified: Some(object.modified.into()),
            ..Default::default()
        };
        self.store.bucket(&input.bucket, |bucket| {
            bucket.objects.insert(input.key, Arc::new(object));
            Ok(())
        })?;
        Ok(S3Response::new(CopyObjectOutput { copy_object_result: Some(result), ..Default::default() }))
    }

    /// What a copy reads from.
    ///
    /// # Errors
    /// `NoSuchBucket`, `NoSuchKey`, `PreconditionFailed`; `NotImplemented` for an ARN.
    pub(super) fn copy_source(
        &self,
        source: &CopySource,
        conditions: &ReadConditions,
    ) -> S3Result<Arc<Object>> {
        let CopySource::Bucket { bucket, key, .. } = source else {
            return Err(s3_error!(NotImplemented, "access points are not there"));
        };
        let object = self.store.bucket(bucket, |bucket| bucket.object(key))?;
        conditions.check_source(&object)?;
        Ok(object)
    }
}

fn is(source: &CopySource, bucket: &str, key: &str) -> bool {
    matches!(source, CopySource::Bucket { bucket: from, key: name, .. } if **from == *bucket && **name == *key)
}
