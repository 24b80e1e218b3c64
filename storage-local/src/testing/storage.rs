use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use storage_core::admin::BucketAdmin;
use storage_core::backend::copy_within;
use storage_core::capability::Capabilities;
use storage_core::health::Health;
use storage_core::key::RawKey;
use storage_core::list::{LevelStream, ListOptions, ListStream};
use storage_core::outcome::{Deletion, GetOutcome, PutOutcome};
use storage_core::url::{UploadSigner, UrlSigner, UrlVerifier};
use storage_core::{
    Body, CopyOptions, CopySource, Error, GetOptions, Object, ObjectKey, ObjectMeta, PutOptions, Result,
    Storage,
};

use super::disturbed::{Broken, Disturbed};
use super::fault::Moment;
use super::{Call, Fault, Operation, TestClock};
use crate::MemoryStorage;

const DEFAULT_NAME: &str = "test";

/// What signs the URLs of every test.
const SIGNING_KEY: &[u8] = b"storage-local: a key for tests only";

/// A store in memory that a test can watch and disturb. See the [module](super) for an example.
///
/// A clone is the same store, with the same clock, faults and record.
#[derive(Clone)]
pub struct TestStorage(Arc<Inner>);

struct Inner {
    memory: MemoryStorage,
    clock: TestClock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    calls: Vec<Call>,
    faults: Vec<Fault>,
    delays: HashMap<Operation, Duration>,
}

/// What a call meets.
pub(super) struct Disturbance {
    delay: Option<Duration>,
    fault: Option<(Moment, Error)>,
}

impl TestStorage {
    /// An empty store named `test`, at the [start](TestClock::new) of its clock.
    pub fn new() -> Self {
        Self::named(DEFAULT_NAME)
    }

    /// An empty store that errors and URLs call by this name.
    pub fn named(name: impl Into<String>) -> Self {
        let clock = TestClock::new();
        let memory = MemoryStorage::for_tests(name.into(), (&clock).into(), SIGNING_KEY);
        Self(Arc::new(Inner { memory, clock, state: Mutex::default() }))
    }

    /// The clock that times of objects, and ends of URLs, are by.
    pub fn clock(&self) -> &TestClock {
        &self.0.clock
    }

    /// Has calls fail. Of several faults that are due, the one that was injected first is met, and the others by the calls that follow.
    pub fn inject(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// Has each call of the operation take so long, by tokio's clock. URLs are made at once all the same.
    pub fn delay(&self, operation: Operation, by: Duration) {
        self.state().delays.insert(operation, by);
    }

    /// Ends all faults and delays.
    pub fn calm(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.delays.clear();
    }

    /// All calls since the store was made or the record [taken](Self::take_calls), in their order, those that failed too.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// The calls, and begins the record anew.
    pub fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.state().calls)
    }

    /// How often an operation was asked for.
    pub fn count(&self, operation: Operation) -> usize {
        self.state().calls.iter().filter(|call| call.operation() == operation).count()
    }

    /// The keys of all objects, in order. This is no call, and meets no fault.
    pub fn keys(&self) -> Vec<ObjectKey> {
        self.0.memory.keys()
    }

    /// The content of an object, if there is one. This is no call, and meets no fault.
    pub fn content(&self, key: impl AsRef<str>) -> Option<Bytes> {
        self.0.memory.content(key.as_ref())
    }

    /// The store behind, which keeps no record and has no faults: to put there what a test begins with.
    pub fn memory(&self) -> &MemoryStorage {
        &self.0.memory
    }

    /// Notes a call, and says what it meets.
    pub(super) fn meet(&self, call: Call) -> Disturbance {
        let operation = call.operation();
        let mut state = self.state();
        let State { faults, delays, calls } = &mut *state;
        let mut met = None;
        for fault in faults.iter_mut().filter(|fault| fault.operation == operation) {
            if fault.is_due() && met.is_none() {
                fault.spend();
                met = Some((fault.moment, self.error(fault, &call)));
            }
        }
        faults.retain(|fault| !fault.is_spent());
        calls.push(call);
        Disturbance { delay: delays.get(&operation).copied(), fault: met }
    }

    fn error(&self, fault: &Fault, call: &Call) -> Error {
        let error = Error::new(fault.kind, "a fault that a test asked for")
            .with_operation(fault.operation.as_str())
            .with_store(self.0.memory.name());
        match call.key() {
            Some(key) => error.with_key(key),
            None => error,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Disturbance {
    async fn around<T>(self, work: impl Future<Output = Result<T>> + Send) -> Result<T> {
        if let Some(delay) = self.delay {
            tokio::time::sleep(delay).await;
        }
        match self.fault {
            None => work.await,
            Some((Moment::Before, error)) => Err(error),
            Some((_, error)) => work.await.and(Err(error)),
        }
    }

    /// For what is done at once.
    pub(super) fn around_now<T>(self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        match self.fault {
            None => work(),
            Some((Moment::Before, error)) => Err(error),
            Some((_, error)) => work().and(Err(error)),
        }
    }
}

impl Default for TestStorage {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for TestStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestStorage").field("name", &self.name()).finish_non_exhaustive()
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a forgotten method would meet no fault")]
impl Storage for TestStorage {
    fn name(&self) -> &str {
        self.0.memory.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.0.memory.capabilities()
    }

    async fn probe(&self) -> Result<Capabilities> {
        self.meet(Call::Probe).around(self.0.memory.probe()).await
    }

    async fn probe_for(&self, size: Option<u64>) -> Result<Capabilities> {
        self.meet(Call::Probe).around(self.0.memory.probe_for(size)).await
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        let call = Call::Put { key: key.clone(), options: options.clone() };
        self.meet(call).around(self.0.memory.put(key, body, options)).await
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        let mut disturbance = self.meet(Call::Get { key: key.clone(), options: options.clone() });
        let breaks = match disturbance.fault.take() {
            Some((Moment::Bytes(bytes), error)) => Some((bytes, error)),
            other => {
                disturbance.fault = other;
                None
            }
        };
        let outcome = disturbance.around(self.0.memory.get(key, options)).await?;
        match (outcome, breaks) {
            (GetOutcome::Object(object), Some((bytes, error))) => {
                let (meta, range, content) = object.into_parts();
                let content = Box::pin(Broken::new(content, bytes, error));
                Ok(Object::new(meta, range, content).into())
            }
            (outcome, _) => Ok(outcome),
        }
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        self.meet(Call::Stat { key: key.clone() }).around(self.0.memory.stat(key)).await
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        self.meet(Call::Tags { key: key.clone() }).around(Storage::tags(&self.0.memory, key)).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        self.meet(Call::Delete { key: key.clone() }).around(Storage::delete(&self.0.memory, key)).await
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        self.meet(Call::DeleteMany { keys: keys.clone() }).around(self.0.memory.delete_many(keys)).await
    }

    fn list(&self, options: ListOptions) -> ListStream {
        let Disturbance { delay, fault } = self.meet(Call::List { options: options.clone() });
        let comes = !matches!(fault, Some((Moment::Before, _)));
        let items = comes.then(|| self.0.memory.list(options));
        Box::pin(Disturbed::new(delay, items, fault.map(|(_, error)| error)))
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        let Disturbance { delay, fault } = self.meet(Call::ListLevel { options: options.clone() });
        let comes = !matches!(fault, Some((Moment::Before, _)));
        let items = comes.then(|| self.0.memory.list_level(options));
        Box::pin(Disturbed::new(delay, items, fault.map(|(_, error)| error)))
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let call = Call::Copy { from: from.clone(), to: to.clone(), options: options.clone() };
        self.meet(call).around(self.0.memory.copy(from, to, options)).await
    }

    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let call = Call::Rename { from: from.clone(), to: to.clone(), options: options.clone() };
        self.meet(call).around(self.0.memory.rename(from, to, options)).await
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        Some(self)
    }

    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        copy_within(self, source, from, to, options).await
    }

    fn copy_source(&self, key: &ObjectKey) -> Option<CopySource> {
        self.0.memory.copy_source(key)
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        Some(self)
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        self.0.memory.url_verifier()
    }

    fn bulk_put(&self) -> Option<&dyn storage_core::bulk::BulkPut> {
        None
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        self.0.memory.bucket_admin()
    }

    fn health(&self) -> Option<&dyn Health> {
        self.0.memory.health()
    }
}
