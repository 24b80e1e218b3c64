use std::time::UNIX_EPOCH;

use chrono::DateTime;
use futures_util::{StreamExt, stream};
use object_store::path::Path;
use object_store::{
    Attributes, Error as Foreign, Extensions, GetOptions, GetRange, GetResult, GetResultPayload, ObjectMeta,
    Result,
};
use storage_core::outcome::GetOutcome;
use storage_core::{ByteRange, ETag, Error, ErrorKind, ObjectKey, ObjectMeta as StoredMeta, Storage};

use super::key_of;
use crate::translate::attributes::show;
use crate::translate::errors::into_foreign;
use crate::translate::key_path::exact;

pub(super) async fn get(storage: &dyn Storage, location: &Path, options: GetOptions) -> Result<GetResult> {
    let key = key_of(location)?;
    if options.version.is_some() {
        return Err(into_foreign(
            Error::unsupported("this store gives the latest version only").with_key(&key),
        ));
    }
    let is_nothing = matches!(options.range, Some(GetRange::Suffix(0)));
    if options.head || is_nothing || !is_plain(&options) {
        return get_after_stat(storage, &key, options).await;
    }
    let mut asked = storage_core::GetOptions::new();
    asked.range = options.range.as_ref().map(range_of);
    asked.if_match = options.if_match.as_deref().map(ETag::new);
    asked.if_none_match = options.if_none_match.as_deref().map(ETag::new);
    asked.if_modified_since = options.if_modified_since.map(Into::into);
    read(storage, &key, asked).await
}

/// Whether all conditions are such as the store takes: one entity tag each, and no "unmodified since".
fn is_plain(options: &GetOptions) -> bool {
    let is_one = |tags: &Option<String>| tags.as_ref().is_none_or(|tags| tags != "*" && !tags.contains(','));
    is_one(&options.if_match) && is_one(&options.if_none_match) && options.if_unmodified_since.is_none()
}

/// The conditions are checked here, against the object as it is; what is read then is that object or nothing.
async fn get_after_stat(storage: &dyn Storage, key: &ObjectKey, options: GetOptions) -> Result<GetResult> {
    let meta = storage.stat(key).await.map_err(into_foreign)?;
    let found = foreign_meta(&meta);
    options.check_preconditions(&found)?;
    let range = match &options.range {
        Some(GetRange::Suffix(0)) => meta.size..meta.size,
        Some(range) => {
            range_of(range).resolve(meta.size).map_err(|error| into_foreign(error.with_key(key)))?
        }
        None => 0..meta.size,
    };
    if options.head || range.is_empty() {
        let payload = GetResultPayload::Stream(stream::empty().boxed());
        let attributes = show(&meta.attributes);
        return Ok(GetResult { payload, meta: found, range, attributes, extensions: Extensions::new() });
    }
    let mut asked = storage_core::GetOptions::new().range(range);
    asked.if_match.clone_from(&meta.etag);
    read(storage, key, asked).await
}

async fn read(storage: &dyn Storage, key: &ObjectKey, asked: storage_core::GetOptions) -> Result<GetResult> {
    let object = match storage.get(key, asked).await.map_err(into_foreign)? {
        GetOutcome::Object(object) => *object,
        GetOutcome::NotModified { .. } => {
            let source =
                Error::new(ErrorKind::PreconditionFailed, "the object is not modified").with_key(key);
            return Err(Foreign::NotModified { path: key.to_string(), source: source.into() });
        }
    };
    let (meta, range, bytes) = object.into_parts();
    let attributes: Attributes = show(&meta.attributes);
    Ok(GetResult {
        payload: GetResultPayload::Stream(bytes.map(|chunk| chunk.map_err(into_foreign)).boxed()),
        meta: foreign_meta(&meta),
        range,
        attributes,
        extensions: Extensions::new(),
    })
}

fn range_of(range: &GetRange) -> ByteRange {
    match range {
        GetRange::Bounded(range) => range.clone().into(),
        GetRange::Offset(start) => ByteRange::From(*start),
        GetRange::Suffix(count) => ByteRange::Last(*count),
    }
}

fn foreign_meta(meta: &StoredMeta) -> ObjectMeta {
    ObjectMeta {
        location: exact(meta.key.as_str()).unwrap_or_default(),
        // `object_store` has no way to say that it is not known.
        last_modified: DateTime::from(meta.last_modified.unwrap_or(UNIX_EPOCH)),
        size: meta.size,
        e_tag: meta.etag.as_ref().map(ETag::quoted),
        version: meta.version.clone(),
    }
}
