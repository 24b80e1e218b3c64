use std::sync::Arc;

use storage_core::body::BodySource;
use storage_core::capability::Ability;
use storage_core::options::PutMode;
use storage_core::outcome::PutOutcome;
use storage_core::{Body, ErrorKind, ObjectKey, PutOptions, Result};

use super::Store;
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
        if !options.tags.is_empty() {
            self.check_tags_are_kept(key).await?;
        }
        let encryption = options.encryption.clone();
        let outcome = self.put_as_it_fits(key, body, options).await?;
        if let Some(encryption) = encryption {
            self.confirm_encrypted(key, &encryption, &outcome).await?;
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
                return self.put_parts(key, source, options).await;
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
                self.put_parts(key, source, options).await
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
        let outcome = match (exchange.result, save_id) {
            (Ok(answer), _) => put_object::answer(&answer, size)?,
            (Err(error), Some(save_id)) if exchange.repeated && is_refused_condition(error.kind()) => {
                let customer_key = encryption::customer_key(options.encryption.as_ref());
                self.own_success(key, &save_id, size, customer_key).await?.ok_or(error)?
            }
            (Err(error), _) => return Err(error),
        };
        Meter::finish(meter.as_ref(), size);
        Ok(outcome)
    }

    fn check_abilities(&self, options: &PutOptions) -> Result<()> {
        for (is_asked, ability) in [
            (options.mode == PutMode::Create, Ability::CreateIfAbsent),
            (matches!(options.mode, PutMode::IfMatch(_)), Ability::PutIfMatch),
            (!options.tags.is_empty(), Ability::Tags),
            (options.encryption.is_some(), Ability::ServerSideEncryption),
            (options.storage_class.is_some(), Ability::StorageClass),
            (options.checksum.is_some(), Ability::Checksums),
        ] {
            if is_asked {
                self.require(ability)?;
            }
        }
        Ok(())
    }
}

/// Whether a condition did not hold, as it does not after one's own earlier success either.
pub(super) fn is_refused_condition(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::AlreadyExists | ErrorKind::PreconditionFailed)
}
