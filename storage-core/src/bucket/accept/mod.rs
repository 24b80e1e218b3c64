//! A direct upload on its way to its place: looked at, checked, moved under its final name.

mod lazy;
mod look;
mod mark;
mod options;
mod receipt;

pub use options::{AcceptOptions, AcceptOutcome, Rejection};

use std::sync::Arc;

use look::Upload;
use mark::Mark;
use receipt::{Decision, Receipt};

use super::save::{MAX_NAMES, guard, unguarded};
use crate::attributes::Attributes;
use crate::capability::Ability;
use crate::content_type::{DEFAULT_CONTENT_TYPE, is_active};
use crate::key::IntoKey;
use crate::naming::{clean, shorten, suffixed, unique};
use crate::{Body, Bucket, Collision, CopyOptions, Error, ErrorKind, ObjectKey, Result, Saved};

/// How often an upload that changes while it is looked at is looked at again.
const MAX_LOOKS: usize = 4;

/// The metadata by which an object is known to be an upload that was accepted. Azure takes no hyphens, and some proxies drop headers
/// with underscores.
const MARK: &str = "acceptedupload";

impl Bucket {
    /// Takes what somebody uploaded directly, under `upload` in the bucket `uploads`: looks at what is really there, checks it, and moves it
    /// here, under a name by this bucket's naming strategy and collision rule. What does not hold is deleted.
    ///
    /// Nothing that the uploader said is believed: the type is that of the content, and headers and metadata are those of the options. The
    /// bytes that were looked at are those that are kept, also if the form or URL is still valid and used again in between. A second
    /// call for the same upload comes to the same, whether the first one ended well, failed or died, and where the store of `uploads`
    /// [creates only what is not there](crate::capability::Ability::CreateIfAbsent), also at the same time. What was decided lies below
    /// `.accepted/` in `uploads`, a small object for each upload; let a lifecycle rule delete it with the uploads that nobody claims.
    ///
    /// Hand out keys that nobody can guess, [`ObjectKey::random`], in a private bucket or a [part](Self::prefixed) of one: whoever knows a key
    /// that was uploaded to can have it accepted.
    ///
    /// It takes one request to look, one for the receipt, a copy within the server, and one to delete; two to look if the upload is empty.
    /// Between two servers, or by other credentials, the bytes pass through here, in bounded memory.
    ///
    /// ```
    /// use storage_core::{AcceptOptions, Bucket, ObjectKey, Saved};
    /// use storage_core::bucket::AcceptOutcome;
    /// use storage_core::url::{FormKey, FormOptions, UploadForm};
    ///
    /// fn form(uploads: &Bucket) -> storage_core::Result<UploadForm> {
    ///     let key = FormKey::Exact(ObjectKey::random()?);
    ///     uploads.upload_form(&key, FormOptions::new().max_length(5 * 1024 * 1024))
    /// }
    ///
    /// async fn uploaded(photos: &Bucket, uploads: &Bucket, key: &str, name: &str) -> storage_core::Result<Option<Saved>> {
    ///     let options = AcceptOptions::new().max_length(5 * 1024 * 1024).content_types(["image/png", "image/jpeg"]);
    ///     match photos.accept(uploads, key, name, options).await? {
    ///         AcceptOutcome::Saved(saved) => Ok(Some(saved)),
    ///         AcceptOutcome::Rejected(_) => Ok(None),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) if nothing was uploaded; [`InvalidInput`](ErrorKind::InvalidInput) for a bad key, name or option;
    /// [`AlreadyExists`](ErrorKind::AlreadyExists) under [`Collision::Reject`]; [`PreconditionFailed`](ErrorKind::PreconditionFailed),
    /// retryable, if the upload keeps changing; else whatever the stores say. The upload stays then, and can be accepted later.
    pub async fn accept(
        &self,
        uploads: &Self,
        upload: impl IntoKey,
        name: impl AsRef<str> + Send,
        options: AcceptOptions,
    ) -> Result<AcceptOutcome> {
        let (key, name) = (upload.into_key()?, name.as_ref().to_owned());
        let context = |error: Error| error.with_operation("accept");
        options.validate().map_err(context)?;
        let call = Call { bucket: self, uploads, key, name: clean(&name)?, options };
        call.run().await
    }
}

struct Call<'a> {
    bucket: &'a Bucket,
    uploads: &'a Bucket,
    key: ObjectKey,
    name: String,
    options: AcceptOptions,
}

impl Call<'_> {
    async fn run(&self) -> Result<AcceptOutcome> {
        for _ in 0..MAX_LOOKS {
            let upload = match look::look(&*self.uploads.storage, &self.key, &self.name, &self.options).await
            {
                Ok(upload) => upload,
                Err(error) if error.is_not_found() => return self.recall(error).await,
                Err(error) => return Err(error),
            };
            match self.decide(&upload).await {
                // It was uploaded to again since, or another call has come to its end.
                Err(error) if matches!(error.kind(), ErrorKind::PreconditionFailed | ErrorKind::NotFound) => {
                }
                decided => return decided,
            }
        }
        Err(Error::new(ErrorKind::PreconditionFailed, "the upload changed each time that it was looked at")
            .with_operation("accept")
            .with_key(&self.key)
            .with_store(self.uploads.name())
            .with_retryable(true))
    }

    /// The upload is gone: what became of it?
    async fn recall(&self, missing: Error) -> Result<AcceptOutcome> {
        match Receipt::read(&*self.uploads.storage, &self.key).await?.map(|(receipt, _)| receipt) {
            None => Err(missing),
            Some(Receipt { decision: Decision::Rejected(rejection), .. }) => {
                Ok(AcceptOutcome::Rejected(rejection))
            }
            Some(Receipt { decision: Decision::Kept { key, mark }, .. }) => self.kept(&key, mark).await,
        }
    }

    async fn decide(&self, upload: &Upload) -> Result<AcceptOutcome> {
        let outcome = match self.decision(upload).await? {
            Decision::Rejected(rejection) => AcceptOutcome::Rejected(rejection),
            Decision::Kept { key, mark } => AcceptOutcome::Saved(self.keep(upload, key, mark).await?),
        };
        self.uploads.storage.delete(&self.key).await?;
        Ok(outcome)
    }

    /// What is written on the receipt: by this call, or by one before it.
    async fn decision(&self, upload: &Upload) -> Result<Decision> {
        let decision = match &upload.rejection {
            Some(rejection) => Decision::Rejected(rejection.clone()),
            None => Decision::Kept { key: self.first_key(upload).await?, mark: Mark::random()? },
        };
        let receipt = Receipt { upload: upload.etag.clone(), decision };
        Ok(receipt.write(&*self.uploads.storage, &self.key).await?.decision)
    }

    async fn first_key(&self, upload: &Upload) -> Result<ObjectKey> {
        // A strategy that looks into the content gets it as a stream, opened when it is read.
        let content = lazy::read(Arc::clone(&self.uploads.storage), self.key.clone());
        let mut body = Body::from_stream(content).with_length(upload.size);
        let named = self.bucket.naming.name(self.name.clone(), &mut body).await?;
        let key = shorten(&named, self.bucket.max_key_bytes)?;
        match self.collision() {
            Collision::Rename if !self.is_exclusive(upload).await? => unique(&key, self.bucket.max_key_bytes),
            Collision::Reject if !self.is_exclusive(upload).await? => {
                Err(Error::unsupported("this store cannot keep an upload only if its name is free")
                    .with_operation("accept")
                    .with_key(&key)
                    .with_store(self.bucket.name())
                    .with_hint("let the collision rule rename or replace"))
            }
            _ => Ok(key),
        }
    }

    /// Whether the store decides who gets a name, and objects carry the mark by which this upload is known again. Otherwise
    /// nobody else can have the name.
    async fn is_exclusive(&self, upload: &Upload) -> Result<bool> {
        let able = self.bucket.storage.probe_for(Some(upload.size)).await?;
        let needed = [Ability::CreateIfAbsent, Ability::CopyIfAbsent, Ability::Attributes];
        Ok(needed.into_iter().all(|ability| able.has(ability)))
    }

    /// Moves the upload to the first name that is free or already has it.
    async fn keep(&self, upload: &Upload, key: ObjectKey, mark: Mark) -> Result<Saved> {
        let mut options = CopyOptions::new().source_if_match(upload.etag.clone());
        options.attributes = self.attributes(upload, mark)?;
        options.if_absent = self.collision() != Collision::Replace && self.is_exclusive(upload).await?;
        for candidate in self.names(&key, mark) {
            let (candidate, from) = (candidate?, &self.key);
            match self
                .bucket
                .storage
                .copy_from(&*self.uploads.storage, from, &candidate, options.clone())
                .await
            {
                Ok(stored) => {
                    let content_type = options.attributes.and_then(|attributes| attributes.content_type);
                    return Ok(Saved {
                        key: candidate,
                        size: stored.size,
                        etag: stored.etag,
                        version: stored.version,
                        content_type: content_type.unwrap_or_else(|| DEFAULT_CONTENT_TYPE.to_owned()),
                    });
                }
                Err(error) if error.is_already_exists() => {
                    if let Some(saved) = self.find(&candidate, mark).await? {
                        return Ok(saved);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Err(Error::new(ErrorKind::AlreadyExists, "")
            .with_operation("accept")
            .with_key(&key)
            .with_store(self.bucket.name()))
    }

    /// What was kept by an earlier call.
    async fn kept(&self, key: &ObjectKey, mark: Mark) -> Result<AcceptOutcome> {
        for candidate in self.names(key, mark) {
            match self.find(&candidate?, mark).await {
                Ok(Some(saved)) => return Ok(AcceptOutcome::Saved(saved)),
                Ok(None) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::new(
            ErrorKind::NotFound,
            "the upload was accepted, and what was kept of it is no longer there",
        )
        .with_operation("accept")
        .with_key(key)
        .with_store(self.bucket.name()))
    }

    /// The names that are tried, the same ones by each call.
    fn names(&self, key: &ObjectKey, mark: Mark) -> impl Iterator<Item = Result<ObjectKey>> {
        let count = if self.collision() == Collision::Rename { MAX_NAMES } else { 1 };
        let (key, max_bytes) = (key.clone(), self.bucket.max_key_bytes);
        (0..count).map(move |index| match index {
            0 => Ok(key.clone()),
            index => suffixed(&key, mark.number(index), max_bytes),
        })
    }

    /// The object under this key, if it is this upload.
    async fn find(&self, key: &ObjectKey, mark: Mark) -> Result<Option<Saved>> {
        let meta = self.bucket.storage.stat(key).await?;
        let is_marked = meta.attributes.metadata.get(MARK).is_some_and(|found| *found == mark.to_string());
        let is_ours = is_marked || !self.bucket.storage.capabilities().has(Ability::Attributes);
        Ok(is_ours.then_some(Saved {
            key: meta.key,
            size: meta.size,
            etag: meta.etag,
            version: meta.version,
            content_type: meta.content_type,
        }))
    }

    /// What the object is kept with, where the store keeps anything beside the bytes.
    fn attributes(&self, upload: &Upload, mark: Mark) -> Result<Option<Attributes>> {
        let mut attributes = self.options.attributes.clone();
        let content_type = attributes.content_type.get_or_insert_with(|| upload.content_type.to_owned());
        if !self.bucket.storage.capabilities().has(Ability::Attributes) {
            return match is_active(content_type) && !self.options.is_inline {
                true => Err(unguarded(content_type)),
                false => Ok(None),
            };
        }
        guard(&mut attributes, &self.name, self.options.is_inline);
        attributes.metadata.insert(MARK.to_owned(), mark.to_string());
        Ok(Some(attributes))
    }

    fn collision(&self) -> Collision {
        self.options.collision.unwrap_or(self.bucket.collision)
    }
}
