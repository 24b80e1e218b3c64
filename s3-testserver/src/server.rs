//! The server that a test starts.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::access::{Access, Keys};
use crate::api::Api;
use crate::connection;
use crate::fault::{Fault, Hits};
use crate::front::Front;
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
    address: SocketAddr,
    store: Arc<Store>,
    keys: Keys,
    front: Arc<Front>,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl TestServer {
    /// Starts a server without buckets.
    ///
    /// # Panics
    /// When the machine gives no port or no thread.
    pub async fn start() -> Self {
        let store = Arc::new(Store::default());
        let keys = Keys::default();
        keys.add(ACCESS_KEY, SECRET_KEY, None);
        let mut service = S3ServiceBuilder::new(Api::new(Arc::clone(&store)));
        service.set_auth(keys.clone());
        service.set_access(Access { keys: keys.clone(), store: Arc::clone(&store) });
        let front = Arc::new(Front::new(service.build()));

        let (stop, stopped) = oneshot::channel();
        let (ready, address) = oneshot::channel();
        let shared = Arc::clone(&front);
        let body = move || run(shared, ready, stopped);
        let thread = std::thread::Builder::new().name("s3-testserver".to_owned()).spawn(body);
        let thread = thread.expect("a thread for the test server");
        let address = address.await.expect("the server's thread").expect("a free port of 127.0.0.1");
        Self { address, store, keys, front, running: Some((stop, thread)) }
    }

    /// `http://127.0.0.1:port`, without a slash at the end.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
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
        &self.front.log
    }

    /// Lets something go wrong; of several faults that match a request, the first injected hits it.
    pub fn inject(&self, fault: Fault) -> Hits {
        self.front.faults.add(fault)
    }

    /// From here on nothing goes wrong.
    pub fn clear_faults(&self) {
        self.front.faults.clear();
    }

    /// Closes the port and every connection: whoever asks from here on is refused. The objects stay to be looked at.
    pub fn stop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            // A panic of the server's thread has been printed there.
            let _ = thread.join();
        }
    }

    fn in_bucket<T>(&self, name: &str, f: impl FnOnce(&mut Bucket) -> T) -> T {
        self.store.bucket(name, |bucket| Ok(f(bucket))).expect("a bucket of this name")
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The server's thread.
fn run(front: Arc<Front>, ready: oneshot::Sender<io::Result<SocketAddr>>, stopped: oneshot::Receiver<()>) {
    let (runtime, listener) = match listen() {
        Ok(listening) => listening,
        Err(error) => {
            // Nobody waits for a server any more when this fails.
            let _ = ready.send(Err(error));
            return;
        }
    };
    let _ = ready.send(listener.local_addr());
    runtime.block_on(async move {
        tokio::select! {
            () = accept(listener, front) => {}
            _ = stopped => {}
        }
    });
    runtime.shutdown_timeout(Duration::from_secs(5));
}

fn listen() -> io::Result<(Runtime, TcpListener)> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_io().enable_time().build()?;
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    Ok((runtime, listener))
}

async fn accept(listener: TcpListener, front: Arc<Front>) {
    loop {
        // An error belongs to a connection that is gone again.
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(connection::serve(stream, Arc::clone(&front)));
        }
    }
}
