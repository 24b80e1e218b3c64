use std::sync::Arc;

use storage_core::body::BodySource;
use storage_core::capability::Ability;
use storage_core::options::PutMode;
use storage_core::outcome::PutOutcome;
use storage_core::{Body, ObjectKey, PutOptions, Result};

use super::Store;
use super::lost_answer::{Reach, Stamped};
use super::part_source::PartSource;
use super::progress::Meter;
use crate::actions::metadata::SaveId;
use crate::actions::{encryption, put_object};
use crate::transport::Content;

impl Store {
    pub(super) async fn put(
        self: &Arc<Self>,
        key: &ObjectKey,
        body: Body,
        options: PutOptions,
    ) -> Result<PutOutcome> {
        options.validate()?;
        self.check_abilities(&options)?;
        self.check_condition(&options.mode).await?;
        if !options.tags.is_empty() {
            Box::pin(self.check_tags_are_kept(key)).await?;
        }
        if options.is_locking() {
            Box::pin(self.check_locks_are_kept()).await?;
        }
        let encryption = options.encryption.clone();
        let outcome = self.put_as_it_fits(key, body, options).await?;
        if let Some(encryption) = encryption {
            Box::pin(self.confirm_encrypted(key, &encryption, &outcome)).await?;
        }
        Ok(outcome)
    }

    /// In one request what is small enough, else in parts.
    async fn put_as_it_fits(
        self: &Arc<Self>,
        key: &ObjectKey,
        body: Body,
        options: PutOptions,
    ) -> Result<PutOutcome> {
        let limit = self.capabilities.single_put_limit;
        let body = match body.len() {
            Some(length) if length > limit => body,
            _ => body.prefetch(limit).await?,
        };
        let length = body.len();
        let content = match body.into_source() {
            BodySource::Bytes(bytes) => Content::Bytes(bytes),
            BodySource::File(file) => Content::File(file),
            BodySource::Stream(stream) => {
                let source = PartSource::once(stream, length, &options, self.part_size)?;
                return Box::pin(self.put_parts(key, source, options)).await;
            }
            _ => {
                return Err(storage_core::Error::unsupported(
                    "this kind of body is not known to the S3 store",
                ));
            }
        };
        match content.len() > limit {
            true => {
                let source = PartSource::replayable(content, &options, self.part_size).await?;
                Box::pin(self.put_parts(key, source, options)).await
            }
            false => self.put_whole(key, content, options).await,
        }
    }

    async fn put_whole(&self, key: &ObjectKey, content: Content, options: PutOptions) -> Result<PutOutcome> {
        let size = content.len();
        let meter = Meter::new(options.progress.as_ref(), Some(size));
        // Without a condition a repetition just writes the same again.
        let save_id = match options.mode {
            PutMode::Overwrite => None,
            _ => Some(SaveId::random()?),
        };
        let mut request = put_object::request(key, content, &options, save_id.as_ref())?;
        request.sent = Meter::watch(meter.as_ref());
        let exchange = self.write(&request).await;
        let reach = Reach::of(&exchange);
        let mut answered = exchange.result.and_then(|answer| put_object::answer(&answer, size));
        if let Some(save_id) = &save_id {
            let customer_key = encryption::customer_key(options.encryption.as_ref());
            let stamped = Stamped { key, save_id, size, customer_key };
            answered = self.settle(answered, reach, stamped).await;
        }
        let outcome = answered?;
        Meter::finish(meter.as_ref(), size);
        Ok(outcome)
    }

    pub(super) fn check_abilities(&self, options: &PutOptions) -> Result<()> {
        for (is_asked, ability) in [
            (!options.tags.is_empty(), Ability::Tags),
            (options.encryption.is_some(), Ability::ServerSideEncryption),
            (options.storage_class.is_some(), Ability::StorageClass),
            (options.checksum.is_some(), Ability::Checksums),
            (options.is_locking(), Ability::ObjectLock),
        ] {
            if is_asked {
                self.require(ability)?;
            }
        }
        Ok(())
    }

    async fn check_condition(self: &Arc<Self>, mode: &PutMode) -> Result<()> {
        match mode {
            PutMode::Create => self.require_condition(Ability::CreateIfAbsent).await,
            PutMode::IfMatch(_) => self.require_condition(Ability::PutIfMatch).await,
            _ => Ok(()),
        }
    }
}
