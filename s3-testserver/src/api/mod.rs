//! The S3 actions, one file for each group; what no file answers is `NotImplemented` (501) by `s3s`.

mod buckets;
mod conditions;
mod copy;
mod delete;
mod list;
mod multipart;
mod payload;
mod put;
mod read;
mod tags;

use std::sync::Arc;

use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CopyObjectInput, CopyObjectOutput, CreateBucketInput, CreateBucketOutput,
    CreateMultipartUploadInput, CreateMultipartUploadOutput, DeleteBucketInput, DeleteBucketOutput,
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectTaggingInput, DeleteObjectTaggingOutput,
    DeleteObjectsInput, DeleteObjectsOutput, GetBucketLocationInput, GetBucketLocationOutput, GetObjectInput,
    GetObjectOutput, GetObjectTaggingInput, GetObjectTaggingOutput, HeadBucketInput, HeadBucketOutput,
    HeadObjectInput, HeadObjectOutput, ListBucketsInput, ListBucketsOutput, ListMultipartUploadsInput,
    ListMultipartUploadsOutput, ListObjectsV2Input, ListObjectsV2Output, PutObjectInput, PutObjectOutput,
    PutObjectTaggingInput, PutObjectTaggingOutput, UploadPartCopyInput, UploadPartCopyOutput,
    UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3Request, S3Response, S3Result};

pub(crate) use self::payload::Digests;
use crate::store::Store;

/// The S3 face of a [`Store`].
#[derive(Debug)]
pub(crate) struct Api {
    store: Arc<Store>,
}

impl Api {
    pub(crate) fn new(store: Arc<Store>) -> Self {
        Self { store }
    }
}

/// Hands each action to the method that does it; the macro saves twenty copies of one signature.
macro_rules! actions {
    ($($trait_method:ident => $method:ident $(.$wait:tt)?: $input:ty => $output:ty),+ $(,)?) => {
        #[async_trait::async_trait]
        impl S3 for Api {
            $(async fn $trait_method(&self, request: S3Request<$input>) -> S3Result<S3Response<$output>> {
                self.$method(request)$(.$wait)?
            })+
        }
    };
}

actions! {
    list_buckets => buckets: ListBucketsInput => ListBucketsOutput,
    create_bucket => make_bucket: CreateBucketInput => CreateBucketOutput,
    head_bucket => stat_bucket: HeadBucketInput => HeadBucketOutput,
    get_bucket_location => location: GetBucketLocationInput => GetBucketLocationOutput,
    delete_bucket => drop_bucket: DeleteBucketInput => DeleteBucketOutput,
    put_object => put.await: PutObjectInput => PutObjectOutput,
    get_object => get: GetObjectInput => GetObjectOutput,
    head_object => head: HeadObjectInput => HeadObjectOutput,
    copy_object => copy: CopyObjectInput => CopyObjectOutput,
    delete_object => delete: DeleteObjectInput => DeleteObjectOutput,
    delete_objects => delete_many: DeleteObjectsInput => DeleteObjectsOutput,
    list_objects_v2 => list: ListObjectsV2Input => ListObjectsV2Output,
    create_multipart_upload => start_upload: CreateMultipartUploadInput => CreateMultipartUploadOutput,
    upload_part => put_part.await: UploadPartInput => UploadPartOutput,
    upload_part_copy => copy_part: UploadPartCopyInput => UploadPartCopyOutput,
    complete_multipart_upload => complete: CompleteMultipartUploadInput => CompleteMultipartUploadOutput,
    abort_multipart_upload => abort: AbortMultipartUploadInput => AbortMultipartUploadOutput,
    list_multipart_uploads => uploads: ListMultipartUploadsInput => ListMultipartUploadsOutput,
    get_object_tagging => tags: GetObjectTaggingInput => GetObjectTaggingOutput,
    put_object_tagging => set_tags: PutObjectTaggingInput => PutObjectTaggingOutput,
    delete_object_tagging => drop_tags: DeleteObjectTaggingInput => DeleteObjectTaggingOutput,
}
