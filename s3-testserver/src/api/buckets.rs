//! `ListBuckets`, `CreateBucket`, `HeadBucket`, `GetBucketLocation`, `DeleteBucket`.

use std::collections::btree_map::Entry;

use s3s::dto::{
    Bucket as BucketEntry, CreateBucketInput, CreateBucketOutput, DeleteBucketInput, DeleteBucketOutput,
    GetBucketLocationInput, GetBucketLocationOutput, HeadBucketInput, HeadBucketOutput, ListBucketsInput,
    ListBucketsOutput,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::Api;
use crate::store::Bucket;

impl Api {
    #[allow(clippy::unnecessary_wraps, reason = "all actions have one signature")]
    pub(super) fn buckets(&self, _: S3Request<ListBucketsInput>) -> S3Result<S3Response<ListBucketsOutput>> {
        let buckets = self.store.buckets(|buckets| {
            let entries = buckets.iter().map(|(name, bucket)| BucketEntry {
                bucket_region: None,
                creation_date: Some(bucket.created.into()),
                name: Some(name.clone()),
            });
            entries.collect()
        });
        Ok(S3Response::new(ListBucketsOutput { buckets: Some(buckets), ..Default::default() }))
    }

    pub(super) fn make_bucket(
        &self,
        request: S3Request<CreateBucketInput>,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        let name = request.input.bucket;
        let location = Some(format!("/{name}"));
        self.store.buckets(|buckets| match buckets.entry(name) {
            Entry::Occupied(_) => Err(s3_error!(
                BucketAlreadyOwnedByYou,
                "Your previous request to create the named bucket succeeded and you already own it."
            )),
            Entry::Vacant(free) => {
                free.insert(Bucket::new());
                Ok(S3Response::new(CreateBucketOutput { location }))
            }
        })
    }

    pub(super) fn stat_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.store.bucket(&request.input.bucket, |_| Ok(S3Response::new(HeadBucketOutput::default())))
    }

    pub(super) fn location(
        &self,
        request: S3Request<GetBucketLocationInput>,
    ) -> S3Result<S3Response<GetBucketLocationOutput>> {
        self.store.bucket(&request.input.bucket, |_| Ok(S3Response::new(GetBucketLocationOutput::default())))
    }

    pub(super) fn drop_bucket(
        &self,
        request: S3Request<DeleteBucketInput>,
    ) -> S3Result<S3Response<DeleteBucketOutput>> {
        let name = request.input.bucket;
        self.store.buckets(|buckets| match buckets.entry(name) {
            Entry::Vacant(_) => Err(s3_error!(NoSuchBucket, "The specified bucket does not exist")),
            Entry::Occupied(taken) if !taken.get().objects.is_empty() => {
                Err(s3_error!(BucketNotEmpty, "The bucket you tried to delete is not empty"))
            }
            Entry::Occupied(taken) => {
                taken.remove();
                Ok(S3Response::new(DeleteBucketOutput::default()))
            }
        })
    }
}
