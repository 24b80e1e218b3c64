use std::future::poll_fn;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use storage_core::body::{BodySource, ByteStream};
use storage_core::options::{Checksum, ProgressFn};
use storage_core::{Body, ETag, Result};

use crate::digests::Digests;

/// How much is hashed before other tasks get their turn.
const SLICE_BYTES: usize = 1024 * 1024;

/// How much is reserved on a declared length, which need not be true.
const MAX_RESERVED_BYTES: u64 = 8 * 1024 * 1024;

/// The whole body and its ETag.
pub(super) async fn collect(
    body: Body,
    checksum: Option<Checksum>,
    progress: Option<&ProgressFn>,
) -> Result<(Bytes, ETag)> {
    let total = body.len();
    let mut digests = Digests::new(checksum, total);
    let bytes = match body.into_source() {
        BodySource::Bytes(bytes) => {
            for slice in bytes.chunks(SLICE_BYTES) {
                digests.update(slice);
                if slice.len() == SLICE_BYTES {
                    tokio::task::yield_now().await;
                }
            }
            bytes
        }
        BodySource::File(file) => read(Box::pin(file.into_stream()), &mut digests, total, progress).await?,
        BodySource::Stream(stream) => read(stream, &mut digests, total, progress).await?,
        _ => return Err(storage_core::Error::unsupported("a body of an unknown kind")),
    };
    Ok((bytes, digests.finish()?))
}

async fn read(
    mut stream: ByteStream,
    digests: &mut Digests,
    total: Option<u64>,
    progress: Option<&ProgressFn>,
) -> Result<Bytes> {
    let reserved = total.unwrap_or(0).min(MAX_RESERVED_BYTES);
    let mut bytes = BytesMut::with_capacity(usize::try_from(reserved).unwrap_or(0));
    while let Some(chunk) = poll_fn(|cx| Stream::poll_next(stream.as_mut(), cx)).await {
        let chunk = chunk?;
        digests.update(&chunk);
        bytes.extend_from_slice(&chunk);
        if let Some(progress) = progress {
            progress.report(bytes.len() as u64, total);
        }
    }
    Ok(bytes.freeze())
}
