//! How stores are that have no check of their own.
#![cfg(feature = "local")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail loudly")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use storage_core::capability::Capabilities;
use storage_core::health::{HealthOptions, HealthReport, HealthState};
use storage_core::key::RawKey;
use storage_core::list::{LevelStream, ListOptions, ListStream};
use storage_core::outcome::{Deletion, GetOutcome, PutOutcome};
use storage_core::{ObjectMeta, PutOptions};
use storage_suite::storage_core;
use storage_suite::{
    Body, Bucket, CopyOptions, Error, ErrorKind, GetOptions, MemoryStorage, ObjectKey, Result, Settings,
    Storage, Storages,
};

/// Memory that answers in its own way when it is asked for an object.
#[derive(Debug)]
struct Odd {
    memory: MemoryStorage,
    /// None for no answer at all.
    error: Option<fn() -> Error>,
}

#[async_trait]
impl Storage for Odd {
    fn name(&self) -> &str {
        self.memory.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.memory.capabilities()
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        self.memory.put(key, body, options).await
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        self.memory.get(key, options).await
    }

    async fn stat(&self, _: &ObjectKey) -> Result<ObjectMeta> {
        match self.error {
            Some(error) => Err(error()),
            None => std::future::pending().await,
        }
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        Storage::delete(&self.memory, key).await
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        self.memory.delete_many(keys).await
    }

    fn list(&self, options: ListOptions) -> ListStream {
        self.memory.list(options)
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        self.memory.list_level(options)
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.memory.copy(from, to, options).await
    }
}

async fn ask(error: Option<fn() -> Error>, options: HealthOptions) -> HealthReport {
    let settings = Settings::from_sources("", [("STORAGE_BACKEND", "memory")]).unwrap();
    let odd = Odd { memory: MemoryStorage::new(), error };
    let storages = Storages::new(settings).unwrap().with_storage("odd", Bucket::new(Arc::new(odd)));
    let asked = storages.health(&options).await;
    asked.into_iter().find(|asked| asked.alias == "odd").unwrap().report
}

#[tokio::test]
async fn a_refusal_is_an_answer_to_who_asks_whether_anything_answers() {
    let refusals: [(fn() -> Error, HealthState); 5] = [
        (|| Error::new(ErrorKind::PermissionDenied, ""), HealthState::Forbidden),
        (|| Error::new(ErrorKind::Unauthenticated, ""), HealthState::CredentialsRefused),
        (|| Error::new(ErrorKind::BucketMissing, ""), HealthState::BucketMissing),
        (|| Error::new(ErrorKind::Unavailable, "").with_http_status(503), HealthState::Unhealthy),
        (|| Error::new(ErrorKind::Other, "").with_http_status(400), HealthState::Failed),
    ];
    for (error, state) in refusals {
        let ready = ask(Some(error), HealthOptions::readiness()).await;
        assert_eq!((ready.is_up(), &ready.state), (false, &state), "{ready}");
        let live = ask(Some(error), HealthOptions::liveness()).await;
        assert!(live.is_up() && live.detail.is_none(), "{live}");
    }
    let nobody: fn() -> Error = || Error::new(ErrorKind::Unavailable, "nobody is there");
    for options in [HealthOptions::readiness(), HealthOptions::liveness()] {
        assert_eq!(ask(Some(nobody), options).await.state, HealthState::Unreachable);
    }
    assert!(ask(Some(|| Error::new(ErrorKind::NotFound, "")), HealthOptions::readiness()).await.is_up());
}

#[tokio::test]
async fn a_check_never_takes_longer_than_its_own_time_out() {
    for options in [HealthOptions::readiness(), HealthOptions::liveness()] {
        let begin = Instant::now();
        let report = ask(None, options.timeout(Duration::from_millis(100))).await;
        assert_eq!(report.state, HealthState::TimedOut, "{report}");
        assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    }
}
