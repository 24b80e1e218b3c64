/// A condition that an upload in parts is completed under. `object_store` has none; it travels with the request that begins the upload,
/// and the transport adds the header to the one that completes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Completion {
    /// Only if the key is free.
    IfAbsent,
    /// Only if the object has this entity tag, in the store's form.
    IfMatch(String),
}
