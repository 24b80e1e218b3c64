use std::future::poll_fn;
use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;
use storage_core::body::{BodySource, ByteStream};
use storage_core::options::{Checksum, ProgressFn, PutMode};
use storage_core::outcome::PutOutcome;
use storage_core::{Body, ETag, Error, ErrorKind, ObjectKey, PutOptions, Result};
use tokio::task::{JoinHandle, spawn_blocking};

use super::commit::Condition;
use super::temp::TempFile;
use crate::abilities::check_put;
use crate::digests::Digests;
use crate::folder::disk::blocking::{blocking, joined};
use crate::folder::disk::faults::fault;
use crate::folder::record::Record;
use crate::folder::session::{Session, Store};

/// How much of a stream is written at once. At most twice as much is held.
const BATCH_BYTES: usize = 1024 * 1024;

/// How many chunks of a stream are gathered at most: tiny ones cost more than their bytes.
const BATCH_CHUNKS: usize = 4_096;

/// From which size on digest and disk work side by side.
const PARALLEL_BYTES: usize = 256 * 1024;

/// Content on its way into the folder.
pub(crate) struct Upload {
    pub(crate) session: Session,
    pub(crate) temp: TempFile,
    digests: Digests,
    pub(crate) size: u64,
}

/// What a put needs when the content is there.
pub(crate) struct Target {
    pub(crate) key: ObjectKey,
    pub(crate) condition: Condition,
    pub(crate) options: PutOptions,
}

/// Stores `body`. Nothing is left behind if it fails, or if the future is dropped.
pub(crate) async fn put(
    store: &Arc<Store>,
    key: &ObjectKey,
    body: Body,
    mut options: PutOptions,
) -> Result<PutOutcome> {
    check_put(&options)?;
    let (total, progress) = (body.len(), options.progress.take());
    let condition = Condition::try_from(std::mem::replace(&mut options.mode, PutMode::Overwrite))?;
    let target = Target { key: key.clone(), condition, options };
    let store = Arc::clone(store);
    let outcome = match body.into_source() {
        BodySource::Bytes(bytes) => {
            blocking(move || {
                let mut upload = Upload::begin(&store, &target, total)?;
                upload.write(&[bytes])?;
                upload.finish(target)
            })
            .await
        }
        BodySource::File(file) => {
            put_stream(store, target, Box::pin(file.into_stream()), total, progress.as_ref()).await
        }
        BodySource::Stream(stream) => put_stream(store, target, stream, total, progress.as_ref()).await,
        _ => Err(Error::unsupported("a body of an unknown kind")),
    }?;
    if let Some(progress) = progress {
        progress.report(outcome.size, total);
    }
    Ok(outcome)
}

/// While one batch is written, the next one is gathered.
async fn put_stream(
    store: Arc<Store>,
    target: Target,
    mut stream: ByteStream,
    total: Option<u64>,
    progress: Option<&ProgressFn>,
) -> Result<PutOutcome> {
    let (upload, target) = blocking(move || Ok((Upload::begin(&store, &target, total)?, target))).await?;
    let mut writing: JoinHandle<Result<Upload>> = spawn_blocking(|| Ok(upload));
    let (mut batch, mut batch_bytes, mut taken) = (Vec::new(), 0, 0);
    while let Some(chunk) = poll_fn(|cx| Stream::poll_next(stream.as_mut(), cx)).await {
        let chunk = chunk?;
        taken += chunk.len() as u64;
        batch_bytes += chunk.len();
        batch.push(chunk);
        if let Some(progress) = progress {
            progress.report(taken, total);
        }
        if batch_bytes >= BATCH_BYTES || batch.len() >= BATCH_CHUNKS {
            let mut upload = joined(writing.await)?;
            let full = std::mem::take(&mut batch);
            batch_bytes = 0;
            writing = spawn_blocking(move || upload.write(&full).map(|()| upload));
        }
    }
    let mut upload = joined(writing.await)?;
    blocking(move || {
        upload.write(&batch)?;
        upload.finish(target)
    })
    .await
}

impl Upload {
    /// Opens the folder. A key that is taken is found out before any content is.
    fn begin(store: &Arc<Store>, target: &Target, length: Option<u64>) -> Result<Self> {
        let session = Session::open(store)?;
        if matches!(target.condition, Condition::Absent) && session.spot(target.key.as_str())?.is_some() {
            return Err(Error::new(ErrorKind::AlreadyExists, ""));
        }
        Self::new(session, &target.key, target.options.checksum, length)
    }

    pub(crate) fn new(
        session: Session,
        key: &ObjectKey,
        checksum: Option<Checksum>,
        length: Option<u64>,
    ) -> Result<Self> {
        let temp = TempFile::create(&session, key.as_str())?;
        Ok(Self { session, temp, digests: Digests::new(checksum, length), size: 0 })
    }

    pub(crate) fn write(&mut self, batch: &[Bytes]) -> Result<()> {
        let length: usize = batch.iter().map(Bytes::len).sum();
        self.size += length as u64;
        let (file, digests) = (&mut self.temp.file, &mut self.digests);
        digests.expect_length(self.size);
        let written = if length >= PARALLEL_BYTES && !digests.is_idle() {
            std::thread::scope(|scope| {
                scope.spawn(|| digests.update_all(batch));
                write_all(file, batch)
            })
        } else {
            digests.update_all(batch);
            write_all(file, batch)
        };
        written.map_err(fault)
    }

    /// The ETag of what was written so far. The digest begins anew.
    pub(crate) fn take_etag(&mut self) -> Result<ETag> {
        std::mem::replace(&mut self.digests, Digests::new(None, None)).finish()
    }

    fn finish(self, target: Target) -> Result<PutOutcome> {
        let etag = self.digests.finish()?;
        let record =
            Record { etag: etag.clone(), attributes: target.options.attributes, tags: target.options.tags };
        self.session.commit(&target.key, self.temp, &record, &target.condition)?;
        Ok(outcome(self.size, etag))
    }
}

pub(crate) fn outcome(size: u64, etag: ETag) -> PutOutcome {
    PutOutcome::new(size).with_etag(Some(etag))
}

fn write_all(file: &mut impl Write, batch: &[Bytes]) -> io::Result<()> {
    batch.iter().try_for_each(|chunk| file.write_all(chunk))
}
