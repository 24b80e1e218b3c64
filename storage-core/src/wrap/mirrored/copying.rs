use crate::body::IntoBody;
use crate::capability::Ability;
use crate::options::CustomerKey;
use crate::{ETag, ErrorKind, GetOptions, ObjectKey, PutOptions, Result, Storage};

/// What became of an object that was to be carried from one store to another.
pub(super) enum Carried {
    /// So many bytes have been stored.
    Stored(u64),
    /// It is not there any more, or not as it was.
    Gone,
}

/// Brings an object from one store to another as it is now, with all that is kept with it.
pub(super) async fn carry(from: &dyn Storage, to: &dyn Storage, key: &ObjectKey) -> Result<Carried> {
    let object = match from.get(key, GetOptions::new()).await {
        Ok(outcome) => outcome.into_object()?,
        Err(error) if error.is_not_found() => return Ok(Carried::Gone),
        Err(error) => return Err(error),
    };
    let mut options = PutOptions::new().attributes(object.meta().attributes.clone());
    if from.capabilities().has(Ability::Tags) {
        match from.tags(key).await {
            Ok(tags) => options.tags = tags,
            Err(error) if error.is_not_found() => return Ok(Carried::Gone),
            Err(error) => return Err(error),
        }
    }
    let stored = to.put(key, object.into_body()?, options).await?;
    Ok(Carried::Stored(stored.size))
}

/// Brings the version of an object that has just been put, with the options that it was put with.
pub(super) async fn carry_version(
    from: &dyn Storage,
    to: &dyn Storage,
    key: &ObjectKey,
    etag: Option<ETag>,
    customer_key: Option<CustomerKey>,
    options: PutOptions,
) -> Result<Carried> {
    let get = GetOptions { if_match: etag, customer_key, ..GetOptions::new() };
    let object = match from.get(key, get).await {
        Ok(outcome) => outcome.into_object()?,
        // Whoever has replaced or deleted it mirrors that.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PreconditionFailed) => {
            return Ok(Carried::Gone);
        }
        Err(error) => return Err(error),
    };
    let stored = to.put(key, object.into_body()?, options).await?;
    Ok(Carried::Stored(stored.size))
}
