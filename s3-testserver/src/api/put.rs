//! `PutObject`.

use std::sync::Arc;

use s3s::dto::{ETag, PutObjectInput, PutObjectOutput};
use s3s::{S3Request, S3Response, S3Result};

use super::Api;
use super::conditions::check_write;
use super::payload::Payload;
use super::tags::parse_tags;
use crate::store::{Object, check_new_key, new_headers};

impl Api {
    /// The condition is checked and the object put in one step, after the body was read whole.
    pub(super) async fn put(
        &self,
        mut request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let body = request.input.body.take();
        let payload = Payload::read(body, &request).await?;
        let input = request.input;
        self.store.bucket(&input.bucket, |_| check_new_key(&input.key))?;

        let mut object = Object::new(payload.bytes, new_headers(&request.headers)?);
        object.checksums = payload.checksums;
        object.tags = parse_tags(input.tagging.as_deref())?;
        let etag = ETag::Strong(object.etag.clone());
        let headers = object.checksums.clone();
        self.store.bucket(&input.bucket, |bucket| {
            if self.store.heeds_conditions() {
                let present = bucket.objects.get(&input.key).map(AsRef::as_ref);
                check_write(present, input.if_match.as_ref(), input.if_none_match.as_ref())?;
            }
            bucket.objects.insert(input.key, Arc::new(object));
            Ok(())
        })?;
        let output = PutObjectOutput { e_tag: Some(etag), ..Default::default() };
        Ok(S3Response::with_headers(output, headers))
    }
}
