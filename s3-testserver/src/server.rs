//! The server that a test starts.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use s3s::service::S3ServiceBuilder;

use crate::access::{Access, Keys};
use crate::api::Api;
use crate::door::Door;
use crate::engine::Engine;
use crate::fault::{Fault, Hits};
use crate::front::Back;
use crate::request_log::RequestLog;
use crate::store::{Bucket, Object, Store, stored_headers};

const ACCESS_KEY: &str = "test-access-key";
const SECRET_KEY: &str = "test-secret-key";

/// An S3 server on a free port of 127.0.0.1, with a memory of its own, that behaves as MinIO does.
///
/// It runs on threads of its own, so that it answers tests of any runtime, and blocked ones too. Dropping it closes the
/// port and every connection.
#[derive(Debug)]
pub struct TestServer {
    store: Arc<Store>,
    keys: Keys,
    back: Arc<Back>,
    main: Door,
    engine: Engine,
}

impl TestServer {
    /// Starts a server without buckets.
    ///
    /// # Panics
    /// When the machine gives no port or no thread.
    #[allow(
        clippy::unused_async,
        reason = "every caller awaits it, and a server elsewhere could not be had otherwise"
    )]
    pub async fn start() -> Self {
        let store = Arc::new(Store::default());
        let keys = Keys::default();
        keys.add(ACCESS_KEY, SECRET_KEY, None);
        let mut service = S3ServiceBuilder::new(Api::new(Arc::clone(&store)));
        service.set_auth(keys.clone());
        service.set_access(Access { keys: keys.clone(), store: Arc::clone(&store) });
        let back = Arc::new(Back::Store(service.build()));
        let engine = Engine::start();
        let main = Door::closed(Arc::clone(&back), engine.runtime.clone());
        main.open();
        Self { store, keys, back, main, engine }
    }

    /// A new door to this server: a port, faults and a log of its own. It has to be gone before the server is.
    pub fn door(&self) -> Door {
        let door = self.closed_door();
        door.open();
        door
    }

    /// A new door at which every connection is refused until it is [opened](Door::open).
    pub fn closed_door(&self) -> Door {
        Door::closed(Arc::clone(&self.back), self.engine.runtime.clone())
    }

    /// `http://127.0.0.1:port`, without a slash at the end.
    pub fn endpoint(&self) -> String {
        self.main.endpoint()
    }

    /// The key of an account that may do everything.
    pub fn access_key(&self) -> &'static str {
        ACCESS_KEY
    }

    /// Its secret.
    pub fn secret_key(&self) -> &'static str {
        SECRET_KEY
    }

    /// Adds an account that may do everything; with a session token, only who sends the token with each request may.
    pub fn add_account(&self, access_key: &str, secret_key: &str, session_token: Option<&str>) {
        self.keys.add(access_key, secret_key, session_token);
    }

    /// Removes an account: `InvalidAccessKeyId` from here on.
    pub fn remove_account(&self, access_key: &str) {
        self.keys.remove(access_key);
    }

    /// Makes an empty, private bucket; one that is there stays as it is.
    pub fn create_bucket(&self, name: &str) {
        self.store.buckets(|buckets| {
            buckets.entry(name.to_owned()).or_insert_with(Bucket::new);
        });
    }

    /// Lets everybody read the bucket's objects, but not list them.
    ///
    /// # Panics
    /// When there is no such bucket.
    pub fn make_public(&self, bucket: &str) {
        self.in_bucket(bucket, |bucket| bucket.public = true);
    }

    /// From here on `If-None-Match` and `If-Match` on writes are taken and ignored, as Garage 2.5 does. What the server calls itself, by
    /// which a client may know better, is another matter: [`Effect::Header`](crate::Effect::Header) changes it.
    pub fn ignore_conditions(&self) {
        self.store.ignore_conditions();
    }

    /// Plants what a foreign client may have stored: any key, and headers of any bytes, which go out as they are.
    ///
    /// Headers that S3 does not keep with an object are dropped, as in a PUT.
    ///
    /// # Panics
    /// When there is no such bucket, or when a header's name or value cannot be sent at all.
    pub fn put_foreign(&self, bucket: &str, key: &str, headers: &[(&str, &[u8])], bytes: impl Into<Bytes>) {
        let headers = headers.iter().map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
            (name, HeaderValue::from_bytes(value).expect("a header value"))
        });
        let headers = stored_headers(&headers.collect::<HeaderMap>());
        let object = Arc::new(Object::new(bytes.into(), headers));
        self.in_bucket(bucket, |bucket| bucket.objects.insert(key.to_owned(), object));
    }

    /// Every object of a bucket, key and bytes, in the order of keys.
    ///
    /// # Panics
    /// When there is no such bucket.
    pub fn objects(&self, bucket: &str) -> Vec<(String, Bytes)> {
        self.in_bucket(bucket, |bucket| {
            let objects = bucket.objects.iter();
            objects.map(|(key, object)| (key.clone(), object.bytes.clone())).collect()
        })
    }

    /// How many multipart uploads of a bucket are neither complete nor aborted.
    ///
    /// # Panics
    /// When there is no such bucket.
    pub fn uploads(&self, bucket: &str) -> usize {
        self.in_bucket(bucket, |bucket| bucket.uploads.len())
    }

    /// What was asked so far.
    pub fn requests(&self) -> &RequestLog {
        self.main.requests()
    }

    /// Lets something go wrong; of several faults that match a request, the first injected hits it.
    pub fn inject(&self, fault: Fault) -> Hits {
        self.main.inject(fault)
    }

    /// From here on nothing goes wrong.
    pub fn clear_faults(&self) {
        self.main.clear_faults();
    }

    /// Closes the port and every connection: whoever asks from here on is refused. The objects stay to be looked at.
    pub fn stop(&mut self) {
        self.engine.stop();
    }

    fn in_bucket<T>(&self, name: &str, f: impl FnOnce(&mut Bucket) -> T) -> T {
        self.store.bucket(name, |bucket| Ok(f(bucket))).expect("a bucket of this name")
    }
}
