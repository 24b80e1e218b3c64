//! `DeleteObject` and `DeleteObjects`.

use s3s::dto::{
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::Api;

/// Keys in one request (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html>).
const MAX_KEYS: usize = 1000;

impl Api {
    /// What is not there counts as deleted.
    pub(super) fn delete(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.store.bucket(&request.input.bucket, |bucket| {
            bucket.objects.remove(&request.input.key);
            Ok(S3Response::new(DeleteObjectOutput::default()))
        })
    }

    pub(super) fn delete_many(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        let wanted = request.input.delete;
        if wanted.objects.is_empty() || wanted.objects.len() > MAX_KEYS {
            return Err(s3_error!(MalformedXML, "one to 1,000 keys"));
        }
        let quiet = wanted.quiet.unwrap_or(false);
        self.store.bucket(&request.input.bucket, |bucket| {
            let deleted = wanted.objects.into_iter().map(|object| {
                bucket.objects.remove(&object.key);
                DeletedObject { key: Some(object.key), ..Default::default() }
            });
            let deleted: Vec<_> = deleted.collect();
            let deleted = (!quiet).then_some(deleted);
            Ok(S3Response::new(DeleteObjectsOutput { deleted, ..Default::default() }))
        })
    }
}
