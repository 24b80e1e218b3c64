use crate::ETag;
use crate::attributes::Attributes;

/// Options of [`Storage::copy`](crate::Storage::copy) and [`Storage::rename`](crate::Storage::rename).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CopyOptions {
    /// Copy only if the target key is free, else [`AlreadyExists`](crate::ErrorKind::AlreadyExists). Needs
    /// [`Ability::CopyIfAbsent`](crate::capability::Ability::CopyIfAbsent).
    pub if_absent: bool,
    /// Copy only if the source has this ETag, else [`PreconditionFailed`](crate::ErrorKind::PreconditionFailed).
    pub source_if_match: Option<ETag>,
    /// Headers and user metadata of the copy; `None` takes the source's.
    pub attributes: Option<Attributes>,
}

impl CopyOptions {
    /// Overwrites the target, and takes the source's attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Copies only if the target key is free.
    pub fn if_absent(mut self) -> Self {
        self.if_absent = true;
        self
    }

    /// Copies only if the source has this ETag.
    pub fn source_if_match(mut self, etag: ETag) -> Self {
        self.source_if_match = Some(etag);
        self
    }

    /// Gives the copy these attributes instead of the source's.
    pub fn attributes(mut self, attributes: Attributes) -> Self {
        self.attributes = Some(attributes);
        self
    }
}
