use std::sync::Arc;

use futures_util::StreamExt;
use http::HeaderMap;
use storage_core::options::PutMode;
use storage_core::outcome::PutOutcome;
use storage_core::{ETag, Error, ObjectKey, PutOptions, Result};

use super::Store;
use super::aside::Aside;
use super::checksum::md5_of;
use super::conditions::Decision;
use super::lost_answer::{Reach, Stamped};
use super::part_source::{Part, PartSource};
use super::parts::PARALLEL;
use super::progress::Meter;
use super::upload::{Completion, Upload};
use crate::actions::metadata::SaveId;
use crate::actions::{copy_object, encryption, headers, object_lock, upload_part};
use crate::client::{Reading, Request, SMALL_ANSWER};

impl Store {
    /// Several parts at a time, then one conditional completion. On any failure the upload is aborted.
    pub(super) async fn put_parts(
        self: &Arc<Self>,
        key: &ObjectKey,
        source: PartSource,
        options: PutOptions,
    ) -> Result<PutOutcome> {
        let meter = Meter::new(options.progress.as_ref(), source.length);
        let save_id = SaveId::random()?;
        let headers = headers::describing(&options, Some(&save_id))?;
        let mut decision = self.decision_on(&options.mode).await?;
        let mut upload = None;
        if decision == Decision::Completion {
            let begun = Upload::begin(self, key, headers.clone()).await?;
            // The answer may have told just now that completions are not to be relied on.
            decision = match self.decision_on(&options.mode).await {
                Ok(decision) => decision,
                Err(error) => {
                    begun.abort().await;
                    return Err(error);
                }
            };
            upload = Some(begun);
        }
        let outcome = match (upload, decision) {
            (Some(upload), Decision::Completion) => {
                upload.send(source, &options, &options.mode, &save_id, meter.as_ref()).await?
            }
            (begun, _) => {
                if let Some(upload) = begun {
                    upload.abort().await;
                }
                self.put_aside(key, headers, source, &options, &save_id, meter.as_ref()).await?
            }
        };
        Meter::finish(meter.as_ref(), outcome.size);
        Ok(outcome)
    }

    /// What decides whether a large object gets its place. Nothing is sent before that is known.
    async fn decision_on(self: &Arc<Self>, mode: &PutMode) -> Result<Decision> {
        match mode {
            PutMode::Create => self.require_decision_on_new().await,
            PutMode::IfMatch(_) => self.require_replacing_in_parts().await.map(|()| Decision::Completion),
            _ => Ok(Decision::Completion),
        }
    }

    /// The parts become an object aside, and a conditional copy decides whether it gets its place.
    async fn put_aside(
        self: &Arc<Self>,
        key: &ObjectKey,
        headers: HeaderMap,
        source: PartSource,
        options: &PutOptions,
        save_id: &SaveId,
        meter: Option<&Arc<Meter>>,
    ) -> Result<PutOutcome> {
        if encryption::customer_key(options.encryption.as_ref()).is_some() {
            return Err(Error::unsupported(
                "this server cannot encrypt a large object with a customer's key and keep it from overwriting",
            ));
        }
        let aside = Aside::of(self, key)?;
        let upload = Upload::begin(self, &aside.key, object_lock::unlocked(headers.clone())).await?;
        let (parts, size) = match send_all(&upload, source, options, meter).await {
            Ok(sent) => sent,
            Err(error) => {
                upload.abort().await;
                return Err(error);
            }
        };
        let request = copy_object::request_if_absent(key, &aside.path(), None, Some(headers))?;
        let (store, key, save_id) = (Arc::clone(self), key.clone(), save_id.clone());
        // A completion cannot be called back: what it makes is deleted after it, also when nobody waits any more.
        let finishing = tokio::spawn(async move {
            let completion = Completion {
                parts: &parts,
                size,
                mode: &PutMode::Overwrite,
                save_id: &save_id,
                customer_key: None,
            };
            let placed = match upload.complete(completion).await {
                Ok(_) => store.copy_if_absent(&request, &key, &save_id, size).await,
                Err(error) => Err(error),
            };
            aside.discard().await;
            placed
        });
        finishing.await.map_err(Error::from_body)?
    }

    /// Sends a conditional copy, which may find its own earlier success.
    pub(super) async fn copy_if_absent(
        &self,
        request: &Request,
        key: &ObjectKey,
        save_id: &SaveId,
        size: u64,
    ) -> Result<PutOutcome> {
        let exchange = self.client.exchange(request, Reading::Document(SMALL_ANSWER)).await;
        let reach = Reach::of(&exchange);
        let answered = exchange.result.and_then(|answer| copy_object::answer(&answer, size));
        self.settle(answered, reach, Stamped { key, save_id, size, customer_key: None }).await
    }
}

impl Upload {
    /// Sends all parts and completes, or aborts.
    async fn send(
        self,
        source: PartSource,
        options: &PutOptions,
        mode: &PutMode,
        save_id: &SaveId,
        meter: Option<&Arc<Meter>>,
    ) -> Result<PutOutcome> {
        let (parts, size) = match send_all(&self, source, options, meter).await {
            Ok(sent) => sent,
            Err(error) => {
                self.abort().await;
                return Err(error);
            }
        };
        let customer_key = encryption::customer_key(options.encryption.as_ref());
        self.complete(Completion { parts: &parts, size, mode, save_id, customer_key }).await
    }
}

/// The tags of all parts, in order, and the size of the whole.
async fn send_all(
    upload: &Upload,
    source: PartSource,
    options: &PutOptions,
    meter: Option<&Arc<Meter>>,
) -> Result<(Vec<ETag>, u64)> {
    let sending = source.parts.map(|part| async move { send(upload, part?, options, meter).await });
    let mut sending = sending.buffer_unordered(PARALLEL);
    let (mut sent, mut size) = (Vec::new(), 0);
    while let Some(part) = sending.next().await {
        let (number, etag, length) = part?;
        size += length;
        sent.push((number, etag));
    }
    sent.sort_unstable_by_key(|(number, _)| *number);
    Ok((sent.into_iter().map(|(_, etag)| etag).collect(), size))
}

async fn send(
    upload: &Upload,
    part: Part,
    options: &PutOptions,
    meter: Option<&Arc<Meter>>,
) -> Result<(u32, ETag, u64)> {
    let length = part.content.len();
    let md5 = match options.checksum {
        Some(_) => Some(md5_of(part.content.clone()).await?),
        None => None,
    };
    let customer_key = encryption::customer_key(options.encryption.as_ref());
    let mut request = upload_part::request(upload.part(part.number), part.content, customer_key, md5)?;
    request.sent = Meter::watch(meter);
    let answer = upload.store.client.call(&request).await?;
    Ok((part.number, upload_part::answer(&answer)?, length))
}
