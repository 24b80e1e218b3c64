//! Object tags: the `x-amz-tagging` header, and the three actions on `?tagging`.

use std::sync::Arc;

use http::StatusCode;
use percent_encoding::percent_decode_str;
use s3s::dto::{
    DeleteObjectTaggingInput, DeleteObjectTaggingOutput, GetObjectTaggingInput, GetObjectTaggingOutput,
    PutObjectTaggingInput, PutObjectTaggingOutput, Tag,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::Api;
use crate::error::error;

/// An object has ten tags at most (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html>).
const MAX_TAGS: usize = 10;

impl Api {
    pub(super) fn tags(
        &self,
        request: S3Request<GetObjectTaggingInput>,
    ) -> S3Result<S3Response<GetObjectTaggingOutput>> {
        let object = self.store.bucket(&request.input.bucket, |bucket| bucket.object(&request.input.key))?;
        let tags =
            object.tags.iter().map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) });
        Ok(S3Response::new(GetObjectTaggingOutput { tag_set: tags.collect(), version_id: None }))
    }

    pub(super) fn set_tags(
        &self,
        request: S3Request<PutObjectTaggingInput>,
    ) -> S3Result<S3Response<PutObjectTaggingOutput>> {
        let input = request.input;
        let tags = input.tagging.tag_set.into_iter();
        let tags = tags.map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default())).collect();
        self.replace_tags(&input.bucket, input.key, checked(tags)?)?;
        Ok(S3Response::new(PutObjectTaggingOutput::default()))
    }

    pub(super) fn drop_tags(
        &self,
        request: S3Request<DeleteObjectTaggingInput>,
    ) -> S3Result<S3Response<DeleteObjectTaggingOutput>> {
        self.replace_tags(&request.input.bucket, request.input.key, Vec::new())?;
        Ok(S3Response::new(DeleteObjectTaggingOutput::default()))
    }

    fn replace_tags(&self, bucket: &str, key: String, tags: Vec<(String, String)>) -> S3Result<()> {
        self.store.bucket(bucket, |bucket| {
            let mut object = (*bucket.object(&key)?).clone();
            object.tags = tags;
            bucket.objects.insert(key, Arc::new(object));
            Ok(())
        })
    }
}

/// The tags of an `x-amz-tagging` header, which has the form of a query.
///
/// # Errors
/// `InvalidTag` for an empty or repeated name, `BadRequest` for more than ten.
pub(super) fn parse_tags(header: Option<&str>) -> S3Result<Vec<(String, String)>> {
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = header.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let tags = pairs.map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(key), decode(value))
    });
    checked(tags.collect())
}

fn checked(tags: Vec<(String, String)>) -> S3Result<Vec<(String, String)>> {
    if tags.len() > MAX_TAGS {
        return Err(error(StatusCode::BAD_REQUEST, "BadRequest", "Object tags cannot be greater than 10"));
    }
    for (index, (key, _)) in tags.iter().enumerate() {
        if key.is_empty() || tags[..index].iter().any(|(earlier, _)| earlier == key) {
            return Err(s3_error!(InvalidTag, "The tag provided was not a valid tag"));
        }
    }
    Ok(tags)
}
