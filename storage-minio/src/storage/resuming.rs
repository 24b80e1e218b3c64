use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use storage_core::body::ByteStream;
use storage_core::options::CustomerKey;
use storage_core::{ByteRange, ETag, Error, ErrorKind, GetOptions, ObjectKey, ObjectMeta, Result};

use super::Store;
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
}

impl Resuming {
    pub(super) fn new(
        store: Arc<Store>,
        meta: &ObjectMeta,
        customer_key: Option<CustomerKey>,
        left: Range<u64>,
        stream: ByteStream,
    ) -> Self {
        let (key, etag) = (meta.key.clone(), meta.etag.clone());
        Self { store, key, etag, customer_key, left, stream, resumes: 0, resumes_without_progress: 0 }
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
            let broken = match self.stream.next().await {
                Some(Ok(chunk)) if chunk.is_empty() => continue,
                Some(Ok(chunk)) => {
                    self.resumes_without_progress = 0;
                    self.left.start += chunk.len() as u64;
                    return match self.left.start > self.left.end {
                        true => Err(garbled("it has more bytes than it said")),
                        false => Ok(Some(chunk)),
                    };
                }
                Some(Err(error)) => error,
                None => Error::new(ErrorKind::Unavailable, "the content broke off before its end"),
            };
            self.resume(broken).await?;
        }
    }

    async fn resume(&mut self, broken: Error) -> Result<()> {
        let Some(etag) = &self.etag else { return Err(broken) };
        let retry = &self.store.client.options.retry;
        let is_spent = self.resumes_without_progress >= retry.count || self.resumes >= MAX_RESUMES;
        if !broken.is_retryable() || is_spent {
            return Err(broken);
        }
        tokio::time::sleep(retry.backoff.saturating_mul(self.resumes_without_progress)).await;
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
