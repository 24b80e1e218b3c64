use std::fmt;
use std::sync::Arc;

use super::InvalidKey;
use crate::ObjectKey;

/// A key just as a store gave it, valid or not.
///
/// A listing meets keys that no [`ObjectKey`] can hold, such as `a//b` or the folder marker `a/`. They are reported as raw
/// keys, and can be deleted, but neither opened nor overwritten through this library.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RawKey(Arc<str>);

impl RawKey {
    /// Takes any string.
    pub fn new(key: impl AsRef<str>) -> Self {
        Self(key.as_ref().into())
    }

    /// The key as a string slice.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key as an [`ObjectKey`].
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] says why it cannot be one.
    pub fn to_object_key(&self) -> Result<ObjectKey, InvalidKey> {
        ObjectKey::new(&self.0)
    }
}

impl AsRef<str> for RawKey {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for RawKey {
    fn from(key: &str) -> Self {
        Self::new(key)
    }
}

impl From<String> for RawKey {
    fn from(key: String) -> Self {
        Self::new(key)
    }
}

impl From<&ObjectKey> for RawKey {
    fn from(key: &ObjectKey) -> Self {
        Self::new(key)
    }
}

impl From<ObjectKey> for RawKey {
    fn from(key: ObjectKey) -> Self {
        Self::new(key)
    }
}

impl fmt::Debug for RawKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawKey({:?})", &self.0)
    }
}

impl fmt::Display for RawKey {
    /// Control characters are escaped, as a foreign key may end up on a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c.is_control() {
            true => write!(f, "{}", c.escape_default()),
            false => write!(f, "{c}"),
        })
    }
}
