//! What a store can do beyond what every store must.

use std::fmt;

/// Something that not every store can do.
///
/// A call that needs an ability its store lacks is an [`Unsupported`](crate::ErrorKind::Unsupported) error, never a silent drop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ability {
    /// Creating an object only if the key is free, decided atomically by the store.
    CreateIfAbsent,
    /// Overwriting an object only if its ETag matches.
    PutIfMatch,
    /// Copying onto a key only if it is free, decided atomically by the store.
    CopyIfAbsent,
    /// Making signed URLs.
    SignedUrls,
    /// Keeping tags with an object.
    Tags,
    /// Encrypting at rest by request.
    ServerSideEncryption,
    /// Choosing a storage class.
    StorageClass,
    /// Having the store check the content against a digest that the caller gave.
    Checksums,
    /// Storing `f` beside `f/g`.
    KeyBelowKey,
    /// Storing a segment of more than 255 bytes.
    LongSegments,
    /// Keeping headers and user metadata with an object.
    Attributes,
    /// Keeping an object from being deleted, where the bucket was created for it.
    ObjectLock,
}

impl Ability {
    /// Every ability.
    pub const ALL: [Self; 12] = [
        Self::CreateIfAbsent,
        Self::PutIfMatch,
        Self::CopyIfAbsent,
        Self::SignedUrls,
        Self::Tags,
        Self::ServerSideEncryption,
        Self::StorageClass,
        Self::Checksums,
        Self::KeyBelowKey,
        Self::LongSegments,
        Self::Attributes,
        Self::ObjectLock,
    ];

    /// What a store without it cannot do, for people.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::CreateIfAbsent => "create an object only if its key is free",
            Self::PutIfMatch => "overwrite an object only if its ETag matches",
            Self::CopyIfAbsent => "copy onto a key only if it is free",
            Self::SignedUrls => "make signed URLs",
            Self::Tags => "keep tags with an object",
            Self::ServerSideEncryption => "encrypt at rest by request",
            Self::StorageClass => "choose a storage class",
            Self::Checksums => "check content against a given digest",
            Self::KeyBelowKey => "store `f` beside `f/g`",
            Self::LongSegments => "store a segment of more than 255 bytes",
            Self::Attributes => "keep headers and metadata with an object",
            Self::ObjectLock => "keep an object from being deleted",
        }
    }
}

/// The set of [`Ability`]s that a store has, and the sizes it works in.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    abilities: u32,
    /// The largest body, in bytes, that the store takes in one request. Larger ones, and those of unknown length, are
    /// written in parts, and it pays to look whether the key is free before they are sent.
    pub single_put_limit: u64,
}

impl Capabilities {
    /// A store that can do everything, and takes bodies of any size at once.
    pub const fn all() -> Self {
        let mut set = Self::none();
        let mut index = 0;
        while index < Ability::ALL.len() {
            set = set.with(Ability::ALL[index]);
            index += 1;
        }
        set
    }

    /// A store that can do only what every store must.
    pub const fn none() -> Self {
        Self { abilities: 0, single_put_limit: u64::MAX }
    }

    /// Adds an ability.
    pub const fn with(mut self, ability: Ability) -> Self {
        self.abilities |= 1 << ability as u32;
        self
    }

    /// Takes an ability away.
    pub const fn without(mut self, ability: Ability) -> Self {
        self.abilities &= !(1 << ability as u32);
        self
    }

    /// Sets the largest body, in bytes, that is taken in one request.
    pub const fn with_single_put_limit(mut self, bytes: u64) -> Self {
        self.single_put_limit = bytes;
        self
    }

    /// Whether the store has the ability.
    pub const fn has(self, ability: Ability) -> bool {
        self.abilities & (1 << ability as u32) != 0
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let abilities = Ability::ALL.iter().filter(|ability| self.has(**ability));
        f.debug_struct("Capabilities")
            .field("abilities", &abilities.collect::<Vec<_>>())
            .field("single_put_limit", &self.single_put_limit)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abilities_are_added_and_taken_one_by_one() {
        let set = Capabilities::all().without(Ability::Tags);
        assert!(!set.has(Ability::Tags) && set.has(Ability::SignedUrls));
        assert_eq!(set.with(Ability::Tags), Capabilities::all());
        assert!(Ability::ALL.iter().all(|ability| !Capabilities::none().has(*ability)));
    }
}
