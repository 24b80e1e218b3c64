use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use object_store::{CopyMode, PutMultipartOptions, PutPayload, PutPayloadMut};
use storage_core::body::ByteStream;
use storage_core::options::PutMode;
use storage_core::outcome::PutOutcome;
use storage_core::{Body, Error, ErrorKind, ObjectKey, PutOptions, Result};

use super::Store;
use super::aside::Aside;
use super::attempts::Reach;
use super::lost_answer::{Stamp, taken_if_refused};
use super::upload::Upload;
use crate::completion::Completion;
use crate::translate::errors::translate;
use crate::translate::key_path::path_of;
use storage_core::backend::SaveId;

/// The most parts of one object
/// ([S3 user guide, "Multipart upload limits"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html)).
const MAX_PARTS: u64 = 10_000;

/// How many parts are held and on their way at a time.
const PARALLEL: u64 = 4;

const MIB: u64 = 1024 * 1024;

/// Smaller pieces are copied together, so that their number stays in bounds.
const SMALL: usize = 64 * 1024;

impl Store {
    pub(super) async fn put_parts(
        self: &Arc<Self>,
        key: &ObjectKey,
        body: Body,
        options: PutOptions,
        save_id: Option<&SaveId>,
    ) -> Result<PutOutcome> {
        let mut extensions = object_store::Extensions::new();
        if let Some(completion) = self.completion(key, &options.mode).await? {
            extensions.insert(completion);
        }
        let begun = PutMultipartOptions {
            attributes: self.foreign_attributes(&options, save_id),
            extensions,
            ..PutMultipartOptions::default()
        };
        let upload = Upload::begin(self, key, begun).await?;
        let (upload, size) = self.send(upload, body, &options).await?;
        let error = match upload.complete().await {
            Ok(stored) => {
                return Ok(PutOutcome::new(size)
                    .with_etag(self.etag_form.read(stored.e_tag.as_deref()))
                    .with_version(stored.version));
            }
            Err(error) => error,
        };
        // `object_store` repeats a completion, of which nobody knows how often: the upload is gone then, or the key is taken.
        let error = match error.kind() {
            ErrorKind::NotFound => Error::new(ErrorKind::Unavailable, "the upload is gone")
                .with_retryable(true)
                .with_source(error),
            _ => error,
        };
        let error = match (error.kind(), &options.mode) {
            (ErrorKind::PreconditionFailed, PutMode::Create) => Error::new(ErrorKind::AlreadyExists, ""),
            _ => error,
        };
        self.settle(error, Reach::UNKNOWN, key, save_id.map(Stamp::SaveId)).await
    }

    /// The parts become an object aside, and a conditional copy decides whether it gets its place.
    pub(super) async fn put_aside(
        self: &Arc<Self>,
        key: &ObjectKey,
        body: Body,
        options: PutOptions,
    ) -> Result<PutOutcome> {
        let aside = Aside::of(self, key)?;
        // It goes over with the copy.
        let save_id = self.save_id()?;
        let options = options.mode(PutMode::Overwrite);
        let outcome = self.put_parts(&aside.key, body, options, save_id.as_ref()).await?;
        let copying = object_store::CopyOptions::new().with_mode(CopyMode::Create);
        let (from, to) = (path_of(&aside.key)?, path_of(key)?);
        let copied = self.folder_kept(|| self.objects.copy_opts(&from, &to, copying.clone())).await;
        let copied = match copied.map_err(taken_if_refused) {
            Ok(()) => Ok(PutOutcome::new(outcome.size)),
            Err(error) => self.settle(error, Reach::UNKNOWN, key, save_id.as_ref().map(Stamp::SaveId)).await,
        };
        aside.discard().await;
        copied
    }

    /// Sends all parts; on failure the upload is aborted.
    async fn send(&self, mut upload: Upload, body: Body, options: &PutOptions) -> Result<(Upload, u64)> {
        match self.send_all(&mut upload, body, options).await {
            Ok(size) => Ok((upload, size)),
            Err(error) => {
                upload.abort().await;
                Err(error)
            }
        }
    }

    async fn send_all(&self, upload: &mut Upload, body: Body, options: &PutOptions) -> Result<u64> {
        let total = body.len();
        let part_size = match total {
            Some(length) => self.part_size.max(length.div_ceil(MAX_PARTS).next_multiple_of(MIB)),
            None => self.part_size,
        };
        let parallel = (PARALLEL * self.part_size / part_size).clamp(1, PARALLEL);
        let mut number = 0;
        let sending = cut(body.into_stream(), part_size).map(|part| {
            number += 1;
            let sending = part.and_then(|part| match number > MAX_PARTS {
                true => {
                    Err(Error::invalid_input(format!("more than {MAX_PARTS} parts of {part_size} bytes"))
                        .with_hint("declare the body's length, or take a larger `part_size`"))
                }
                false => Ok((part.content_length() as u64, upload.part(part)?)),
            });
            async move {
                let (length, sending) = sending?;
                sending.await.map_err(translate)?;
                Ok::<_, Error>(length)
            }
        });
        let mut sending = pin!(sending.buffer_unordered(usize::try_from(parallel).unwrap_or(1)));
        let mut size = 0;
        while let Some(length) = sending.next().await {
            size += length?;
            if let Some(progress) = &options.progress {
                progress.report(size, total);
            }
        }
        Ok(size)
    }

    /// What the transport is to ask of the completion.
    async fn completion(&self, key: &ObjectKey, mode: &PutMode) -> Result<Option<Completion>> {
        match mode {
            PutMode::Create => Ok(Some(Completion::IfAbsent)),
            PutMode::IfMatch(etag) => {
                let tag = self.condition(key, Some(etag)).await?;
                Ok(tag.map(Completion::IfMatch))
            }
            _ => Ok(None),
        }
    }
}

/// A stream in payloads of one size, but the last. An error ends it.
fn cut(stream: ByteStream, size: u64) -> impl Stream<Item = Result<PutPayload>> + Send {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let cutting = (stream, Bytes::new());
    stream::try_unfold(cutting, move |(mut stream, mut rest)| async move {
        let mut part = PutPayloadMut::new().with_block_size(256 * 1024);
        let mut length = 0;
        while length < size {
            if rest.is_empty() {
                match stream.next().await {
                    Some(chunk) => rest = chunk?,
                    None => break,
                }
            }
            let piece = rest.split_to(rest.len().min(size - length));
            length += piece.len();
            match piece.len() < SMALL {
                true => part.extend_from_slice(&piece),
                false => part.push(piece),
            }
        }
        Ok((length > 0).then(|| (part.freeze(), (stream, rest))))
    })
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;

    use super::*;

    #[tokio::test]
    async fn a_stream_is_cut_without_losing_a_byte() {
        for (count, size) in [(1_000, 777), (3, 300_000), (1, 1_000_001)] {
            let chunks = (0..count)
                .map(move |n| Ok::<_, Error>(Bytes::from(vec![u8::try_from(n % 251).unwrap(); size])));
            let expected: Vec<u8> =
                (0..count).flat_map(|n| vec![u8::try_from(n % 251).unwrap(); size]).collect();
            let body = Body::from_stream(stream::iter(chunks)).into_stream();
            let parts: Vec<PutPayload> = cut(body, 100_000).try_collect().await.unwrap();
            let (last, whole) = parts.split_last().unwrap();
            assert!(whole.iter().all(|part| part.content_length() == 100_000) && last.content_length() > 0);
            let found: Vec<u8> = parts.iter().flat_map(|part| Bytes::from(part.clone())).collect();
            assert!(found == expected, "{count} chunks of {size}");
        }
    }
}
