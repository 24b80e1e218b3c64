use std::sync::Arc;

use object_store::CopyMode;
use storage_core::attributes::Attributes;
use storage_core::capability::Ability;
use storage_core::options::PutMode;
use storage_core::outcome::PutOutcome;
use storage_core::{
    Body, CopyOptions, ETag, Error, ErrorKind, GetOptions, ObjectKey, ObjectMeta, PutOptions, Result,
};

use super::Store;
use super::attempts::Reach;
use super::get::Head;
use super::lost_answer::{Stamp, taken_if_refused};
use crate::translate::key_path::path_of;

/// How often a copy through here is begun again because its source was replaced meanwhile.
const ATTEMPTS: usize = 3;

impl Store {
    pub(super) async fn copy(
        self: &Arc<Self>,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        if let Some(attributes) = &options.attributes {
            attributes.validate()?;
        }
        if options.if_absent {
            self.require(Ability::CopyIfAbsent).await?;
        }
        let mut attempt = 1;
        loop {
            let source = self.head(from).await?;
            match self.copy_source(&self.meta(from, &source), &source, to, &options).await {
                Err(error)
                    if error.kind() == ErrorKind::PreconditionFailed
                        && options.source_if_match.is_none()
                        && attempt < ATTEMPTS =>
                {
                    attempt += 1;
                }
                copied => return copied,
            }
        }
    }

    async fn copy_source(
        self: &Arc<Self>,
        source: &ObjectMeta,
        head: &Head,
        to: &ObjectKey,
        options: &CopyOptions,
    ) -> Result<PutOutcome> {
        let expected = options.source_if_match.as_ref();
        if expected.is_some() && source.etag.as_ref() != expected {
            return Err(Error::new(ErrorKind::PreconditionFailed, "the source has another ETag"));
        }
        if source.key == *to {
            if options.if_absent {
                return Err(Error::new(ErrorKind::AlreadyExists, "the copy would be its own source"));
            }
            if options.attributes.is_none() {
                return Ok(PutOutcome::new(source.size)
                    .with_etag(source.etag.clone())
                    .with_version(source.version.clone()));
            }
        }
        match options.attributes.is_none() && expected.is_none() && source.size <= self.backend.copy_limit() {
            true => self.copy_there(source, head, to, options).await,
            false => self.copy_through_here(source, to, options).await,
        }
    }

    /// By the server itself.
    async fn copy_there(
        &self,
        source: &ObjectMeta,
        head: &Head,
        to: &ObjectKey,
        options: &CopyOptions,
    ) -> Result<PutOutcome> {
        let mode = match options.if_absent {
            true => CopyMode::Create,
            false => CopyMode::Overwrite,
        };
        let copying = object_store::CopyOptions::new().with_mode(mode);
        let (source_path, path) = (path_of(&source.key)?, path_of(to)?);
        match self.folder_kept(|| self.objects.copy_opts(&source_path, &path, copying.clone())).await {
            Ok(()) => Ok(PutOutcome::new(source.size)),
            Err(error) if options.if_absent => {
                let stamp = self.backend.repeats_requests().then_some(Stamp::CopyOf(head));
                self.settle(taken_if_refused(error), Reach::UNKNOWN, to, stamp).await
            }
            Err(error) => Err(error),
        }
    }

    /// The bytes come here and go back: a copy of `object_store` changes no attributes and knows no condition on the source.
    async fn copy_through_here(
        self: &Arc<Self>,
        source: &ObjectMeta,
        to: &ObjectKey,
        options: &CopyOptions,
    ) -> Result<PutOutcome> {
        let mut reading = GetOptions::new();
        reading.if_match.clone_from(&source.etag);
        let object = self.get(&source.key, reading).await?.into_object()?;
        let attributes = match &options.attributes {
            Some(attributes) => attributes.clone(),
            None if self.capabilities.has(Ability::Attributes) => object.meta().attributes.clone(),
            // Whatever it made up.
            None => Attributes::new(),
        };
        let (size, etag) = (object.meta().size, object.meta().etag.clone());
        let body = Body::from_stream(object.into_stream()).with_length(size);
        let mode = match options.if_absent {
            true => PutMode::Create,
            false if source.key == *to => self.replacing(etag, size),
            false => PutMode::Overwrite,
        };
        self.put(to, body, PutOptions::new().attributes(attributes).mode(mode)).await
    }

    /// Overwrites an object with itself, and nothing that somebody else wrote meanwhile, where the store can tell.
    fn replacing(&self, etag: Option<ETag>, size: u64) -> PutMode {
        let fits = size <= self.capabilities.single_put_limit || self.completes_conditionally;
        match etag {
            Some(etag) if fits && self.known_capabilities().has(Ability::PutIfMatch) => {
                PutMode::IfMatch(etag)
            }
            _ => PutMode::Overwrite,
        }
    }
}
