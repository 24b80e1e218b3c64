use crate::capability::Ability;
use crate::options::PutMode;
use crate::outcome::PutOutcome;
use crate::{Body, CopyOptions, GetOptions, ObjectKey, PutOptions, Result, Storage};

/// An object as the server that holds it knows it, so that another store on the same server can copy it without its bytes coming here.
/// For those who write a store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CopySource {
    /// The server, and who asks it. Two stores that say the same can copy from each other.
    pub place: String,
    /// The bucket there.
    pub bucket: String,
    /// The object's whole key there.
    pub key: ObjectKey,
}

impl CopySource {
    /// An object in a bucket of a place.
    pub fn new(place: impl Into<String>, bucket: impl Into<String>, key: ObjectKey) -> Self {
        Self { place: place.into(), bucket: bucket.into(), key }
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
