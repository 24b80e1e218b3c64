use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use storage_core::body::ByteStream;
use storage_core::options::CustomerKey;
use storage_core::{ByteRange, ETag, Error, ErrorKind, GetOptions, ObjectKey, ObjectMeta, Result};
use tokio::time::Instant;

use super::Store;
use super::verified::Verification;
use crate::actions::get_object;
use crate::actions::xml::garbled;
use crate::client::Reading;

/// How often one object is asked for again in all. What breaks more often is not worth going on with.
const MAX_RESUMES: u32 = 100;

/// The bytes of an object. Where they break off, the rest is asked for, as long as the object is the same.
pub(super) struct Resuming {
    store: Arc<Store>,
    key: ObjectKey,
    etag: Option<ETag>,
    customer_key: Option<CustomerKey>,
    left: Range<u64>,
    stream: ByteStream,
    resumes: u32,
    resumes_without_progress: u32,
    /// How long the stream stood still before it broke, and how long it took to go on.
    lost: Duration,
    verification: Option<Verification>,
}

impl Resuming {
    pub(super) fn new(
        store: Arc<Store>,
        meta: &ObjectMeta,
        customer_key: Option<CustomerKey>,
        left: Range<u64>,
        stream: ByteStream,
        verification: Option<Verification>,
    ) -> Self {
        let (key, etag) = (meta.key.clone(), meta.etag.clone());
        Self {
            store,
            key,
            etag,
            customer_key,
            left,
            stream,
            resumes: 0,
            resumes_without_progress: 0,
            lost: Duration::ZERO,
            verification,
        }
    }

    pub(super) fn into_stream(self) -> ByteStream {
        // `None` stands for a stream that has failed.
        Box::pin(stream::unfold(Some(Box::new(self)), |reading| async move {
            let mut reading = reading?;
            match reading.next().await {
                Ok(Some(chunk)) => Some((Ok(chunk), Some(reading))),
                Ok(None) => None,
                Err(error) => {
                    let error = error.with_operation("get").with_key(&reading.key);
                    Some((Err(error.with_store(reading.store.client.bucket.as_str())), None))
                }
            }
        }))
    }

    async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            if self.left.is_empty() {
                return Ok(None);
            }
            let waiting = Instant::now();
            let broken = match self.stream.next().await {
                Some(Ok(chunk)) if chunk.is_empty() => continue,
                Some(Ok(chunk)) => {
                    self.resumes_without_progress = 0;
                    self.left.start += chunk.len() as u64;
                    if self.left.start > self.left.end {
                        return Err(garbled("it has more bytes than it said"));
                    }
                    if let Some(verification) = &mut self.verification {
                        verification.take_in(&chunk, self.left.is_empty())?;
                    }
                    return Ok(Some(chunk));
                }
                Some(Err(error)) => error,
                None => Error::new(ErrorKind::Unavailable, "the content broke off before its end"),
            };
            self.resume(broken, waiting).await?;
            self.lost += waiting.elapsed();
        }
    }

    async fn resume(&mut self, broken: Error, waiting: Instant) -> Result<()> {
        let Some(etag) = &self.etag else { return Err(broken) };
        let retry = &self.store.client.options.retry;
        let is_spent = self.resumes_without_progress >= retry.count
            || self.resumes >= MAX_RESUMES
            || self.lost + waiting.elapsed() > retry.budget;
        if !broken.is_retryable() || is_spent {
            return Err(broken);
        }
        if let Some(before) = self.resumes_without_progress.checked_sub(1) {
            tokio::time::sleep(retry.wait(before)).await;
        }
        self.resumes += 1;
        self.resumes_without_progress += 1;

        let mut options = GetOptions::new();
        options.customer_key.clone_from(&self.customer_key);
        let request = get_object::resumed(&self.key, &options, self.left.clone(), etag)?;
        let answer = match self.store.client.exchange(&request, Reading::Stream).await.result {
            Ok(answer) => answer,
            Err(error) if error.kind() == ErrorKind::PreconditionFailed => return Err(changed(error)),
            Err(error) => return Err(error),
        };
        let asked = ByteRange::from(self.left.clone());
        let (meta, _) = get_object::answer(&answer, self.key.clone(), Some(asked))?;
        if meta.etag.as_ref() != Some(etag) {
            return Err(changed(Error::new(ErrorKind::PreconditionFailed, "")));
        }
        self.stream = answer.stream.ok_or_else(|| garbled("it has no content"))?;
        Ok(())
    }
}

/// The caller has part of an object that is no more; from its start it can be read.
fn changed(error: Error) -> Error {
    Error::new(ErrorKind::PreconditionFailed, "the object was replaced while it was read")
        .with_retryable(true)
        .with_hint("read it again from its start")
        .with_source(error)
}
