use std::future::Future;
use std::sync::Arc;

use super::copying::{carry, carry_version};
use super::customer_key;
use super::failure::OnFailure;
use crate::attributes::Attributes;
use crate::key::RawKey;
use crate::outcome::{Deletion, PutOutcome};
use crate::{Body, CopyOptions, Error, ObjectKey, PutOptions, Result, Storage};

/// What does in the second store what the first has done. Each method goes on to its end, whoever waits for it.
pub(super) struct Follower {
    pub(super) first: Arc<dyn Storage>,
    pub(super) second: Arc<dyn Storage>,
    pub(super) on_failure: OnFailure,
}

impl Follower {
    /// `again` is the body once more, if it can be read again.
    pub(super) async fn put(
        self,
        key: ObjectKey,
        again: Option<Body>,
        options: PutOptions,
        stored: PutOutcome,
    ) -> Result<()> {
        to_the_end(async move {
            let done = if let Some(body) = again {
                self.second.put(&key, body, options).await.map(drop)
            } else {
                let (etag, customer_key) = (stored.etag, customer_key(&options));
                let carried = carry_version(&*self.first, &*self.second, &key, etag, customer_key, options);
                carried.await.map(drop)
            };
            self.settle("put", &key, done)
        })
        .await
    }

    pub(super) async fn delete(self, key: ObjectKey) -> Result<()> {
        to_the_end(async move {
            let done = self.second.delete(&key).await;
            self.settle("delete", &key, done)
        })
        .await
    }

    /// Which keys are still in the second store, if that is not only to be reported.
    pub(super) async fn delete_many(self, keys: Vec<RawKey>) -> Result<Deletion> {
        if keys.is_empty() {
            return Ok(Deletion::default());
        }
        to_the_end(async move {
            match (self.second.delete_many(keys.clone()).await, &self.on_failure) {
                (Ok(deletion), OnFailure::Report(_)) => {
                    for (key, error) in deletion.failed {
                        self.on_failure.handle("delete_many", vec![key], error)?;
                    }
                    Ok(Deletion::default())
                }
                (Ok(deletion), OnFailure::Fail) => Ok(deletion),
                (Err(error), _) => {
                    self.on_failure.handle("delete_many", keys, error)?;
                    Ok(Deletion::default())
                }
            }
        })
        .await
    }

    pub(super) async fn copy(
        self,
        from: ObjectKey,
        to: ObjectKey,
        attributes: Option<Attributes>,
        stored: PutOutcome,
    ) -> Result<()> {
        to_the_end(async move {
            let done = self.copied(&from, &to, attributes, &stored).await;
            self.settle("copy", &to, done)
        })
        .await
    }

    pub(super) async fn rename(
        self,
        from: ObjectKey,
        to: ObjectKey,
        attributes: Option<Attributes>,
        stored: PutOutcome,
    ) -> Result<()> {
        to_the_end(async move {
            let mut done = self.copied(&from, &to, attributes, &stored).await;
            if done.is_ok() && from != to {
                done = self.second.delete(&from).await;
            }
            let keys = vec![RawKey::from(from), RawKey::from(to)];
            done.or_else(|error| self.on_failure.handle("rename", keys, error))
        })
        .await
    }

    /// Copies within the second store, or from the first if the second has no such source, or another one.
    async fn copied(
        &self,
        from: &ObjectKey,
        to: &ObjectKey,
        attributes: Option<Attributes>,
        stored: &PutOutcome,
    ) -> Result<()> {
        let options = CopyOptions { attributes, ..CopyOptions::new() };
        match self.second.copy(from, to, options).await {
            Ok(copied) if is_same(stored, &copied) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
        carry(&*self.first, &*self.second, to).await.map(drop)
    }

    fn settle(&self, operation: &'static str, key: &ObjectKey, done: Result<()>) -> Result<()> {
        done.or_else(|error| self.on_failure.handle(operation, vec![key.clone().into()], error))
    }
}

/// As far as size and ETag tell.
fn is_same(one: &PutOutcome, other: &PutOutcome) -> bool {
    let differ = super::repair::etags_differ(one.etag.as_ref(), other.etag.as_ref());
    one.size == other.size && !differ.unwrap_or(false)
}

/// Does `work` in a task of its own, so that it is done also if whoever waits for it goes away. Without a runtime it is done in place.
async fn to_the_end<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => runtime.spawn(work).await.map_err(Error::from_body)?,
        Err(_) => work.await,
    }
}
