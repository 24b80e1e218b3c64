use crate::capability::Ability;
use crate::options::PutMode;
use crate::outcome::PutOutcome;
use crate::{Body, CopyOptions, GetOptions, ObjectKey, PutOptions, Result, Storage};

/// Copies within the store what turns out to be its own, seen through any wrapper; else by reading it. For a store of one bucket.
///
/// # Errors
///
/// As [`Storage::copy`], or [`copy_by_stream`].
pub async fn copy_within(
    store: &impl Storage,
    source: &dyn Storage,
    from: &ObjectKey,
    to: &ObjectKey,
    options: CopyOptions,
) -> Result<PutOutcome> {
    let own = store.copy_source(to);
    match source.copy_source(from) {
        Some(found) if own.is_some_and(|own| own.place == found.place) => {
            store.copy(&found.key, to, options).await
        }
        _ => copy_by_stream(store, source, from, to, options).await,
    }
}

/// Copies an object of another store by reading it here, in bounded memory: what [`Storage::copy_from`] does where nothing better is known.
///
/// # Errors
///
/// As [`Storage::get`] of the source and [`Storage::put`] of the target.
pub async fn copy_by_stream(
    target: &(impl Storage + ?Sized),
    source: &dyn Storage,
    from: &ObjectKey,
    to: &ObjectKey,
    options: CopyOptions,
) -> Result<PutOutcome> {
    let get = GetOptions { if_match: options.source_if_match, ..GetOptions::default() };
    let object = source.get(from, get).await?.into_object()?;
    let (meta, _, stream) = object.into_parts();
    let attributes = options.attributes.unwrap_or(meta.attributes);
    let mut put = PutOptions::new().attributes(attributes);
    if options.if_absent {
        put = put.mode(PutMode::Create);
    }
    if source.capabilities().has(Ability::Tags) && target.capabilities().has(Ability::Tags) {
        put.tags = source.tags(from).await?;
    }
    target.put(to, Body::from_stream(stream).with_length(meta.size), put).await
}
