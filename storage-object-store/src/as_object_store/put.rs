use bytes::Bytes;
use object_store::path::Path;
use object_store::{Attributes, PutMode, PutOptions, PutPayload, PutResult, Result, TagSet};
use storage_core::capability::Ability;
use storage_core::outcome::PutOutcome;
use storage_core::{Body, ETag, Error, Storage};

use super::key_of;
use crate::translate::attributes::accept_foreign;
use crate::translate::errors::into_foreign;

pub(super) async fn put(
    storage: &dyn Storage,
    location: &Path,
    payload: PutPayload,
    options: PutOptions,
) -> Result<PutResult> {
    let key = key_of(location)?;
    let mode = match options.mode {
        PutMode::Overwrite => storage_core::options::PutMode::Overwrite,
        PutMode::Create => storage_core::options::PutMode::Create,
        PutMode::Update(version) => match version.e_tag {
            Some(etag) => storage_core::options::PutMode::IfMatch(ETag::new(etag)),
            None => return Err(into_foreign(Error::invalid_input("an update needs an ETag").with_key(&key))),
        },
    };
    let put = put_options(storage, &options.attributes, &options.tags).map_err(into_foreign)?.mode(mode);
    let stored =
        storage.put(&key, Body::from_bytes(Bytes::from(payload)), put).await.map_err(into_foreign)?;
    Ok(result(stored))
}

pub(super) fn put_options(
    storage: &dyn Storage,
    attributes: &Attributes,
    tags: &TagSet,
) -> storage_core::Result<storage_core::PutOptions> {
    let (attributes, storage_class) = accept_foreign(attributes)?;
    let mut options = storage_core::PutOptions::new().attributes(attributes);
    if let Some(class) = storage_class {
        options = options.storage_class(class);
    }
    if storage.capabilities().has(Ability::Tags) {
        let pairs = url::form_urlencoded::parse(tags.encoded().as_bytes());
        options = pairs.fold(options, |options, (name, value)| options.tag(name, value));
    }
    Ok(options)
}

pub(super) fn result(stored: PutOutcome) -> PutResult {
    PutResult {
        e_tag: stored.etag.map(|etag| etag.quoted()),
        version: stored.version,
        extensions: object_store::Extensions::new(),
    }
}
