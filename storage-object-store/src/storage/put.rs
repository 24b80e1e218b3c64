use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{PutMode as ForeignMode, PutPayload, PutResult, UpdateVersion};
use storage_core::attributes::Attributes;
use storage_core::body::BodySource;
use storage_core::capability::Ability;
use storage_core::options::PutMode;
use storage_core::outcome::PutOutcome;
use storage_core::{Body, ETag, Error, ErrorKind, ObjectKey, PutOptions, Result};

use super::Store;
use super::attempts::Attempts;
use super::lost_answer::Stamp;
use crate::Backend;
use crate::translate::attributes;
use crate::translate::errors::translate;
use crate::translate::key_path::{is_local_temporary, path_of};
use storage_core::backend::SaveId;

impl Store {
    /// In one request what is small enough, else in parts.
    pub(super) async fn put(
        self: &Arc<Self>,
        key: &ObjectKey,
        body: Body,
        options: PutOptions,
    ) -> Result<PutOutcome> {
        options.validate()?;
        self.check_abilities(&options).await?;
        if self.backend == Backend::LocalFolder && is_local_temporary(key) {
            return Err(Error::unsupported("`LocalFileSystem` keeps names such as `a#1` to itself"));
        }
        let limit = self.capabilities.single_put_limit;
        let body = match body.len() {
            Some(length) if length > limit => body,
            _ => body.prefetch(limit).await?,
        };
        if body.is_replayable() && body.len().is_some_and(|length| length <= limit) {
            return self.put_whole(key, body, options).await;
        }
        match options.mode {
            PutMode::Overwrite if self.backend.has_parts() => {
                self.put_parts(key, body, options, self.save_id()?.as_ref()).await
            }
            PutMode::Create | PutMode::IfMatch(_) if self.completes_conditionally => {
                self.put_parts(key, body, options, self.save_id()?.as_ref()).await
            }
            PutMode::Create if self.backend.has_parts() && self.capabilities.has(Ability::CopyIfAbsent) => {
                self.put_aside(key, body, options).await
            }
            _ => self.put_held(key, body, options).await,
        }
    }

    /// Through memory, where only a single request does what is asked.
    async fn put_held(
        self: &Arc<Self>,
        key: &ObjectKey,
        body: Body,
        options: PutOptions,
    ) -> Result<PutOutcome> {
        let limit = self.held_limit;
        let body = match body.len() {
            Some(length) if length > limit => body,
            _ => body.prefetch(limit).await?,
        };
        if body.is_replayable() && body.len().is_some_and(|length| length <= limit) {
            return self.put_whole(key, body, options).await;
        }
        Err(Error::unsupported(format!(
            "this store takes such a write in one request only, which is held in memory: at most {limit} bytes"
        ))
        .with_hint("save under a random name with `Collision::Replace`, or raise `held_limit`"))
    }

    async fn put_whole(
        self: &Arc<Self>,
        key: &ObjectKey,
        body: Body,
        options: PutOptions,
    ) -> Result<PutOutcome> {
        let bytes = held(body).await?;
        let size = bytes.len() as u64;
        let save_id = match options.mode {
            // Without a condition a repetition just writes the same again.
            PutMode::Overwrite => None,
            _ => self.save_id()?,
        };
        let attempts = Attempts::default();
        let foreign = object_store::PutOptions {
            mode: self.foreign_mode(key, &options.mode).await?,
            attributes: self.foreign_attributes(&options, save_id.as_ref()),
            extensions: attempts.extensions(),
            ..object_store::PutOptions::default()
        };
        let outcome = match self.put_ordered(path_of(key)?, bytes, foreign).await {
            Ok(stored) => {
                self.see_bucket();
                PutOutcome::new(size)
                    .with_etag(self.etag_form.read(stored.e_tag.as_deref()))
                    .with_version(stored.version)
            }
            Err(error) => {
                self.settle(error, attempts.reach(), key, save_id.as_ref().map(Stamp::SaveId)).await?
            }
        };
        if let Some(progress) = &options.progress {
            progress.report(size, Some(size));
        }
        Ok(outcome)
    }

    /// A write to a folder goes on when its future is dropped. It is waited for by the next one under the same key, which it would
    /// overwrite otherwise.
    async fn put_ordered(
        self: &Arc<Self>,
        path: Path,
        bytes: Bytes,
        options: object_store::PutOptions,
    ) -> Result<PutResult> {
        let payload = PutPayload::from_bytes(bytes);
        if self.backend != Backend::LocalFolder {
            return self.objects.put_opts(&path, payload, options).await.map_err(translate);
        }
        let turn = self.turns.of(path.as_ref()).await;
        let store = Arc::clone(self);
        let writing = tokio::spawn(async move {
            let _turn = turn;
            store.folder_kept(|| store.objects.put_opts(&path, payload.clone(), options.clone())).await
        });
        writing.await.map_err(Error::from_body)?
    }

    /// An id for a write whose success may be met again, if the store can keep one.
    pub(super) fn save_id(&self) -> Result<Option<SaveId>> {
        match self.capabilities.has(Ability::Attributes) && self.backend.repeats_requests() {
            true => SaveId::random().map(Some),
            false => Ok(None),
        }
    }

    pub(super) fn foreign_attributes(
        &self,
        options: &PutOptions,
        save_id: Option<&SaveId>,
    ) -> object_store::Attributes {
        if !self.capabilities.has(Ability::Attributes) {
            return object_store::Attributes::new();
        }
        attributes::to_foreign(&options.attributes, options.storage_class.as_deref(), save_id, self.backend)
    }

    async fn foreign_mode(&self, key: &ObjectKey, mode: &PutMode) -> Result<ForeignMode> {
        match mode {
            PutMode::Overwrite => Ok(ForeignMode::Overwrite),
            PutMode::Create => Ok(ForeignMode::Create),
            PutMode::IfMatch(etag) => match self.expected_version(key, etag).await {
                Ok(version) => Ok(ForeignMode::Update(version)),
                Err(error) if error.is_not_found() => {
                    Err(Error::new(ErrorKind::PreconditionFailed, "nothing is there"))
                }
                Err(error) => Err(error),
            },
            _ => Err(Error::unsupported("this mode is not known to the store")),
        }
    }

    async fn expected_version(&self, key: &ObjectKey, etag: &ETag) -> Result<UpdateVersion> {
        if !self.backend.has_generations() {
            return Ok(UpdateVersion { e_tag: self.condition(key, Some(etag)).await?, version: None });
        }
        let found = self.head(key).await?.meta;
        match found.e_tag.as_deref().map(ETag::new).as_ref() == Some(etag) {
            true => Ok(UpdateVersion { e_tag: found.e_tag, version: found.version }),
            false => Err(Error::new(ErrorKind::PreconditionFailed, "the object has another ETag")),
        }
    }

    async fn check_abilities(self: &Arc<Self>, options: &PutOptions) -> Result<()> {
        for (is_asked, ability) in [
            (options.mode == PutMode::Create, Ability::CreateIfAbsent),
            (matches!(options.mode, PutMode::IfMatch(_)), Ability::PutIfMatch),
            (!options.tags.is_empty(), Ability::Tags),
            (options.encryption.is_some(), Ability::ServerSideEncryption),
            (options.storage_class.is_some(), Ability::StorageClass),
            (options.checksum.is_some(), Ability::Checksums),
            (options.is_locking(), Ability::ObjectLock),
            (options.attributes != Attributes::default(), Ability::Attributes),
        ] {
            if is_asked {
                self.require(ability).await?;
            }
        }
        match self.backend.metadata_names_are_identifiers()
            && !options.attributes.metadata.keys().all(|name| is_identifier(name))
        {
            true => {
                Err(Error::unsupported("this store takes letters, digits and `_` only in a name of metadata"))
            }
            false => Ok(()),
        }
    }
}

fn is_identifier(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// A small body in memory.
async fn held(body: Body) -> Result<Bytes> {
    match body.into_source() {
        BodySource::Bytes(bytes) => Ok(bytes),
        BodySource::File(file) => {
            let all = BytesMut::with_capacity(usize::try_from(file.len()).unwrap_or(0));
            let add = |mut all: BytesMut, chunk: Bytes| async move {
                all.extend_from_slice(&chunk);
                Ok(all)
            };
            Ok(file.into_stream().try_fold(all, add).await?.freeze())
        }
        _ => Err(Error::unsupported("this kind of body is not known to the store")),
    }
}
