use std::fs::File;
use std::future::Future;
use std::io::{self, Seek};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::task::JoinHandle;

use crate::{Error, Result};

/// How much of a file is read at once.
const READ_BYTES: usize = 256 * 1024;

/// A stretch of a regular file that can be read at any offset, by several readers at once.
#[derive(Clone, Debug)]
pub struct FileSource {
    file: Arc<File>,
    start: u64,
    length: u64,
}

impl FileSource {
    /// The rest of `file` from its position on, or `None` if it is no regular file.
    pub(crate) fn open(file: &File) -> io::Result<Option<Self>> {
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Ok(None);
        }
        let file = file.try_clone()?;
        let start = (&file).stream_position()?;
        Ok(Some(Self { file: Arc::new(file), start, length: meta.len().saturating_sub(start) }))
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The bytes from `offset` on, `length` of them or as many as there are.
    pub fn slice(&self, offset: u64, length: u64) -> Self {
        let offset = offset.min(self.length);
        Self {
            file: Arc::clone(&self.file),
            start: self.start + offset,
            length: length.min(self.length - offset),
        }
    }

    /// Reads at `offset` into `buffer`, as much as one system call gives, and blocks while it does.
    ///
    /// # Errors
    ///
    /// What the operating system says; [`io::ErrorKind::UnexpectedEof`] if the file has become shorter.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        if wanted == 0 {
            return Ok(0);
        }
        match positioned_read(&self.file, &mut buffer[..wanted], self.start + offset)? {
            0 => Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the file became shorter while it was stored",
            )),
            count => Ok(count),
        }
    }

    /// The bytes as a stream, read on tokio's blocking threads.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
        FileStream { source: self, offset: 0, reading: None }
    }

    fn read_chunk(&self, offset: u64) -> io::Result<Bytes> {
        let size = usize::try_from(self.length - offset).map_or(READ_BYTES, |left| left.min(READ_BYTES));
        let mut chunk = BytesMut::zeroed(size);
        let count = self.read_at(offset, &mut chunk)?;
        chunk.truncate(count);
        Ok(chunk.freeze())
    }
}

#[cfg(unix)]
fn positioned_read(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn positioned_read(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

struct FileStream {
    source: FileSource,
    offset: u64,
    reading: Option<JoinHandle<io::Result<Bytes>>>,
}

impl Stream for FileStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.offset >= this.source.length {
            return Poll::Ready(None);
        }
        let (source, offset) = (&this.source, this.offset);
        let reading = this.reading.get_or_insert_with(|| {
            let source = source.clone();
            tokio::task::spawn_blocking(move || source.read_chunk(offset))
        });
        let read = ready!(Pin::new(reading).poll(cx));
        this.reading = None;
        Poll::Ready(Some(match read {
            Ok(Ok(chunk)) => {
                this.offset += chunk.len() as u64;
                Ok(chunk)
            }
            Ok(Err(error)) => Err(this.stop(length_error(error))),
            Err(error) => Err(this.stop(Error::from_body(error))),
        }))
    }
}

impl FileStream {
    fn stop(&mut self, error: Error) -> Error {
        self.offset = self.source.length;
        error
    }
}

fn length_error(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Error::invalid_input("the file became shorter while it was stored"),
        _ => Error::from_body(error),
    }
}
