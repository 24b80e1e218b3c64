use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use crate::error::BoxError;
use crate::{Error, Result};

/// How much of a reader is taken at once.
const READ_BYTES: usize = 64 * 1024;

/// What a reader gives, in chunks.
pub(super) struct ReaderStream {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    buffer: Vec<u8>,
}

impl ReaderStream {
    pub(super) fn new(reader: impl AsyncRead + Send + 'static) -> Self {
        Self { reader: Box::pin(reader), buffer: vec![0; READ_BYTES] }
    }
}

impl Stream for ReaderStream {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let mut buffer = ReadBuf::new(&mut this.buffer);
        std::task::ready!(this.reader.as_mut().poll_read(cx, &mut buffer))?;
        Poll::Ready(match buffer.filled() {
            [] => None,
            filled => Some(Ok(Bytes::copy_from_slice(filled))),
        })
    }
}

/// A caller's stream, with its errors made ours. After its end it is not polled again: some streams panic then.
pub(super) struct Chunks<S>(pub(super) Option<Pin<Box<S>>>);

impl<S, E> Stream for Chunks<S>
where
    S: Stream<Item = std::result::Result<Bytes, E>>,
    E: Into<BoxError>,
{
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(stream) = &mut self.0 else { return Poll::Ready(None) };
        let item = std::task::ready!(stream.as_mut().poll_next(cx));
        if item.is_none() {
            self.0 = None;
        }
        Poll::Ready(item.map(|chunk| chunk.map_err(Error::from_body)))
    }
}

/// One chunk, or none.
pub(super) struct Once(pub(super) Option<Bytes>);

impl Stream for Once {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().filter(|bytes| !bytes.is_empty()).map(Ok))
    }
}
