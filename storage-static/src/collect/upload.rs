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

/// The bytes of a file, compared with the digest of the plan.
pub(super) async fn read(graph: &Arc<Graph>, step: &Step) -> Result<Bytes> {
    match source(graph, step).await? {
        Source::Bytes(bytes) => Ok(bytes),
        Source::File(path) => {
            let (md5, name) = (step.md5.clone(), step.origin.name().to_owned());
            blocking(move || {
                let bytes = std::fs::read(&path).map_err(|error| unreadable(&path, error))?;
                same(&bytes, &md5, &name).map(|()| bytes.into())
            })
            .await
        }
    }
}

enum Source {
    Bytes(Bytes),
    File(PathBuf),
}

/// What is to be sent, compared with the digest of the plan.
async fn source(graph: &Arc<Graph>, step: &Step) -> Result<Source> {
    let (graph, origin) = (Arc::clone(graph), step.origin.clone());
    let (size, md5) = (step.size, step.md5.clone());
    blocking(move || {
        let output = graph.output(origin.name()).ok_or_else(|| {
            Error::invalid_input(format!("the plan is of another tree: it has no {}", origin.name()))
        })?;
        let content = match origin {
            Origin::Content(_) => graph.content(output).map_err(fault)?,
            Origin::Source(_) => graph.source(output),
        };
        match content {
            Content::Bytes(bytes) => same(&bytes, &md5, origin.name()).map(|()| Source::Bytes(bytes.into())),
            Content::File(path) if size <= SMALL => {
                let bytes = std::fs::read(&path).map_err(|error| unreadable(&path, error))?;
                same(&bytes, &md5, origin.name()).map(|()| Source::Bytes(bytes.into()))
            }
            Content::File(path) => {
                let found = digest_of(&path).map_err(|error| unreadable(&path, error))?;
                if found == md5 { Ok(Source::File(path)) } else { Err(changed(origin.name())) }
            }
        }
    })
    .await
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
