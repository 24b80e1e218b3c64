use bytes::{Bytes, BytesMut};

use crate::{Body, Object, Result};

/// What can be stored: bytes, strings, files, or any [`Body`].
///
/// Readers and streams become a body through [`Body::from_reader`] and [`Body::from_stream`].
pub trait IntoBody: Send + sealed::Sealed {
    /// The body.
    ///
    /// # Errors
    ///
    /// A file whose metadata or position cannot be read.
    fn into_body(self) -> Result<Body>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! bytes_into_body {
    ($($type:ty: $value:ident => $bytes:expr),+ $(,)?) => {$(
        impl From<$type> for Body {
            fn from($value: $type) -> Self {
                Self::from_bytes($bytes)
            }
        }

        impl sealed::Sealed for $type {}
        impl IntoBody for $type {
            fn into_body(self) -> Result<Body> {
                Ok(self.into())
            }
        }
    )+};
}

bytes_into_body! {
    Bytes: value => value,
    BytesMut: value => value.freeze(),
    Vec<u8>: value => value,
    String: value => value,
    &[u8]: value => Bytes::copy_from_slice(value),
    &str: value => Bytes::copy_from_slice(value.as_bytes()),
    &String: value => Bytes::copy_from_slice(value.as_bytes()),
}

impl<const N: usize> From<&[u8; N]> for Body {
    fn from(value: &[u8; N]) -> Self {
        Self::from(&value[..])
    }
}

impl<const N: usize> sealed::Sealed for &[u8; N] {}
impl<const N: usize> IntoBody for &[u8; N] {
    fn into_body(self) -> Result<Body> {
        Ok(self.into())
    }
}

impl sealed::Sealed for std::fs::File {}
impl IntoBody for std::fs::File {
    fn into_body(self) -> Result<Body> {
        Body::from_file(self)
    }
}

impl sealed::Sealed for tokio::fs::File {}
impl IntoBody for tokio::fs::File {
    /// A file with an operation still in flight is read once, as a reader.
    fn into_body(self) -> Result<Body> {
        match self.try_into_std() {
            Ok(file) => Body::from_file(file),
            Err(file) => Ok(Body::from_reader(file)),
        }
    }
}

impl sealed::Sealed for Object {}
impl IntoBody for Object {
    /// What was opened in one store, to be saved in another.
    fn into_body(self) -> Result<Body> {
        let range = self.range();
        Ok(Body::from_stream(self.into_stream()).with_length(range.end.saturating_sub(range.start)))
    }
}

impl sealed::Sealed for Body {}
impl IntoBody for Body {
    fn into_body(self) -> Result<Body> {
        Ok(self)
    }
}
