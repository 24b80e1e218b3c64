//! Content to store, and bodies that misbehave.

use std::io::{self, Seek, SeekFrom, Write};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use storage_core::Body;
use tokio::sync::Notify;

use crate::outcome::Outcome;

const BLOCK_BYTES: usize = 64 * 1024;

/// Bytes that differ from those of any other seed, and in which no two blocks are alike.
pub(crate) fn pattern(seed: u64, length: usize) -> Bytes {
    let mut block = noise(seed);
    let mut bytes = BytesMut::with_capacity(length + BLOCK_BYTES);
    let mut index: u64 = 0;
    while bytes.len() < length {
        block[..8].copy_from_slice(&index.to_le_bytes());
        bytes.extend_from_slice(&block);
        index += 1;
    }
    bytes.truncate(length);
    bytes.freeze()
}

/// One block by Marsaglia's xorshift64.
fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut block = Vec::with_capacity(BLOCK_BYTES);
    // The first eight bytes make way for the block's number.
    block.extend_from_slice(&[0; 8]);
    while block.len() < BLOCK_BYTES {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        block.extend_from_slice(&state.to_le_bytes());
    }
    block
}

/// The bytes in chunks of at most `size`.
pub(crate) fn chunks(bytes: &Bytes, size: usize) -> Vec<Bytes> {
    (0..bytes.len()).step_by(size).map(|start| bytes.slice(start..bytes.len().min(start + size))).collect()
}

/// A body of unknown length that can be read once.
pub(crate) fn one_shot(bytes: &Bytes) -> Body {
    let chunks = chunks(bytes, BLOCK_BYTES);
    Body::from_stream(stream::iter(chunks.into_iter().map(Ok::<_, io::Error>)))
}

/// A body that gives these bytes and then fails.
pub(crate) fn failing(bytes: &Bytes) -> Body {
    let chunks = chunks(bytes, BLOCK_BYTES).into_iter().map(Ok);
    let failure = Err(io::Error::new(io::ErrorKind::ConnectionReset, "the sender went away"));
    Body::from_stream(stream::iter(chunks.chain([failure])))
}

/// A body that gives these bytes, tells so, and then never goes on.
pub(crate) fn stalling(bytes: &Bytes, stalled: Arc<Notify>) -> Body {
    let chunks = stream::iter(chunks(bytes, BLOCK_BYTES).into_iter().map(Ok::<_, io::Error>));
    let stall = stream::once(async move {
        stalled.notify_one();
        std::future::pending().await
    });
    Body::from_stream(chunks.chain(stall))
}

/// A regular file with these bytes, at its start, that is gone when it is closed.
pub(crate) fn temporary_file(bytes: &[u8]) -> Outcome<std::fs::File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_differ_by_seed_and_do_not_repeat() {
        let bytes = pattern(7, 3 * BLOCK_BYTES + 5);
        assert_eq!(bytes.len(), 3 * BLOCK_BYTES + 5);
        assert_eq!(bytes, pattern(7, bytes.len()));
        assert_ne!(bytes, pattern(8, bytes.len()));
        assert_ne!(bytes[..BLOCK_BYTES], bytes[BLOCK_BYTES..2 * BLOCK_BYTES]);
        assert_eq!(chunks(&bytes, 100_000).concat(), bytes);
    }
}
