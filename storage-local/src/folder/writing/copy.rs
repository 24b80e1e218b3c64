use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use bytes::Bytes;
use storage_core::outcome::PutOutcome;
use storage_core::{CopyOptions, ETag, Error, ErrorKind, ObjectKey, Result};

use super::commit::Condition;
use super::upload::{Upload, outcome};
use crate::folder::disk::faults::fault;
use crate::folder::place::find::Found;
use crate::folder::record::Record;
use crate::folder::session::{Session, Store};

/// How often a copy onto itself begins anew because somebody overwrote the object meanwhile.
const MAX_ROUNDS: u32 = 100;

pub(crate) fn copy(
    store: &Arc<Store>,
    from: &ObjectKey,
    to: &ObjectKey,
    options: &CopyOptions,
) -> Result<PutOutcome> {
    check_attributes(options)?;
    let session = Session::open(store)?;
    for _ in 0..MAX_ROUNDS {
        let (found, file) = session.open_object(from)?.ok_or_else(|| Error::not_found(from))?;
        check_source(&found, options)?;
        let condition = match (options.if_absent, from == to) {
            (true, _) => Condition::Absent,
            (false, false) => Condition::Always,
            // Whatever is stored while the copy is made must not be undone by it.
            (false, true) => Condition::Same(found.spot.identity),
        };
        if options.if_absent && session.spot(to.as_str())?.is_some() {
            return Err(taken(to));
        }
        match copy_found(&session, &found, file, from, to, options, &condition) {
            Err(error) if from == to && error.kind() == ErrorKind::PreconditionFailed => {}
            Err(error) if error.is_already_exists() && error.message().is_empty() => return Err(taken(to)),
            copied => return copied,
        }
    }
    Err(Error::new(ErrorKind::Unavailable, "the object was overwritten faster than it could be copied"))
}

/// Copies within the kernel, which shares the blocks where the file system can.
fn copy_found(
    session: &Session,
    found: &Found,
    mut file: File,
    from: &ObjectKey,
    to: &ObjectKey,
    options: &CopyOptions,
    condition: &Condition,
) -> Result<PutOutcome> {
    let mut upload = Upload::new(session.clone(), to, None, Some(found.spot.identity.size))?;
    let identity = found.spot.identity;
    let (size, etag) = match &found.record {
        Some(record) => {
            let size = io::copy(&mut file, &mut upload.temp.file).map_err(fault)?;
            (size, record.etag.clone())
        }
        None => copy_with_digest(&mut file, &mut upload)?,
    };
    if size != identity.size {
        return Err(Error::new(ErrorKind::Unavailable, "the file was changed by hand while it was copied"));
    }
    let record = record(found, from, options, etag.clone());
    session.commit(to, upload.temp, &record, condition)?;
    Ok(outcome(size, etag))
}

/// Content whose digest nobody has taken passes through here.
fn copy_with_digest(file: &mut File, upload: &mut Upload) -> Result<(u64, ETag)> {
    let mut buffer = vec![0; 1024 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((upload.size, upload.take_etag()?)),
            Ok(count) => upload.write(&[Bytes::copy_from_slice(&buffer[..count])])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(fault(error)),
        }
    }
}

/// The record of a copy: the source's, with the attributes that the caller gives instead.
pub(crate) fn record(found: &Found, from: &ObjectKey, options: &CopyOptions, etag: ETag) -> Record {
    Record {
        etag,
        attributes: options.attributes.clone().unwrap_or_else(|| found.attributes(from)),
        tags: found.record.as_ref().map(|record| record.tags.clone()).unwrap_or_default(),
    }
}

pub(crate) fn check_attributes(options: &CopyOptions) -> Result<()> {
    options.attributes.as_ref().map_or(Ok(()), storage_core::attributes::Attributes::validate)
}

pub(crate) fn check_source(found: &Found, options: &CopyOptions) -> Result<()> {
    match &options.source_if_match {
        Some(etag) if *etag != found.etag() => {
            Err(Error::new(ErrorKind::PreconditionFailed, "the source has another ETag"))
        }
        _ => Ok(()),
    }
}

pub(crate) fn taken(to: &ObjectKey) -> Error {
    Error::new(ErrorKind::AlreadyExists, format!("the target is `{to}`"))
}
