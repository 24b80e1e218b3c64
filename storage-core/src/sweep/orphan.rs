use std::time::SystemTime;

use crate::key::RawKey;

/// An object that nothing refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Orphan {
    /// Its key as it was listed, valid or not.
    pub key: RawKey,
    /// Size in bytes.
    pub size: u64,
    /// When it was last written, by the store's clock.
    pub last_modified: SystemTime,
}
