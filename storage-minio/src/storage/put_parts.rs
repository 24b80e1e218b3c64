use std::sync::Arc;

use futures_util::StreamExt;
use storage_core::outcome::PutOutcome;
use storage_core::{ETag, ObjectKey, PutOptions, Result};

use super::Store;
use super::checksum::md5_of;
use super::part_source::{Part, PartSource};
use super::parts::PARALLEL;
use super::progress::Meter;
use super::upload::{Completion, Upload};
use crate::actions::metadata::SaveId;
use crate::actions::{encryption, headers, upload_part};

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
        let upload = Upload::begin(self, key, headers::describing(&options, Some(&save_id))?).await?;
        let (parts, size) = match send_all(&upload, source, &options, meter.as_ref()).await {
            Ok(sent) => sent,
            Err(error) => {
                upload.abort().await;
                return Err(error);
            }
        };
        let completion = Completion {
            parts: &parts,
            size,
            mode: &options.mode,
            save_id: &save_id,
            customer_key: encryption::customer_key(options.encryption.as_ref()),
        };
        let outcome = upload.complete(completion).await?;
        Meter::finish(meter.as_ref(), size);
        Ok(outcome)
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
