//! One file per S3 action: how it is asked, and how its answer is read. No I/O.

pub(crate) mod abort_multipart_upload;
pub(crate) mod bucket_aspect;
pub(crate) mod bucket_cors;
pub(crate) mod bucket_encryption;
pub(crate) mod bucket_lifecycle;
pub(crate) mod bucket_tagging;
pub(crate) mod bucket_versioning;
pub(crate) mod complete_multipart_upload;
pub(crate) mod copy_object;
pub(crate) mod create_bucket;
pub(crate) mod create_multipart_upload;
pub(crate) mod delete_bucket;
pub(crate) mod delete_object;
pub(crate) mod delete_objects;
pub(crate) mod encryption;
pub(crate) mod get_object;
pub(crate) mod get_object_tagging;
pub(crate) mod head_bucket;
pub(crate) mod head_object;
pub(crate) mod headers;
pub(crate) mod list_buckets;
pub(crate) mod list_multipart_uploads;
pub(crate) mod list_objects_v2;
pub(crate) mod metadata;
pub(crate) mod object_lock;
pub(crate) mod put_extracted;
pub(crate) mod put_object;
pub(crate) mod upload_part;
pub(crate) mod upload_part_copy;
pub(crate) mod xml;

#[cfg(test)]
mod sample;
