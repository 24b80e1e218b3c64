//! Small files that travel together, to a store that loses some of them, refuses them, or does not say what they are.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use futures_util::StreamExt as _;
use storage_core::bulk::{BulkObject, BulkPut};
use storage_core::capability::Capabilities;
use storage_core::key::RawKey;
use storage_core::list::{LevelStream, ListItem, ListOptions, ListStream};
use storage_core::options::PutMode;
use storage_core::outcome::{Deletion, GetOutcome, PutOutcome};
use storage_core::wrap::{Limited, Prefixed, Traced};
use storage_core::{
    Body, CopyOptions, ETag, Error, ErrorKind, GetOptions, Object, ObjectKey, ObjectMeta, PutOptions, Result,
    Storage,
};
use storage_local::testing::{Operation, TestStorage};
use storage_static::collect::{ApplyOptions, Collected, StaticBucket};
use storage_static::graph::{Graph, Options};
use storage_static::plan::{Plan, PlanOptions};
use support::{folder, graph};

const FILES: usize = 100;

/// What becomes of objects that travel together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Arrive,
    /// The server leaves out each tenth, without a word.
    Lose,
    /// Their bytes are other ones of the same length.
    Spoil,
    /// A proxy in front of it takes no body that is so long.
    Refuse,
    /// The server is down.
    Fail,
    /// The store's `ETag`s are no MD5.
    Opaque,
}

#[derive(Debug)]
struct Store {
    inner: TestStorage,
    way: Way,
    batches: AtomicUsize,
}

#[async_trait]
impl BulkPut for Store {
    async fn works(&self) -> Result<bool> {
        Ok(true)
    }

    fn batch_size(&self) -> u64 {
        500
    }

    async fn put_bulk(&self, objects: Vec<BulkObject>) -> Result<()> {
        self.batches.fetch_add(1, Ordering::Relaxed);
        match self.way {
            Way::Refuse => return Err(Error::new(ErrorKind::Other, "too large").with_http_status(413)),
            Way::Fail => return Err(Error::new(ErrorKind::Unavailable, "down")),
            _ => {}
        }
        for (at, object) in objects.into_iter().enumerate() {
            let content = match self.way {
                Way::Lose if at % 10 == 0 => continue,
                Way::Spoil => vec![0; object.content.len()].into(),
                _ => object.content,
            };
            let options = PutOptions::new().attributes(object.attributes);
            self.inner.memory().put(&object.key, Body::from(content), options).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Storage for Store {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        if self.way != Way::Opaque {
            return self.inner.put(key, body, options).await;
        }
        let mode = match options.mode.clone() {
            PutMode::IfMatch(etag) => PutMode::IfMatch(turned(&etag)),
            mode => mode,
        };
        let outcome = self.inner.put(key, body, options.mode(mode)).await?;
        Ok(PutOutcome::new(outcome.size).with_etag(opaque(outcome.etag)))
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        let got = self.inner.get(key, options).await?;
        if self.way != Way::Opaque {
            return Ok(got);
        }
        let (mut meta, range, stream) = got.into_object()?.into_parts();
        meta.etag = opaque(meta.etag);
        Ok(Object::new(meta, range, stream).into())
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        let mut meta = self.inner.stat(key).await?;
        if self.way == Way::Opaque {
            meta.etag = opaque(meta.etag);
        }
        Ok(meta)
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        self.inner.delete(key).await
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        self.inner.delete_many(keys).await
    }

    fn list(&self, options: ListOptions) -> ListStream {
        let is_opaque = self.way == Way::Opaque;
        Box::pin(self.inner.list(options).map(move |item| match item {
            Ok(ListItem::Object(mut object)) if is_opaque => {
                object.etag = opaque(object.etag);
                Ok(ListItem::Object(object))
            }
            item => item,
        }))
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        self.inner.list_level(options)
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.inner.copy(from, to, options).await
    }

    fn bulk_put(&self) -> Option<&dyn BulkPut> {
        Some(self)
    }
}

/// As many digits as an MD5, and another for each content.
fn opaque(etag: Option<ETag>) -> Option<ETag> {
    etag.as_ref().map(turned)
}

/// Twice it is the same again.
fn turned(etag: &ETag) -> ETag {
    let digit = |digit: char| char::from_digit(digit.to_digit(16).map_or(0, |value| 15 - value), 16).unwrap();
    ETag::new(etag.as_str().chars().map(digit).collect::<String>())
}

struct Site {
    _folder: tempfile::TempDir,
    graph: Arc<Graph>,
    store: Arc<Store>,
    bucket: StaticBucket,
}

fn site(way: Way) -> Site {
    let names: Vec<_> = (0..FILES).map(|n| format!("{n}.txt")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), name.as_bytes())).collect();
    let folder = folder(&files);
    let graph = Arc::new(graph(folder.path(), &Options::default()));
    let store = Arc::new(Store { inner: TestStorage::new(), way, batches: AtomicUsize::new(0) });
    let bucket = StaticBucket::new(store.clone());
    Site { _folder: folder, graph, store, bucket }
}

impl Site {
    async fn deploy(&self, name: &str) -> std::result::Result<Collected, String> {
        let found = self.bucket.look().await.unwrap();
        let plan = Plan::new(&self.graph, &found, &PlanOptions::new(name, 1)).unwrap();
        let applied = self.bucket.apply(&plan, &self.graph, &found, &ApplyOptions::new()).await;
        applied.map_err(|error| error.to_string())
    }

    /// Each file is there with its bytes and headers.
    async fn is_whole(&self) {
        for output in self.graph.outputs() {
            let key: ObjectKey = output.served.parse().unwrap();
            assert_eq!(self.store.inner.content(&key).unwrap(), output.path.as_bytes());
            let meta = self.store.inner.stat(&key).await.unwrap();
            assert_eq!(meta.attributes.content_type.as_deref(), Some("text/plain"));
        }
    }
}

#[tokio::test]
async fn what_arrives_is_not_sent_again() {
    for way in [Way::Arrive, Way::Opaque] {
        let site = site(way);
        let done = site.deploy("1").await.unwrap();
        let batches = site.store.batches.load(Ordering::Relaxed);
        assert_eq!((done.uploaded, done.in_bulk, batches), (FILES, FILES, 2), "{way:?}");
        let puts = site.store.inner.count(Operation::Put);
        assert_eq!(puts, 2, "{way:?}: index and manifest");
        // The trial, two batches, a listing, index and manifest; a look at one object if nobody else says that it is right.
        let look = u64::from(way == Way::Opaque);
        assert_eq!(done.requests, 3 + 2 + 1 + 2 + look, "{way:?}");
        site.is_whole().await;
        assert_eq!(site.deploy("2").await.unwrap(), Collected::default(), "{way:?}");
    }
}

/// Stores around the store pass it on, and see it.
#[tokio::test]
async fn through_other_stores_it_travels_together_too() {
    let site = site(Way::Arrive);
    let below = Prefixed::new(site.store.clone(), "below").unwrap();
    let traced = Traced::new(Arc::new(Limited::new(Arc::new(below), 4)));
    let bucket = StaticBucket::new(Arc::new(traced));
    let found = bucket.look().await.unwrap();
    let plan = Plan::new(&site.graph, &found, &PlanOptions::new("1", 1)).unwrap();
    let done = bucket.apply(&plan, &site.graph, &found, &ApplyOptions::new()).await.unwrap();
    assert_eq!(done.in_bulk, FILES);
    let keys = site.store.inner.keys();
    assert!(keys.iter().all(|key| key.as_str().starts_with("below/")), "{keys:?}");
    assert_eq!(keys.len(), FILES + 2);
}

#[tokio::test]
async fn what_is_lost_or_spoilt_or_refused_is_sent_by_itself() {
    for (way, in_bulk) in [(Way::Lose, FILES - 11), (Way::Spoil, 0), (Way::Refuse, 0)] {
        let site = site(way);
        let done = site.deploy("1").await.unwrap();
        assert_eq!((done.uploaded, done.in_bulk), (FILES, in_bulk), "{way:?}");
        let bytes: usize = site.graph.outputs().iter().map(|output| output.path.len()).sum();
        assert_eq!(done.bytes, bytes as u64, "{way:?}");
        site.is_whole().await;
        assert_eq!(site.deploy("2").await.unwrap(), Collected::default(), "{way:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_no_reason_to_try_each_by_itself() {
    let site = site(Way::Fail);
    let error = site.deploy("1").await.unwrap_err();
    assert!(error.contains("the old manifest is in place"), "{error}");
    assert_eq!(site.store.inner.count(Operation::Put), 0);
}
