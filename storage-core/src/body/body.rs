use std::fmt;

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::AsyncRead;

use super::at_most::AtMost;
use super::streams::{Chunks, Once, ReaderStream};
use super::{BodySource, ByteStream, Exact, FileSource};
use crate::error::BoxError;
use crate::{Error, Result};

/// Content on its way into a store: bytes, a file, or a stream that can be read once.
///
/// It knows its length, or that it does not, and whether it can be read again. A file stays a file inside, so that a store can
/// read several parts of it at once. It is `Send`, not `Sync`.
///
/// ```
/// use storage_core::Body;
///
/// # fn upload(file: std::fs::File, request: tokio::io::Empty) -> storage_core::Result<()> {
/// let text = Body::from("hello");
/// let file = Body::from_file(file)?;
/// let upload = Body::from_reader(request).with_length(1_048_576);
/// # Ok(()) }
/// ```
pub struct Body {
    pub(super) source: BodySource,
    pub(super) length: Option<u64>,
}

impl Body {
    /// A body of any bytes.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { length: Some(bytes.len() as u64), source: BodySource::Bytes(bytes) }
    }

    /// What is left of a file from its current position on. A regular file can be read again, and its length is known; a
    /// pipe or a device is read once.
    ///
    /// A file that shrinks while it is stored is an error; one that grows is stored up to the length that it had here.
    ///
    /// # Errors
    ///
    /// The file's metadata or position cannot be read.
    pub fn from_file(file: std::fs::File) -> Result<Self> {
        match FileSource::open(&file)? {
            Some(source) => Ok(Self { length: Some(source.len()), source: BodySource::File(source) }),
            None => Ok(Self::from_reader(tokio::fs::File::from_std(file))),
        }
    }

    /// All that a reader gives, of unknown length unless [`with_length`](Self::with_length) says it.
    pub fn from_reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::from_stream(ReaderStream::new(reader))
    }

    /// All that a stream gives, of unknown length unless [`with_length`](Self::with_length) says it.
    pub fn from_stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self { source: BodySource::Stream(Box::pin(Chunks(Some(Box::pin(stream))))), length: None }
    }

    /// Declares how many bytes the body has. If it turns out to have more or fewer, storing it fails with
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) and leaves nothing behind.
    pub fn with_length(self, length: u64) -> Self {
        match self.length {
            Some(known) if known == length => self,
            _ => Self { source: BodySource::Stream(self.into_stream()), length: Some(length) },
        }
    }

    /// Refuses more than `max` bytes: at once if the length is known, else as soon as there are more. Storing it then fails with
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) and leaves nothing behind.
    ///
    /// # Errors
    ///
    /// The length is known, and is more than `max`.
    pub fn with_max_length(self, max: u64) -> Result<Self> {
        match self.length {
            Some(length) if length > max => {
                Err(Error::invalid_input(format!("{length} bytes are more than the {max} allowed")))
            }
            Some(_) => Ok(self),
            None => Ok(Self {
                source: BodySource::Stream(Box::pin(AtMost::new(self.into_stream(), max))),
                length: None,
            }),
        }
    }

    /// Length in bytes, if it is known.
    pub fn len(&self) -> Option<u64> {
        self.length
    }

    /// Whether the body is known to have no bytes.
    pub fn is_empty(&self) -> bool {
        self.length == Some(0)
    }

    /// The same body once more, if it can be read again: bytes and regular files can.
    pub fn try_clone(&self) -> Option<Self> {
        let source = match &self.source {
            BodySource::Bytes(bytes) => BodySource::Bytes(bytes.clone()),
            BodySource::File(file) => BodySource::File(file.clone()),
            BodySource::Stream(_) => return None,
        };
        Some(Self { source, length: self.length })
    }

    /// Whether [`try_clone`](Self::try_clone) gives a body.
    pub fn is_replayable(&self) -> bool {
        !matches!(self.source, BodySource::Stream(_))
    }

    /// Where the bytes are. A stream among them is checked against the declared length.
    pub fn into_source(self) -> BodySource {
        match (self.source, self.length) {
            (BodySource::Stream(stream), Some(length)) => {
                BodySource::Stream(Box::pin(Exact::body(stream, length)))
            }
            (source, _) => source,
        }
    }

    /// The bytes as a stream, whatever they are, checked against the declared length.
    pub fn into_stream(self) -> ByteStream {
        match self.into_source() {
            BodySource::Bytes(bytes) => Box::pin(Once(Some(bytes))),
            BodySource::File(file) => Box::pin(file.into_stream()),
            BodySource::Stream(stream) => stream,
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("source", &self.source).field("length", &self.length).finish()
    }
}
