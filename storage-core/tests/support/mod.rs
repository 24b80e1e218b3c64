//! A store that lists what a function says, in pages, and counts what it is asked.

#![allow(dead_code, reason = "each test uses its own part")]
#![allow(clippy::unwrap_used, reason = "a failure here is a failure of the test")]

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use futures_core::Stream;
use storage_core::capability::Capabilities;
use storage_core::key::RawKey;
use storage_core::list::{LevelStream, ListItem, ListOptions, ListStream, RawEntry};
use storage_core::outcome::{Deletion, GetOutcome, PutOutcome};
use storage_core::{
    Body, CopyOptions, Error, ErrorKind, GetOptions, ObjectEntry, ObjectKey, ObjectMeta, PutOptions, Result,
    Storage,
};

/// As many objects as a page of S3 has.
pub(crate) const PAGE: u64 = 1_000;

/// What the clock shows.
pub(crate) fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

pub(crate) fn hours_ago(hours: u64) -> SystemTime {
    now() - Duration::from_secs(hours * 3_600)
}

/// A line of a listing, valid key or not.
pub(crate) fn item(key: &str, size: u64, modified: Option<SystemTime>) -> ListItem {
    match ObjectKey::new(key) {
        Ok(key) => ListItem::Object(ObjectEntry::new(key, size).with_last_modified(modified)),
        Err(_) => ListItem::Unaddressable(RawEntry::new(key.into(), size).with_last_modified(modified)),
    }
}

pub(crate) fn key_of(item: &ListItem) -> &str {
    match item {
        ListItem::Object(entry) => entry.key.as_str(),
        ListItem::Unaddressable(entry) => entry.key.as_str(),
    }
}

/// What is asked of the store, by kind.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) pages: AtomicU64,
    pub(crate) stats: AtomicU64,
    pub(crate) deletions: AtomicU64,
    /// Of keys.
    pub(crate) deleted: AtomicU64,
}

impl Asked {
    /// Pages, second looks, requests that delete, keys in them.
    pub(crate) fn all(&self) -> [u64; 4] {
        [&self.pages, &self.stats, &self.deletions, &self.deleted].map(|count| count.load(Ordering::SeqCst))
    }
}

type Lines = dyn Fn(u64) -> ListItem + Send + Sync;

/// Lists `count` objects, in the order in which they are made.
pub(crate) struct Listed {
    pub(crate) count: u64,
    pub(crate) item: Arc<Lines>,
    pub(crate) asked: Arc<Asked>,
    /// The page that fails.
    pub(crate) fails_at: Option<u64>,
    /// The page that never comes.
    pub(crate) hangs_at: Option<u64>,
    /// What a second look finds, where that is not an old object: the time of a new one, none if it is gone, or an error.
    pub(crate) changed: BTreeMap<String, Option<SystemTime>>,
    /// Keys that cannot be deleted.
    pub(crate) undeletable: Vec<String>,
    /// How many requests delete before the store is down.
    pub(crate) deletes: u64,
    /// Which keys were deleted, if that is of interest.
    pub(crate) deleted: Option<Mutex<Vec<String>>>,
}

impl Listed {
    pub(crate) fn new(count: u64, item: impl Fn(u64) -> ListItem + Send + Sync + 'static) -> Self {
        Self {
            count,
            item: Arc::new(item),
            asked: Arc::default(),
            fails_at: None,
            hangs_at: None,
            changed: BTreeMap::new(),
            undeletable: Vec::new(),
            deletes: u64::MAX,
            deleted: None,
        }
    }

    /// These, all of one byte and two days old.
    pub(crate) fn of<K: AsRef<str>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self::items(keys.into_iter().map(|key| item(key.as_ref(), 1, Some(hours_ago(48)))).collect())
    }

    pub(crate) fn items(items: Vec<ListItem>) -> Self {
        let count = items.len() as u64;
        let mut listed = Self::new(count, move |at| items[usize::try_from(at).unwrap()].clone());
        listed.deleted = Some(Mutex::default());
        listed
    }

    /// The keys that were deleted, in order.
    pub(crate) fn deleted(&self) -> Vec<String> {
        let mut deleted = self.deleted.as_ref().unwrap().lock().unwrap().clone();
        deleted.sort();
        deleted
    }
}

impl fmt::Debug for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listed")
    }
}

/// The listing: each page is one request.
struct Pages {
    count: u64,
    item: Arc<Lines>,
    asked: Arc<Asked>,
    fails_at: Option<u64>,
    hangs_at: Option<u64>,
    prefix: String,
    next: u64,
    page: VecDeque<ListItem>,
    is_at_end: bool,
}

impl Stream for Pages {
    type Item = Result<ListItem>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.page.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            if self.is_at_end {
                return Poll::Ready(None);
            }
            let number = self.next / PAGE;
            if self.hangs_at == Some(number) {
                return Poll::Pending;
            }
            self.asked.pages.fetch_add(1, Ordering::SeqCst);
            if self.fails_at == Some(number) {
                self.is_at_end = true;
                return Poll::Ready(Some(Err(
                    Error::new(ErrorKind::Unavailable, "down").with_operation("list")
                )));
            }
            let end = (self.next + PAGE).min(self.count);
            let items: Vec<_> = (self.next..end).map(|at| (self.item)(at)).collect();
            let prefix = self.prefix.clone();
            self.page = items.into_iter().filter(|item| key_of(item).starts_with(&prefix)).collect();
            (self.next, self.is_at_end) = (end, end == self.count);
        }
    }
}

fn unexpected<T>() -> Result<T> {
    Err(Error::unsupported("a sweep has no use for this"))
}

#[async_trait]
impl Storage for Listed {
    fn name(&self) -> &'static str {
        "listed"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::none()
    }

    async fn put(&self, _: &ObjectKey, _: Body, _: PutOptions) -> Result<PutOutcome> {
        unexpected()
    }

    async fn get(&self, _: &ObjectKey, _: GetOptions) -> Result<GetOutcome> {
        unexpected()
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        self.asked.stats.fetch_add(1, Ordering::SeqCst);
        let modified = match self.changed.get(key.as_str()) {
            Some(None) => return Err(Error::not_found(key)),
            Some(Some(modified)) if *modified == SystemTime::UNIX_EPOCH => {
                return Err(Error::new(ErrorKind::PermissionDenied, "").with_key(key));
            }
            Some(modified) => *modified,
            None => Some(hours_ago(48)),
        };
        Ok(ObjectMeta::new(key.clone(), 1).with_last_modified(modified))
    }

    async fn delete(&self, _: &ObjectKey) -> Result<()> {
        unexpected()
    }

    async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Deletion> {
        if self.asked.deletions.fetch_add(1, Ordering::SeqCst) >= self.deletes {
            return Err(Error::new(ErrorKind::Unavailable, "down").with_operation("delete_many"));
        }
        self.asked.deleted.fetch_add(keys.len() as u64, Ordering::SeqCst);
        let refused = |key: &&RawKey| self.undeletable.iter().any(|one| one == key.as_str());
        let failed =
            keys.iter().filter(refused).map(|key| (key.clone(), Error::new(ErrorKind::PermissionDenied, "")));
        let failed = failed.collect();
        if let Some(deleted) = &self.deleted {
            let kept = keys.iter().filter(|key| !refused(key)).map(|key| key.as_str().to_owned());
            deleted.lock().unwrap().extend(kept);
        }
        Ok(Deletion::new(failed))
    }

    fn list(&self, options: ListOptions) -> ListStream {
        assert_eq!(options.start_after, None);
        Box::pin(Pages {
            count: self.count,
            item: Arc::clone(&self.item),
            asked: Arc::clone(&self.asked),
            fails_at: self.fails_at,
            hangs_at: self.hangs_at,
            prefix: options.prefix,
            next: 0,
            page: VecDeque::new(),
            is_at_end: false,
        })
    }

    fn list_level(&self, _: ListOptions) -> LevelStream {
        Box::pin(Nothing)
    }

    async fn copy(&self, _: &ObjectKey, _: &ObjectKey, _: CopyOptions) -> Result<PutOutcome> {
        unexpected()
    }
}

struct Nothing;

impl Stream for Nothing {
    type Item = Result<storage_core::list::LevelItem>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}

/// All that a stream gives.
pub(crate) async fn all<T>(mut stream: Pin<Box<dyn Stream<Item = Result<T>> + Send>>) -> Vec<T> {
    let mut items = Vec::new();
    while let Some(item) = std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
        items.push(item.unwrap());
    }
    items
}

/// Does it in a runtime of its own.
pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
