//! What the server holds: buckets, objects and unfinished uploads, all in memory.

mod headers;
mod key;
mod listing;
mod object;
mod upload;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use s3s::{S3Result, s3_error};

pub(crate) use self::headers::{new_headers, stored_headers};
pub(crate) use self::key::check_new_key;
pub(crate) use self::listing::{Marker, Page, Query};
pub(crate) use self::object::Object;
pub(crate) use self::upload::{Part, Upload};

/// Every bucket, behind one lock that is held only for the length of a closure.
#[derive(Debug, Default)]
pub(crate) struct Store {
    buckets: Mutex<BTreeMap<String, Bucket>>,
    ignores_conditions: AtomicBool,
}

/// One bucket.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) created: SystemTime,
    /// Anonymous GET and HEAD of objects are allowed.
    pub(crate) public: bool,
    pub(crate) objects: BTreeMap<String, Arc<Object>>,
    pub(crate) uploads: BTreeMap<String, Upload>,
    next_upload: u64,
}

impl Store {
    /// Runs `f` on every bucket, with nobody else in between.
    pub(crate) fn buckets<T>(&self, f: impl FnOnce(&mut BTreeMap<String, Bucket>) -> T) -> T {
        f(&mut self.lock())
    }

    /// Runs `f` on one bucket, with nobody else in between; `NoSuchBucket` when there is none.
    pub(crate) fn bucket<T>(&self, name: &str, f: impl FnOnce(&mut Bucket) -> S3Result<T>) -> S3Result<T> {
        match self.lock().get_mut(name) {
            Some(bucket) => f(bucket),
            None => Err(s3_error!(NoSuchBucket, "The specified bucket does not exist")),
        }
    }

    /// From here on writes are done whatever they are conditional on.
    pub(crate) fn ignore_conditions(&self) {
        self.ignores_conditions.store(true, Ordering::Release);
    }

    pub(crate) fn heeds_conditions(&self) -> bool {
        !self.ignores_conditions.load(Ordering::Acquire)
    }

    // A panic in one request must not turn every later one into a panic.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bucket {
    pub(crate) fn new() -> Self {
        Self {
            created: SystemTime::now(),
            public: false,
            objects: BTreeMap::new(),
            uploads: BTreeMap::new(),
            next_upload: 0,
        }
    }

    /// The object under `key`; `NoSuchKey` when there is none.
    pub(crate) fn object(&self, key: &str) -> S3Result<Arc<Object>> {
        match self.objects.get(key) {
            Some(object) => Ok(Arc::clone(object)),
            None => Err(s3_error!(NoSuchKey, "The specified key does not exist.")),
        }
    }

    /// Starts an upload and gives its id.
    pub(crate) fn start_upload(&mut self, upload: Upload) -> String {
        self.next_upload += 1;
        let id = format!("upload-{:08}", self.next_upload);
        self.uploads.insert(id.clone(), upload);
        id
    }

    /// The upload `id` of `key`; `NoSuchUpload` when there is none.
    pub(crate) fn upload(&mut self, id: &str, key: &str) -> S3Result<&mut Upload> {
        match self.uploads.get_mut(id) {
            Some(upload) if upload.key == key => Ok(upload),
            _ => Err(s3_error!(NoSuchUpload, "The specified multipart upload does not exist.")),
        }
    }
}
