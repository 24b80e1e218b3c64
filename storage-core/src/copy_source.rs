use crate::ObjectKey;

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
