use std::fmt;

use bytes::Bytes;

use super::{ByteStream, FileSource};

/// Where the bytes of a [`Body`](crate::Body) are, for a store that treats them differently.
#[non_exhaustive]
pub enum BodySource {
    /// In memory.
    Bytes(Bytes),
    /// In a regular file.
    File(FileSource),
    /// In a stream that can be read once. It is checked against the body's length as it is read.
    Stream(ByteStream),
}

impl fmt::Debug for BodySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes(_) => "Bytes",
            Self::File(_) => "File",
            Self::Stream(_) => "Stream",
        })
    }
}
