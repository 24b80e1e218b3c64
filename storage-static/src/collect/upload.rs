use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use md5::{Digest as _, Md5};
use storage_core::capability::Ability;
use storage_core::options::Checksum;
use storage_core::outcome::PutOutcome;
use storage_core::{Body, Error, ErrorKind, PutOptions, Result};

use super::StaticBucket;
use super::attributes;
use super::pace::Pace;
use crate::buffers::Buffers;
use crate::graph::{Content, Graph, ReadFault, hex};
use crate::plan::{Origin, Step};

/// Up to here a file is read into memory and compared with its digest before it is sent; a larger one is sent from the disk.
pub(super) const SMALL: u64 = 1 << 20;

/// Stores what a step says. Gives the outcome of the put.
pub(super) async fn put(
    bucket: &StaticBucket,
    graph: &Arc<Graph>,
    step: &Step,
    pace: &Pace,
) -> Result<PutOutcome> {
    let key = bucket.key(&step.key)?;
    let mut options = PutOptions::new().attributes(attributes::of(&step.headers));
    options.checksum = checksum(bucket, &step.md5);
    let _held = pace.hold(in_memory(graph, step)).await?;
    match source(graph, step).await? {
        Source::Bytes(bytes) => {
            pace.send(|| bucket.storage.put(&key, bytes.clone().into(), options.clone())).await
        }
        Source::File(path) => {
            pace.send(|| async {
                let opening = path.clone();
                let file =
                    blocking(move || File::open(&opening).map_err(|error| unreadable(&opening, error)));
                bucket.storage.put(&key, Body::from_file(file.await?)?, options.clone()).await
            })
            .await
        }
    }
}

/// How many bytes of it are held: all, if it is small or made here.
fn in_memory(graph: &Graph, step: &Step) -> u64 {
    let is_made = matches!(&step.origin, Origin::Content(name) if graph.output(name).is_some_and(|output| output.is_rewritten));
    if is_made { step.size } else { step.size.min(SMALL) }
}

/// What the store checks before it stores anything, if it can: `Content-MD5`.
pub(super) fn checksum(bucket: &StaticBucket, md5: &str) -> Option<Checksum> {
    let can = bucket.storage.capabilities().has(Ability::Checksums);
    digest(md5).filter(|_| can).map(Checksum::Md5)
}

/// The bytes of files, compared with the digests of the plan: all of them in one buffer.
pub(super) async fn read(graph: &Arc<Graph>, steps: &[&Step], buffers: &Buffers) -> Result<Vec<Bytes>> {
    let files: Vec<_> = steps.iter().map(|step| Expected::of(step)).collect();
    let (graph, mut buffer) = (Arc::clone(graph), buffers.take());
    blocking(move || {
        let size = files.iter().map(|file| file.size).sum::<u64>();
        buffer.bytes.reserve(usize::try_from(size).map_err(Error::from_body)?);
        let ends =
            files.iter().map(|file| file.read(&graph, &mut buffer.bytes)).collect::<Result<Vec<_>>>()?;
        let (all, mut start) = (buffer.freeze(), 0);
        let cut = |end| all.slice(std::mem::replace(&mut start, end)..end);
        Ok(ends.into_iter().map(cut).collect())
    })
    .await
}

enum Source {
    Bytes(Bytes),
    File(PathBuf),
}

/// What is to be sent, compared with the digest of the plan.
async fn source(graph: &Arc<Graph>, step: &Step) -> Result<Source> {
    let (graph, expected) = (Arc::clone(graph), Expected::of(step));
    blocking(move || expected.source(&graph)).await
}

/// What a file is expected to be.
struct Expected {
    origin: Origin,
    size: u64,
    md5: String,
}

impl Expected {
    fn of(step: &Step) -> Self {
        Self { origin: step.origin.clone(), size: step.size, md5: step.md5.clone() }
    }

    /// Appends all of it, whatever its size. Gives where it ends.
    fn read(&self, graph: &Graph, to: &mut Vec<u8>) -> Result<usize> {
        let start = to.len();
        match self.content(graph)? {
            Content::Bytes(bytes) => to.extend_from_slice(&bytes),
            Content::File(path) => {
                // One that has grown is seen, and not read to its end.
                let read = File::open(&path).and_then(|file| file.take(self.size + 1).read_to_end(to));
                read.map_err(|error| unreadable(&path, error))?;
            }
        }
        same(&to[start..], &self.md5, self.origin.name()).map(|()| to.len())
    }

    /// In memory if it is small, or made here.
    fn source(&self, graph: &Graph) -> Result<Source> {
        match self.content(graph)? {
            Content::File(path) if self.size > SMALL => {
                let found = digest_of(&path).map_err(|error| unreadable(&path, error))?;
                if found == self.md5 { Ok(Source::File(path)) } else { Err(changed(self.origin.name())) }
            }
            content => {
                let bytes = match content {
                    Content::Bytes(bytes) => bytes,
                    Content::File(path) => std::fs::read(&path).map_err(|error| unreadable(&path, error))?,
                };
                same(&bytes, &self.md5, self.origin.name()).map(|()| Source::Bytes(bytes.into()))
            }
        }
    }

    fn content(&self, graph: &Graph) -> Result<Content> {
        let output = graph.output(self.origin.name()).ok_or_else(|| {
            Error::invalid_input(format!("the plan is of another tree: it has no {}", self.origin.name()))
        })?;
        match self.origin {
            Origin::Content(_) => graph.content(output).map_err(fault),
            Origin::Source(_) => Ok(graph.source(output)),
        }
    }
}

fn same(bytes: &[u8], md5: &str, name: &str) -> Result<()> {
    if hex(&Md5::digest(bytes)) == md5 { Ok(()) } else { Err(changed(name)) }
}

fn digest_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut md5 = Md5::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex(&md5.finalize())),
            read => md5.update(&piece[..read]),
        }
    }
}

fn digest(hex: &str) -> Option<[u8; 16]> {
    let mut digest = [0; 16];
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(digest)
}

fn changed(name: &str) -> Error {
    Error::new(ErrorKind::Corrupt, format!("{name} was changed meanwhile"))
        .with_hint("collect again once nothing writes there any more")
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    Error::new(ErrorKind::Other, format!("{} cannot be read", path.display())).with_source(error)
}

fn fault(fault: ReadFault) -> Error {
    Error::new(ErrorKind::Corrupt, fault.to_string()).with_source(fault)
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::from_body)?
}
