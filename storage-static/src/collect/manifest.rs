use storage_core::options::PutMode;
use storage_core::{ETag, Error, ErrorKind, ObjectKey, PutOptions, Result};

use super::{CollectError, StaticBucket, attributes, look, upload};
use crate::plan::{Found, Listed, ManifestStep};

/// Stores the manifest if it is still the one that was found.
pub(crate) async fn publish(
    bucket: &StaticBucket,
    step: &ManifestStep,
    found: &Found,
) -> std::result::Result<(), CollectError> {
    let failed = |source| CollectError::Store { doing: "storing the manifest", source };
    let key = bucket.key(&step.key).map_err(|invalid| failed(invalid.into()))?;
    let was = found.listing.get(&step.key);
    let stored = match put(bucket, &key, step, mode(was)).await {
        // The store cannot decide it: the best that there is, is to look as late as possible.
        Err(error) if error.kind() == ErrorKind::Unsupported => match is_still(bucket, &key, was).await {
            Ok(true) => put(bucket, &key, step, PutMode::Overwrite).await,
            Ok(false) => return Err(CollectError::Concurrent { key: step.key.clone(), source: None }),
            Err(error) => Err(error),
        },
        stored => stored,
    };
    stored.map_err(|error| match error.kind() {
        ErrorKind::PreconditionFailed | ErrorKind::AlreadyExists => {
            CollectError::Concurrent { key: step.key.clone(), source: Some(error) }
        }
        _ => failed(error),
    })
}

async fn put(bucket: &StaticBucket, key: &ObjectKey, step: &ManifestStep, mode: PutMode) -> Result<()> {
    let mut attributes = attributes::of(&step.headers);
    let marks = look::marked(&step.mark).map(|(name, value)| (name.to_owned(), value.to_owned()));
    attributes.metadata.extend(marks);
    let mut options = PutOptions::new().attributes(attributes).mode(mode);
    options.checksum = upload::checksum(bucket, &step.md5);
    bucket.storage.put(key, step.json.clone().into(), options).await.map(drop)
}

fn mode(was: Option<&Listed>) -> PutMode {
    match was {
        None => PutMode::Create,
        Some(Listed { etag: Some(etag), .. }) => PutMode::IfMatch(ETag::new(etag)),
        Some(_) => PutMode::Overwrite,
    }
}

async fn is_still(bucket: &StaticBucket, key: &ObjectKey, was: Option<&Listed>) -> Result<bool> {
    let now = match bucket.storage.stat(key).await {
        Ok(meta) => Some(meta.etag),
        Err(error) if error.is_not_found() => None,
        Err(error) => return Err::<bool, Error>(error),
    };
    let before = was.map(|listed| listed.etag.as_ref().map(ETag::new));
    Ok(now == before || was.is_some_and(|listed| listed.etag.is_none()) && now.is_some())
}
