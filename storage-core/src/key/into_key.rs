use crate::ObjectKey;
use crate::Result;

/// What a [`Bucket`](crate::Bucket) takes for a key: an [`ObjectKey`] or a string, which is checked.
pub trait IntoKey: Send + sealed::Sealed {
    /// The key.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the string breaks a rule of [`ObjectKey`].
    fn into_key(self) -> Result<ObjectKey>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! into_key {
    ($($type:ty: $self:ident => $key:expr),+ $(,)?) => {$(
        impl sealed::Sealed for $type {}
        impl IntoKey for $type {
            fn into_key($self) -> Result<ObjectKey> {
                $key
            }
        }
    )+};
}

into_key! {
    ObjectKey: self => Ok(self),
    &ObjectKey: self => Ok(self.clone()),
    &str: self => Ok(ObjectKey::new(self)?),
    String: self => Ok(ObjectKey::new(self)?),
    &String: self => Ok(ObjectKey::new(self)?),
}
