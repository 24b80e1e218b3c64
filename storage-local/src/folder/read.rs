use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use storage_core::outcome::GetOutcome;
use storage_core::{Error, GetOptions, Object, ObjectKey, ObjectMeta, Result};

use super::disk::blocking::blocking;
use super::disk::faults::fault;
use super::session::{Session, Store};
use crate::abilities::check_get;
use crate::conditions::{Decision, decide};
use crate::paging::{Page, Pages};

/// How much of a file is read at once.
const CHUNK_BYTES: u64 = 256 * 1024;

pub(super) fn stat(store: &Arc<Store>, key: &ObjectKey) -> Result<ObjectMeta> {
    match Session::open(store)?.find(key)? {
        Some(found) => Ok(found.meta(key)),
        None => Err(Error::not_found(key)),
    }
}

/// A file that a person put there has none.
pub(super) fn tags(store: &Arc<Store>, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
    match Session::open(store)?.find(key)? {
        Some(found) => Ok(found.record.map(|record| record.tags).unwrap_or_default()),
        None => Err(Error::not_found(key)),
    }
}

/// Opens the object and reads its first chunk: a small object takes one turn on a blocking thread.
pub(super) fn get(store: &Arc<Store>, key: &ObjectKey, options: &GetOptions) -> Result<GetOutcome> {
    check_get(options)?;
    let Some((found, file)) = Session::open(store)?.open_object(key)? else {
        return Err(Error::not_found(key));
    };
    let meta = found.meta(key);
    let identity = found.spot.identity;
    let range = match decide(options, identity.size, &found.etag(), identity.modified)? {
        Decision::NotModified => {
            return Ok(GetOutcome::NotModified { etag: meta.etag, last_modified: meta.last_modified });
        }
        Decision::Send(range) => range,
    };
    let first = next_page(Rest { file: Arc::new(file), range: range.clone() })?;
    let stream = Pages::starting_with(first, |rest| blocking(|| next_page(rest)));
    Ok(GetOutcome::Object(Box::new(Object::new(meta, range, Box::pin(stream)))))
}

/// What has not been read yet of an opened file.
struct Rest {
    file: Arc<File>,
    range: Range<u64>,
}

/// One chunk. A file that became shorter ends early, which [`Object`] makes an error.
fn next_page(rest: Rest) -> Result<Page<Rest, Bytes>> {
    let Rest { file, range } = rest;
    let wanted = (range.end - range.start).min(CHUNK_BYTES);
    let chunk = read_at(&file, range.start, usize::try_from(wanted).unwrap_or(0)).map_err(fault)?;
    let start = range.start + chunk.len() as u64;
    let is_done = chunk.is_empty() || start >= range.end;
    let next = (!is_done).then_some(Rest { file, range: start..range.end });
    Ok(Page { items: if chunk.is_empty() { vec![] } else { vec![chunk] }, next })
}

fn read_at(file: &File, offset: u64, length: usize) -> io::Result<Bytes> {
    let mut chunk = BytesMut::zeroed(length);
    let mut count = 0;
    while count < length {
        match file.read_at(&mut chunk[count..], offset + count as u64) {
            Ok(0) => break,
            Ok(read) => count += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    chunk.truncate(count);
    Ok(chunk.freeze())
}
