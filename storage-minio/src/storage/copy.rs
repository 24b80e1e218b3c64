use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use http::HeaderMap;
use storage_core::capability::Ability;
use storage_core::options::PutMode;
use storage_core::outcome::PutOutcome;
use storage_core::{
    BucketName, CopyOptions, CopySource, ETag, Error, ErrorKind, ObjectKey, ObjectMeta, Result,
};

use super::conditions::Decision;
use super::lost_answer::{Reach, Stamped};
use super::parts::{PARALLEL, size_for};
use super::upload::{Completion, Upload};
use super::{Extraction, Knowledge, Store};
use crate::actions::metadata::{self, SaveId};
use crate::actions::{copy_object, get_object_tagging, head_object, headers, put_object, upload_part_copy};
use crate::addressing::copy_source;
use crate::builder::ConditionalWrites;
use crate::client::Request;
use crate::transport::Content;

/// How much of a large object is copied by one request, which the server answers when it is done.
const COPIED_AT_ONCE: u64 = 512 * 1024 * 1024;

/// How often a copy is begun again because its source was replaced meanwhile.
const ATTEMPTS: usize = 3;

/// Where what is copied lies: in the store's own bucket, or in another one of the same server.
pub(super) struct Origin {
    store: Arc<Store>,
    key: ObjectKey,
}

/// What is copied, as it was when it was looked at.
struct Source<'a> {
    origin: &'a Origin,
    meta: ObjectMeta,
    headers: HeaderMap,
    /// The value of `x-amz-copy-source`.
    path: String,
}

impl Origin {
    async fn look(&self, if_match: Option<&ETag>) -> Result<Source<'_>> {
        let answer = self.store.head(&self.key, None).await?;
        let meta = head_object::answer(&answer, self.key.clone())?;
        match if_match {
            Some(etag) if meta.etag.as_ref() != Some(etag) => {
                Err(Error::new(ErrorKind::PreconditionFailed, "the source has another ETag"))
            }
            _ => {
                let path = copy_source(&self.store.client.bucket, &self.key);
                Ok(Source { origin: self, meta, headers: answer.headers, path })
            }
        }
    }

    fn is(&self, store: &Store, key: &ObjectKey) -> bool {
        self.store.client.bucket == store.client.bucket && self.key == *key
    }
}

impl Store {
    /// An object of this bucket.
    pub(super) fn origin(self: &Arc<Self>, key: &ObjectKey) -> Origin {
        Origin { store: Arc::clone(self), key: key.clone() }
    }

    /// What another store says that this server has, by the same credentials.
    pub(super) fn origin_of(self: &Arc<Self>, found: CopySource) -> Result<Option<Origin>> {
        if self.place().is_none_or(|place| place != found.place) {
            return Ok(None);
        }
        let bucket = BucketName::new(&found.bucket)?;
        let store = match bucket == self.client.bucket {
            true => Arc::clone(self),
            false => Arc::new(Self {
                client: self.client.beside(&bucket)?,
                capabilities: self.capabilities,
                conditions: Knowledge::said(ConditionalWrites::Ignored),
                extraction: Extraction::default(),
                part_size: self.part_size,
                create_bucket_on_save: false,
                verifies_reads: self.verifies_reads,
            }),
        };
        Ok(Some(Origin { store, key: found.key }))
    }

    /// The server, and who asks it; `None` before a credential provider has said who that is.
    pub(super) fn place(&self) -> Option<String> {
        let credentials = self.client.credentials.snapshot().ok()?;
        Some(format!("{} as {}", self.client.server, credentials.access_key()))
    }

    pub(super) async fn copy(
        self: &Arc<Self>,
        from: &Origin,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        if let Some(attributes) = &options.attributes {
            attributes.validate()?;
        }
        if options.if_absent {
            self.require_condition(Ability::CopyIfAbsent).await?;
        }
        let mut attempt = 1;
        loop {
            let source = from.look(options.source_if_match.as_ref()).await?;
            match self.copy_source(source, to, &options).await {
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
        source: Source<'_>,
        to: &ObjectKey,
        options: &CopyOptions,
    ) -> Result<PutOutcome> {
        let size = source.meta.size;
        let is_self = source.origin.is(self, to);
        if is_self {
            if options.if_absent {
                return Err(Error::new(ErrorKind::AlreadyExists, "the copy would be its own source"));
            }
            if options.attributes.is_none() {
                return Ok(PutOutcome::new(size)
                    .with_etag(source.meta.etag)
                    .with_version(source.meta.version));
            }
        }
        let is_mixed = is_self && self.client.traits.mixes_attributes_of_self_copies();
        if !options.if_absent && size <= copy_object::MAX_SIZE && !is_mixed {
            let attributes = options.attributes.as_ref();
            let request = copy_object::request(to, &source.path, source.meta.etag.as_ref(), attributes)?;
            return copy_object::answer(&self.client.call(&request).await?, size);
        }
        // `If-None-Match` on CopyObject is ignored by most servers; on CompleteMultipartUpload by few.
        let save_id = SaveId::random()?;
        let mut described = Self::described(&source, options).await?;
        metadata::stamp(&save_id, &mut described)?;
        if options.if_absent && size > 0 && self.require_decision_on_new().await? == Decision::Copy {
            return self.copy_at_once_if_absent(&source, to, described, &save_id).await;
        }
        let mode = if options.if_absent { PutMode::Create } else { PutMode::Overwrite };
        match size {
            0 => self.put_empty(to, described, &mode, &save_id).await,
            _ => self.copy_by_parts(&source, to, described, &mode, &save_id).await,
        }
    }

    /// For a server whose conditional CopyObject is the one thing to rely on.
    async fn copy_at_once_if_absent(
        &self,
        source: &Source<'_>,
        to: &ObjectKey,
        described: HeaderMap,
        save_id: &SaveId,
    ) -> Result<PutOutcome> {
        let etag = source.meta.etag.as_ref();
        let request = copy_object::request_if_absent(to, &source.path, etag, Some(described))?;
        match self.copy_if_absent(&request, to, save_id, source.meta.size).await {
            // Either of the two conditions may have failed.
            Err(error) if error.is_already_exists() || error.kind() == ErrorKind::Unavailable => {
                source.origin.look(etag).await?;
                Err(error)
            }
            copied => copied,
        }
    }

    /// The headers of the copy. A multipart upload takes none from the source by itself.
    async fn described(source: &Source<'_>, options: &CopyOptions) -> Result<HeaderMap> {
        let mut described = headers::carried_over(&source.headers);
        if let Some(attributes) = &options.attributes {
            described = headers::without_attributes(described);
            headers::write_attributes(attributes, &mut described)?;
        }
        if get_object_tagging::is_worth_asking(&source.headers) {
            headers::write_tags(&source.origin.store.tags(&source.origin.key).await?, &mut described)?;
        }
        Ok(described)
    }

    /// An empty object has no part that could be copied.
    async fn put_empty(
        &self,
        to: &ObjectKey,
        mut described: HeaderMap,
        mode: &PutMode,
        save_id: &SaveId,
    ) -> Result<PutOutcome> {
        let condition = headers::write_mode(mode, &mut described)?;
        let request = Request::object(http::Method::PUT, to)
            .headers(described)
            .content(Content::EMPTY)
            .condition(condition);
        let exchange = self.write(&request).await;
        let reach = Reach::of(&exchange);
        let answered = exchange.result.and_then(|answer| put_object::answer(&answer, 0));
        self.settle(answered, reach, Stamped { key: to, save_id, size: 0, customer_key: None }).await
    }

    async fn copy_by_parts(
        self: &Arc<Self>,
        source: &Source<'_>,
        to: &ObjectKey,
        described: HeaderMap,
        mode: &PutMode,
        save_id: &SaveId,
    ) -> Result<PutOutcome> {
        let size = source.meta.size;
        // It pays to look first where much would be copied in vain.
        if *mode == PutMode::Create && size > self.capabilities.single_put_limit {
            match self.head(to, None).await {
                Ok(_) => return Err(Error::new(ErrorKind::AlreadyExists, "")),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        let upload = Upload::begin(self, to, described.clone()).await?;
        if *mode == PutMode::Create {
            // The answer may have told just now that completions are not to be relied on.
            let decision = self.require_decision_on_new().await;
            if !matches!(decision, Ok(Decision::Completion)) {
                upload.abort().await;
                decision?;
                return self.copy_at_once_if_absent(source, to, described, save_id).await;
            }
        }
        let parts = match copy_all(&upload, source).await {
            Ok(parts) => parts,
            Err(error) => {
                upload.abort().await;
                return Err(error);
            }
        };
        upload.complete(Completion { parts: &parts, size, mode, save_id, customer_key: None }).await
    }
}

async fn copy_all(upload: &Upload, source: &Source<'_>) -> Result<Vec<ETag>> {
    let size = source.meta.size;
    let part_size = size_for(size, COPIED_AT_ONCE)?;
    let offsets = (0..size).step_by(usize::try_from(part_size).unwrap_or(usize::MAX));
    stream::iter((1..).zip(offsets))
        .map(|(number, offset)| {
            // Small sources may only be copied as a whole.
            let range = (size > part_size).then(|| offset..size.min(offset + part_size));
            async move {
                let etag = source.meta.etag.as_ref();
                let request = upload_part_copy::request(upload.part(number), &source.path, range, etag)?;
                upload_part_copy::answer(&upload.store.client.call(&request).await?)
            }
        })
        .buffered(PARALLEL)
        .try_collect()
        .await
}
