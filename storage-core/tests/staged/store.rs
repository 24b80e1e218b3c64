//! A store in memory whose calls can be held up and made to fail.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;
use storage_core::capability::{Ability, Capabilities};
use storage_core::key::RawKey;
use storage_core::list::{LevelStream, ListOptions, ListStream};
use storage_core::outcome::{Deletion, GetOutcome, PutOutcome};
use storage_core::{
    Body, CopyOptions, Error, ErrorKind, GetOptions, ObjectKey, ObjectMeta, PutOptions, Result, Storage,
};
use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Call {
    Put,
    Copy,
    Delete,
}

#[derive(Debug, Default)]
pub(crate) struct Held {
    objects: Mutex<BTreeMap<String, Bytes>>,
    calls: Mutex<Vec<Call>>,
    failing: Mutex<BTreeSet<Call>>,
    on_hold: watch::Sender<BTreeSet<Call>>,
}

impl Held {
    /// From here on such a call is not answered: a put is done already, a deletion is not.
    pub(crate) fn hold(&self, call: Call) {
        self.on_hold.send_modify(|held| {
            held.insert(call);
        });
    }

    /// Answers all calls that were held up.
    pub(crate) fn release(&self) {
        self.on_hold.send_modify(BTreeSet::clear);
    }

    /// From here on such a call fails; a put is done all the same.
    pub(crate) fn fail(&self, call: Call) {
        self.failing.lock().unwrap().insert(call);
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        self.objects.lock().unwrap().keys().cloned().collect()
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    async fn enter(&self, call: Call) -> Result<()> {
        self.calls.lock().unwrap().push(call);
        let mut held = self.on_hold.subscribe();
        held.wait_for(|held| !held.contains(&call)).await.unwrap();
        match self.failing.lock().unwrap().contains(&call) {
            true => Err(Error::new(ErrorKind::Unavailable, "down")),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl Storage for Held {
    fn name(&self) -> &'static str {
        "held"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::all()
    }

    async fn put(&self, key: &ObjectKey, body: Body, _: PutOptions) -> Result<PutOutcome> {
        let content = read(body).await?;
        let size = content.len() as u64;
        self.objects.lock().unwrap().insert(key.to_string(), content);
        self.enter(Call::Put).await?;
        Ok(PutOutcome::new(size))
    }

    async fn get(&self, _: &ObjectKey, _: GetOptions) -> Result<GetOutcome> {
        Err(Error::unsupported("not needed here"))
    }

    async fn stat(&self, _: &ObjectKey) -> Result<ObjectMeta> {
        Err(Error::new(ErrorKind::NotFound, ""))
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        self.enter(Call::Delete).await?;
        self.objects.lock().unwrap().remove(key.as_str());
        Ok(())
    }

    async fn delete_many(&self, _: Vec<RawKey>) -> Result<Deletion> {
        Err(Error::unsupported("not needed here"))
    }

    fn list(&self, _: ListOptions) -> ListStream {
        Box::pin(chunks(std::iter::empty()))
    }

    fn list_level(&self, _: ListOptions) -> LevelStream {
        Box::pin(chunks(std::iter::empty()))
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.enter(Call::Copy).await?;
        assert!(options.if_absent && self.capabilities().has(Ability::CopyIfAbsent));
        let mut objects = self.objects.lock().unwrap();
        let content = objects.get(from.as_str()).cloned().unwrap();
        if objects.contains_key(to.as_str()) {
            return Err(Error::new(ErrorKind::AlreadyExists, ""));
        }
        let size = content.len() as u64;
        objects.insert(to.to_string(), content);
        Ok(PutOutcome::new(size))
    }
}

async fn read(body: Body) -> Result<Bytes> {
    let mut stream = body.into_stream();
    let mut content = Vec::new();
    while let Some(chunk) = std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
        content.extend_from_slice(&chunk?);
    }
    Ok(content.into())
}

/// A stream of what is at hand.
pub(crate) fn chunks<T>(
    items: impl Iterator<Item = Result<T>> + Unpin + Send,
) -> impl Stream<Item = Result<T>> + Send {
    Chunks(items)
}

struct Chunks<I>(I);

impl<I: Iterator + Unpin> Stream for Chunks<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next())
    }
}
