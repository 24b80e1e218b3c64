use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rusty_s3::actions::CreateMultipartUpload;
use rusty_s3::{Bucket, Credentials, S3Action as _, UrlStyle};

use storage_core::admin::BucketAdmin;
use storage_core::{ObjectKey, Storage};
use storage_minio::{MinioStorage, MinioStorageBuilder};
use tokio::runtime::Runtime;

use crate::address::Address;
use crate::http::Request;

/// A server, and buckets on it that nobody else has.
pub(crate) struct Fixture {
    pub(crate) address: Address,
    runtime: Runtime,
    count: AtomicU32,
}

impl Fixture {
    pub(crate) fn new(address: Address) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        Self { address, runtime: runtime.expect("a runtime"), count: AtomicU32::new(0) }
    }

    pub(crate) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// A bucket that does not exist.
    pub(crate) fn no_bucket(&self) -> MinioStorageBuilder {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        MinioStorage::builder()
            .endpoint(&self.address.endpoint)
            .region(&self.address.region)
            .credentials(&self.address.access_key, &self.address.secret_key)
            .bucket(format!("looked-after-{}-{number}", std::process::id()))
    }

    /// A bucket that is empty.
    pub(crate) fn bucket(&self) -> MinioStorage {
        let storage = self.no_bucket().build().unwrap();
        self.wait(admin(&storage).create()).unwrap();
        storage
    }

    /// An upload in parts that nobody goes on with, begun by another client. Gives its id.
    pub(crate) fn begin_upload(&self, bucket: &str, key: &ObjectKey) -> String {
        let Address { endpoint, region, access_key, secret_key, .. } = &self.address;
        let bucket =
            Bucket::new(endpoint.parse().unwrap(), UrlStyle::Path, bucket.to_owned(), region.clone());
        let (bucket, credentials) = (bucket.unwrap(), Credentials::new(access_key, secret_key));
        let action = bucket.create_multipart_upload(Some(&credentials), key.as_str());
        let answer = Request::new("POST", action.sign(Duration::from_secs(60)).as_str()).send();
        assert_eq!(answer.status, 200, "{answer:?}");
        CreateMultipartUpload::parse_response(&answer.body).unwrap().upload_id().to_owned()
    }

    /// Asks for this very version to be deleted, or for the object where there are no versions: it is refused, and stays.
    pub(crate) fn is_refused_to_delete(&self, bucket: &str, key: &str, version: Option<&str>) {
        let Address { endpoint, region, access_key, secret_key, .. } = &self.address;
        let bucket =
            Bucket::new(endpoint.parse().unwrap(), UrlStyle::Path, bucket.to_owned(), region.clone());
        let (bucket, credentials) = (bucket.unwrap(), Credentials::new(access_key, secret_key));
        let mut delete = bucket.delete_object(Some(&credentials), key);
        let mut get = bucket.get_object(Some(&credentials), key);
        if let Some(version) = version {
            delete.query_mut().insert("versionId", version);
            get.query_mut().insert("versionId", version);
        }
        let answer = Request::new("DELETE", delete.sign(Duration::from_secs(60)).as_str()).send();
        assert!(matches!(answer.status, 400 | 403), "{key}: {answer:?}");
        let answer = Request::new("GET", get.sign(Duration::from_secs(60)).as_str()).send();
        assert_eq!(answer.status, 200, "{key}: {answer:?}");
    }
}

pub(crate) fn admin(storage: &MinioStorage) -> &dyn BucketAdmin {
    storage.bucket_admin().expect("S3 has buckets")
}
