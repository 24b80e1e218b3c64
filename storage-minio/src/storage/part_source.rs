use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use storage_core::body::ByteStream;
use storage_core::{Error, PutOptions, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::checksum::Check;
use super::parts::{MAX_PARTS, PARALLEL, size_after, size_for};
use crate::transport::Content;

/// How large the pieces are that a part is held in.
const BLOCK_BYTES: usize = 256 * 1024;

/// Memory is shared out in these pieces.
const PERMIT_BYTES: u64 = 1024 * 1024;

/// A content that comes part by part.
pub(super) struct PartSource {
    pub(super) length: Option<u64>,
    /// The parts, in order; the stream ends after an error.
    pub(super) parts: BoxStream<'static, Result<Part>>,
}

/// One part, and the memory that it takes.
pub(super) struct Part {
    /// 1 to 10,000.
    pub(super) number: u32,
    pub(super) content: Content,
    pub(super) _memory: Option<OwnedSemaphorePermit>,
}

impl PartSource {
    /// Parts by offset. A part of a file is read as it is sent.
    pub(super) async fn replayable(content: Content, options: &PutOptions, part_size: u64) -> Result<Self> {
        let length = content.len();
        let size = size_for(length, part_size)?;
        if let Some(checksum) = options.checksum {
            Check::whole(checksum, content.clone()).await?;
        }
        let parts = (1..).zip((0..length).step_by(usize::try_from(size).unwrap_or(usize::MAX)));
        let parts = parts.map(move |(number, offset)| {
            Ok(Part { number, content: slice(&content, offset, size.min(length - offset)), _memory: None })
        });
        Ok(Self { length: Some(length), parts: stream::iter(parts).boxed() })
    }

    /// Parts of a stream that is read once. Each is held in memory until it is sent; all of them together take no more than four
    /// times the part size, or one part where that has grown beyond.
    pub(super) fn once(
        stream: ByteStream,
        length: Option<u64>,
        options: &PutOptions,
        part_size: u64,
    ) -> Result<Self> {
        let smallest = match length {
            Some(length) => size_for(length, part_size)?,
            None => part_size,
        };
        let permits = u32::try_from((PARALLEL as u64 * part_size).div_ceil(PERMIT_BYTES)).unwrap_or(u32::MAX);
        let cutter = Cutter {
            stream,
            rest: Bytes::new(),
            check: options.checksum.map(Check::new).transpose()?,
            memory: Arc::new(Semaphore::new(permits as usize)),
            permits,
            smallest,
            grows: length.is_none(),
            number: 0,
            sent: 0,
        };
        let parts = stream::try_unfold(cutter, |mut cutter| async move {
            Ok(cutter.next_part().await?.map(|part| (part, cutter)))
        });
        Ok(Self { length, parts: parts.boxed() })
    }
}

fn slice(content: &Content, offset: u64, length: u64) -> Content {
    match content {
        Content::Bytes(bytes) => {
            let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
            let end = usize::try_from(offset + length).unwrap_or(usize::MAX).min(bytes.len());
            Content::Bytes(bytes.slice(start..end))
        }
        Content::File(file) => Content::File(file.slice(offset, length)),
        Content::Blocks(blocks) => Content::Blocks(Arc::clone(blocks)),
    }
}

/// Cuts a stream into parts.
struct Cutter {
    stream: ByteStream,
    /// What the last chunk had beyond the last part.
    rest: Bytes,
    check: Option<Check>,
    memory: Arc<Semaphore>,
    permits: u32,
    smallest: u64,
    /// Whether the length is unknown, so that the number of parts has to be kept in bounds on the way.
    grows: bool,
    number: u32,
    sent: u64,
}

impl Cutter {
    async fn next_part(&mut self) -> Result<Option<Part>> {
        let size = if self.grows { size_after(self.sent, self.smallest) } else { self.smallest };
        let permits = u32::try_from(size.div_ceil(PERMIT_BYTES)).unwrap_or(u32::MAX).min(self.permits);
        let memory = Arc::clone(&self.memory).acquire_many_owned(permits).await.map_err(Error::from_body)?;
        let mut blocks = Blocks::default();
        while blocks.length < size {
            if self.rest.is_empty() {
                match self.stream.next().await {
                    Some(chunk) => self.rest = chunk?,
                    None => break,
                }
            }
            let missing = usize::try_from(size - blocks.length).unwrap_or(usize::MAX);
            let piece = self.rest.split_to(missing.min(self.rest.len()));
            if let Some(check) = &mut self.check {
                check.update(&piece);
            }
            blocks.push(&piece);
        }
        if blocks.length == 0 {
            return match self.check.take() {
                Some(check) => check.finish().map(|()| None),
                None => Ok(None),
            };
        }
        self.number += 1;
        if u64::from(self.number) > MAX_PARTS {
            return Err(Error::invalid_input("the body has more bytes than an object can have"));
        }
        self.sent += blocks.length;
        Ok(Some(Part { number: self.number, content: blocks.into_content(), _memory: Some(memory) }))
    }
}

/// Bytes that were copied together into pieces of one size: chunks as small as a caller's do not pile up, and none of a caller's
/// larger buffers is kept alive.
#[derive(Default)]
struct Blocks {
    full: Vec<Bytes>,
    open: BytesMut,
    length: u64,
}

impl Blocks {
    fn push(&mut self, mut piece: &[u8]) {
        self.length += piece.len() as u64;
        while !piece.is_empty() {
            if self.open.capacity() == 0 {
                self.open = BytesMut::with_capacity(BLOCK_BYTES);
            }
            let (fits, rest) = piece.split_at(piece.len().min(BLOCK_BYTES - self.open.len()));
            self.open.extend_from_slice(fits);
            if self.open.len() == BLOCK_BYTES {
                self.full.push(std::mem::take(&mut self.open).freeze());
            }
            piece = rest;
        }
    }

    fn into_content(mut self) -> Content {
        if !self.open.is_empty() {
            self.full.push(self.open.freeze());
        }
        Content::Blocks(self.full.into())
    }
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;
    use storage_core::options::Checksum;
    use storage_core::{Body, ErrorKind};

    use super::*;
    use crate::client::for_each_block;

    const PART: u64 = 1024 * 1024;

    fn of_chunks(count: usize, size: usize) -> ByteStream {
        let chunks =
            (0..count).map(move |n| Ok::<_, Error>(Bytes::from(vec![u8::try_from(n % 251).unwrap(); size])));
        Body::from_stream(stream::iter(chunks)).into_stream()
    }

    async fn cut(source: PartSource) -> Result<Vec<(u32, Vec<u8>)>> {
        source
            .parts
            .map_ok(|part| {
                let mut bytes = Vec::new();
                for_each_block(&part.content, |block| bytes.extend_from_slice(block)).unwrap();
                (part.number, bytes)
            })
            .try_collect()
            .await
    }

    #[tokio::test]
    async fn a_stream_is_cut_without_losing_a_byte() {
        for (count, size) in [(3, 700_000), (1, 3 * 1024 * 1024), (30_000, 77), (4, 512 * 1024)] {
            let source = PartSource::once(of_chunks(count, size), None, &PutOptions::new(), PART).unwrap();
            let parts = cut(source).await.unwrap();
            let whole: Vec<u8> = parts.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
            let expected: Vec<u8> =
                (0..count).flat_map(|n| vec![u8::try_from(n % 251).unwrap(); size]).collect();
            assert!(whole == expected, "{count} chunks of {size}");
            assert!(parts.iter().map(|(number, _)| *number).eq(1..=u32::try_from(parts.len()).unwrap()));
            assert!(parts[..parts.len() - 1].iter().all(|(_, bytes)| bytes.len() as u64 == PART));
        }
    }

    #[tokio::test]
    async fn bytes_are_cut_by_offset() {
        let bytes = Bytes::from((0..=255).cycle().take(2_500_000).collect::<Vec<u8>>());
        let source =
            PartSource::replayable(Content::Bytes(bytes.clone()), &PutOptions::new(), PART).await.unwrap();
        let parts = cut(source).await.unwrap();
        assert_eq!(
            parts.iter().map(|(_, part)| part.len()).collect::<Vec<_>>(),
            [1_048_576, 1_048_576, 402_848]
        );
        assert!(parts.into_iter().flat_map(|(_, part)| part).eq(bytes));
    }

    #[tokio::test]
    async fn parts_wait_for_memory() {
        let source = PartSource::once(of_chunks(6, 1024 * 1024), None, &PutOptions::new(), PART).unwrap();
        let mut parts = source.parts;
        let mut held = Vec::new();
        for _ in 0..PARALLEL {
            held.push(parts.next().await.unwrap().unwrap());
        }
        let waited = tokio::time::timeout(std::time::Duration::from_millis(50), parts.next()).await;
        assert!(waited.is_err(), "a fifth part was read while four are held");
        held.clear();
        assert_eq!(parts.next().await.unwrap().unwrap().number, 5);
    }

    #[tokio::test]
    async fn a_wrong_checksum_is_found_before_the_end() {
        let options = PutOptions::new().checksum(Checksum::Md5([0; 16]));
        let once = PartSource::once(of_chunks(2, 10), None, &options, PART).unwrap();
        assert_eq!(cut(once).await.unwrap_err().kind(), ErrorKind::Corrupt);
        let replayable = PartSource::replayable(Content::Bytes("abc".into()), &options, PART).await;
        assert_eq!(replayable.err().unwrap().kind(), ErrorKind::Corrupt);
    }
}
