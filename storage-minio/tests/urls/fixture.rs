use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use storage_core::clock::Clock;
use storage_core::url::{FormKey, FormOptions, SignedUpload, UploadForm, UploadOptions};
use storage_core::{Body, ErrorKind, ObjectKey, ObjectMeta, PutOptions, Storage, StorageExt, UrlOptions};
use storage_minio::{MinioStorage, MinioStorageBuilder};
use tokio::runtime::Runtime;

use crate::address::Address;
use crate::http::{Answer, Request};

pub(crate) const CONTENT: &[u8] = b"some bytes, which are 32 of them";

/// A bucket on the server, and what signs for it.
pub(crate) struct Fixture {
    builder: MinioStorageBuilder,
    storage: Arc<MinioStorage>,
    photos: Arc<MinioStorage>,
    runtime: Runtime,
    count: AtomicU32,
    run: u32,
    /// Where it lives that is inside this process.
    _address: Address,
}

impl Fixture {
    pub(crate) fn new(address: Address) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let builder = MinioStorage::builder()
            .endpoint(&address.endpoint)
            .region(&address.region)
            .credentials(&address.access_key, &address.secret_key)
            .bucket("signed-urls");
        let storage = Arc::new(builder.clone().build().expect("a store"));
        let photos = Arc::new(builder.clone().bucket("accepted-uploads").build().expect("a store"));
        for storage in [&storage, &photos] {
            match runtime.block_on(storage.create_bucket()) {
                Err(error) if !error.is_already_exists() => panic!("no bucket: {error:?}"),
                _ => {}
            }
        }
        let run = std::process::id();
        Self { builder, storage, photos, runtime, count: AtomicU32::new(0), run, _address: address }
    }

    pub(crate) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// What the keys are of.
    pub(crate) fn storage(&self) -> &Arc<MinioStorage> {
        &self.storage
    }

    /// Another bucket of the same server.
    pub(crate) fn photos(&self) -> &Arc<MinioStorage> {
        &self.photos
    }

    /// A key that nobody else has.
    pub(crate) fn key(&self) -> ObjectKey {
        self.below("a b+ü.png")
    }

    /// A key of this name in a folder that nobody else has.
    pub(crate) fn below(&self, name: &str) -> ObjectKey {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        ObjectKey::new(format!("run-{}/{number}/{name}", self.run)).unwrap()
    }

    /// An object with [`CONTENT`].
    pub(crate) fn object(&self) -> ObjectKey {
        let key = self.key();
        self.put(&key);
        key
    }

    pub(crate) fn put(&self, key: &ObjectKey) {
        let options = PutOptions::new().content_type("image/png");
        self.runtime.block_on(self.storage.put(key, Body::from(CONTENT), options)).unwrap();
    }

    pub(crate) fn meta(&self, key: &ObjectKey) -> ObjectMeta {
        self.runtime.block_on(self.storage.stat(key)).unwrap()
    }

    pub(crate) fn content(&self, key: &ObjectKey) -> Vec<u8> {
        self.runtime.block_on(self.storage.read(key)).unwrap().to_vec()
    }

    pub(crate) fn is_there(&self, key: &ObjectKey) -> bool {
        match self.runtime.block_on(self.storage.stat(key)) {
            Ok(_) => true,
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => panic!("{error:?}"),
        }
    }

    /// The store as it would sign so many seconds ago, or in the future.
    fn at(&self, seconds: i64) -> MinioStorage {
        let distance = Duration::from_secs(seconds.unsigned_abs());
        let now = SystemTime::now();
        let time = if seconds < 0 { now - distance } else { now + distance };
        self.builder.clone().clock(Clock::fixed(time)).build().unwrap()
    }

    pub(crate) fn url(&self, key: &ObjectKey, options: UrlOptions) -> String {
        self.url_at(0, key, options)
    }

    pub(crate) fn url_at(&self, seconds: i64, key: &ObjectKey, options: UrlOptions) -> String {
        self.at(seconds).url_signer().unwrap().signed_url(key, &options).unwrap().to_string()
    }

    pub(crate) fn upload_at(&self, seconds: i64, key: &ObjectKey, options: UploadOptions) -> SignedUpload {
        self.at(seconds).upload_signer().unwrap().upload_url(key, &options).unwrap()
    }

    pub(crate) fn form_at(&self, seconds: i64, key: FormKey, options: FormOptions) -> UploadForm {
        self.at(seconds).upload_signer().unwrap().upload_form(&key, &options).unwrap()
    }

    /// The upload was refused, and nothing is there.
    #[track_caller]
    pub(crate) fn nothing_came(&self, key: &ObjectKey, answer: &Answer) {
        assert!(answer.is_refusal(), "it was taken: {answer:?}");
        assert!(!self.is_there(key), "it is stored, though the answer was {answer:?}");
    }
}

/// The PUT as whoever got it would send it.
pub(crate) fn put_request(upload: &SignedUpload, body: &[u8]) -> Request {
    let request = Request::new("PUT", upload.url.as_str()).body(body);
    upload.headers.iter().fold(request, |request, (name, value)| request.header(name, value))
}
