use std::fmt;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use crate::body::{ByteStream, Exact, next};
use crate::{Error, ObjectMeta, Result};

/// An object opened for reading: its metadata, and its bytes or a range of them on their way.
///
/// The bytes come once, in order. If they break off, the store resumes or the stream ends with an error; it never ends as if complete.
pub struct Object {
    meta: ObjectMeta,
    range: Range<u64>,
    stream: ByteStream,
}

impl Object {
    /// An object whose `stream` gives the bytes of `range`. A stream of another length becomes an error.
    pub fn new(meta: ObjectMeta, range: Range<u64>, stream: ByteStream) -> Self {
        let length = range.end.saturating_sub(range.start);
        Self { meta, range, stream: Box::pin(Exact::object(stream, length)) }
    }

    /// The object's metadata; its size is that of the whole object.
    pub fn meta(&self) -> &ObjectMeta {
        &self.meta
    }

    /// Which bytes of the object come: all of them unless a range was asked for.
    pub fn range(&self) -> Range<u64> {
        self.range.clone()
    }

    /// The bytes as a stream of chunks.
    pub fn into_stream(self) -> ByteStream {
        self.stream
    }

    /// The bytes as an [`AsyncRead`] and [`AsyncBufRead`].
    pub fn into_async_read(self) -> ObjectReader {
        ObjectReader { stream: self.stream, chunk: Bytes::new() }
    }

    /// Metadata, range and bytes apart, for a store around a store that changes one of them.
    pub fn into_parts(self) -> (ObjectMeta, Range<u64>, ByteStream) {
        (self.meta, self.range, self.stream)
    }

    /// All the bytes, held in memory. See [`bytes_up_to`](Self::bytes_up_to) for a bound.
    ///
    /// # Errors
    ///
    /// The transfer fails.
    pub async fn bytes(self) -> Result<Bytes> {
        self.bytes_up_to(u64::MAX).await
    }

    /// All the bytes, if there are at most `limit` of them.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) before anything is read if there are more; else as the transfer fails.
    pub async fn bytes_up_to(mut self, limit: u64) -> Result<Bytes> {
        let length = self.range.end.saturating_sub(self.range.start);
        if length > limit {
            return Err(Error::invalid_input(format!("{length} bytes are more than the {limit} allowed"))
                .with_operation("read")
                .with_key(&self.meta.key));
        }
        // The length is the server's word: do not reserve more than a little on it.
        let mut all = BytesMut::with_capacity(usize::try_from(length.min(8 * 1024 * 1024)).unwrap_or(0));
        let Some(first) = next(&mut self.stream).await else { return Ok(Bytes::new()) };
        let first = first?;
        if first.len() as u64 == length {
            return match next(&mut self.stream).await {
                Some(Err(error)) => Err(error),
                _ => Ok(first),
            };
        }
        all.extend_from_slice(&first);
        while let Some(chunk) = next(&mut self.stream).await {
            all.extend_from_slice(&chunk?);
        }
        Ok(all.freeze())
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object").field("meta", &self.meta).field("range", &self.range).finish_non_exhaustive()
    }
}

/// The bytes of an [`Object`] as an [`AsyncRead`]. Errors are [`Error`]s inside [`std::io::Error`], and convert back.
pub struct ObjectReader {
    stream: ByteStream,
    chunk: Bytes,
}

impl AsyncBufRead for ObjectReader {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<&[u8]>> {
        let this = self.get_mut();
        while this.chunk.is_empty() {
            match ready!(this.stream.as_mut().poll_next(cx)) {
                Some(chunk) => this.chunk = chunk?,
                None => break,
            }
        }
        Poll::Ready(Ok(&this.chunk))
    }

    fn consume(self: Pin<&mut Self>, count: usize) {
        self.get_mut().chunk.advance(count);
    }
}

impl AsyncRead for ObjectReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let available = ready!(self.as_mut().poll_fill_buf(cx))?;
        let count = available.len().min(buffer.remaining());
        buffer.put_slice(&available[..count]);
        self.consume(count);
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for ObjectReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ObjectReader")
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;
    use crate::{Body, ErrorKind};

    fn object(range: Range<u64>, content: &'static str) -> Object {
        let meta = ObjectMeta::new("k".parse().unwrap(), 10);
        Object::new(meta, range, Body::from(content).into_stream())
    }

    #[tokio::test]
    async fn gives_its_bytes_whole_and_as_a_reader() {
        assert_eq!(object(2..5, "abc").bytes().await.unwrap(), "abc");
        assert_eq!(object(2..2, "").bytes().await.unwrap(), "");
        let mut text = String::new();
        object(2..5, "abc").into_async_read().read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "abc");
    }

    #[tokio::test]
    async fn never_ends_as_if_complete() {
        for content in ["ab", "abcd", ""] {
            assert_eq!(object(2..5, content).bytes().await.unwrap_err().kind(), ErrorKind::Corrupt);
            let mut text = String::new();
            let error = object(2..5, content).into_async_read().read_to_string(&mut text).await.unwrap_err();
            assert_eq!(Error::from(error).kind(), ErrorKind::Corrupt);
        }
    }

    #[tokio::test]
    async fn a_limit_is_checked_before_reading() {
        assert_eq!(object(0..3, "abc").bytes_up_to(2).await.unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(object(0..3, "abc").bytes_up_to(3).await.unwrap(), "abc");
    }
}
