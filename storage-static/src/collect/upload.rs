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
    let _held = pace.hold(step.size.min(SMALL)).await?;
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

/// What the store checks before it stores anything, if it can: `Content-MD5`.
pub(super) fn checksum(bucket: &StaticBucket, md5: &str) -> Option<Checksum> {
    let can = bucket.storage.capabilities().has(Ability::Checksums);
    digest(md5).filter(|_| can).map(Checksum::Md5)
}

/// The bytes of files, compared with the digests of the plan. All of them are read by one thread, whose memory is used again.
pub(super) async fn read(graph: &Arc<Graph>, steps: &[&Step]) -> Result<Vec<Bytes>> {
    let files: Vec<_> = steps.iter().map(|step| Expected::of(step)).collect();
    let graph = Arc::clone(graph);
    blocking(move || files.iter().map(|file| file.bytes(&graph)).collect()).await
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

    /// All of it in memory, whatever its size.
    fn bytes(&self, graph: &Graph) -> Result<Bytes> {
        self.checked(self.content(graph)?)
    }

    /// In memory if it is small, or made here.
    fn source(&self, graph: &Graph) -> Result<Source> {
        match self.content(graph)? {
            Content::File(path) if self.size > SMALL => {
                let found = digest_of(&path).map_err(|error| unreadable(&path, error))?;
                if found == self.md5 { Ok(Source::File(path)) } else { Err(changed(self.origin.name())) }
            }
            content => self.checked(content).map(Source::Bytes),
        }
    }

    fn checked(&self, content: Content) -> Result<Bytes> {
        let bytes = match content {
            Content::Bytes(bytes) => bytes,
            Content::File(path) => std::fs::read(&path).map_err(|error| unreadable(&path, error))?,
        };
        same(&bytes, &self.md5, self.origin.name()).map(|()| bytes.into())
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
