use std::fs::File;
use std::io;

use rustix::fs::Stat;
use storage_core::attributes::Attributes;
use storage_core::{ETag, Error, ErrorKind, ObjectEntry, ObjectKey, ObjectMeta, Result, content_type};

use super::layout;
use crate::folder::disk::dir::{Dir, is_file};
use crate::folder::disk::faults::fault;
use crate::folder::disk::identity::Identity;
use crate::folder::record::Record;
use crate::folder::session::{Session, split};

/// How often a reader begins anew because a writer was faster. A round takes microseconds, and a writer's takes longer.
const MAX_ROUNDS: u32 = 10_000;

/// Where an object's file is.
pub(crate) struct Spot {
    pub(crate) dir: Dir,
    pub(crate) name: String,
    pub(crate) identity: Identity,
    inode: u64,
}

/// An object as it is at one moment: its file and what is stored beside it.
pub(crate) struct Found {
    pub(crate) spot: Spot,
    pub(crate) record: Option<Record>,
}

impl Session {
    /// The object's file, wherever it is; `None` if there is none.
    pub(crate) fn spot(&self, key: &str) -> Result<Option<Spot>> {
        let Some((parents, segment)) = split(key) else { return Ok(None) };
        match self.parent(&parents).map_err(fault)? {
            Some(parent) => spot_in(&parent, segment).map_err(fault),
            None => Ok(None),
        }
    }

    /// The object's file and record, which belong together.
    pub(crate) fn find(&self, key: &ObjectKey) -> Result<Option<Found>> {
        let Some((parents, segment)) = split(key.as_str()) else { return Ok(None) };
        match self.parent(&parents).map_err(fault)? {
            Some(parent) => self.find_in(&parent, segment, key.as_str()),
            None => Ok(None),
        }
    }

    /// As [`find`](Self::find), for whoever has the folder open.
    pub(crate) fn find_in(&self, parent: &Dir, segment: &str, key: &str) -> Result<Option<Found>> {
        for _ in 0..MAX_ROUNDS {
            let Some(spot) = spot_in(parent, segment).map_err(fault)? else { return Ok(None) };
            match self.settle(&spot, key)? {
                Settled::Gone => {}
                Settled::Plain => return Ok(Some(Found { spot, record: None })),
                Settled::Recorded(record) => return Ok(Some(Found { spot, record: Some(record) })),
            }
        }
        Err(too_busy())
    }

    /// The object's file, opened, and its record. What is opened stays as it is, whoever overwrites the object.
    pub(crate) fn open_object(&self, key: &ObjectKey) -> Result<Option<(Found, File)>> {
        let Some((parents, segment)) = split(key.as_str()) else { return Ok(None) };
        for _ in 0..MAX_ROUNDS {
            let Some(parent) = self.parent(&parents).map_err(fault)? else { return Ok(None) };
            let Some(mut spot) = spot_in(&parent, segment).map_err(fault)? else { return Ok(None) };
            let Some((file, stat)) = spot.dir.read(&spot.name).map_err(fault)? else { continue };
            (spot.identity, spot.inode) = (Identity::of(&stat), inode(&stat));
            match self.settle(&spot, key.as_str())? {
                Settled::Gone => {}
                Settled::Plain => return Ok(Some((Found { spot, record: None }, file))),
                Settled::Recorded(record) => return Ok(Some((Found { spot, record: Some(record) }, file))),
            }
        }
        Err(too_busy())
    }

    /// What is stored beside the file at the spot. It counts only if the file is still there afterwards: on a file system that
    /// keeps whole seconds a later writing may have the same identity.
    fn settle(&self, spot: &Spot, key: &str) -> Result<Settled> {
        let record = self.record(key, &spot.identity)?;
        let now = spot.dir.stat(&spot.name).map_err(fault)?;
        let is_there =
            now.is_some_and(|stat| inode(&stat) == spot.inode && Identity::of(&stat) == spot.identity);
        Ok(match record {
            _ if !is_there => Settled::Gone,
            Some(record) => Settled::Recorded(record),
            None => Settled::Plain,
        })
    }
}

/// What a file turned out to be.
enum Settled {
    /// The store wrote it.
    Recorded(Record),
    /// Somebody else put it there.
    Plain,
    /// It was replaced or removed meanwhile, and its record may have gone with it.
    Gone,
}

/// First the file of the segment's own name, then the one set aside: when a file makes room for a folder it goes that way.
pub(crate) fn spot_in(parent: &Dir, segment: &str) -> io::Result<Option<Spot>> {
    for names in [layout::plain(segment), layout::set_aside(segment)] {
        if let Some(spot) = spot_at(parent, &names)? {
            return Ok(Some(spot));
        }
    }
    Ok(None)
}

pub(crate) fn spot_at(parent: &Dir, names: &[String]) -> io::Result<Option<Spot>> {
    let Some((name, parts)) = names.split_last() else { return Ok(None) };
    let Some(dir) = parent.descend(parts)? else { return Ok(None) };
    let stat = dir.stat(name)?.filter(is_file);
    Ok(stat.map(|stat| Spot { dir, name: name.clone(), identity: Identity::of(&stat), inode: inode(&stat) }))
}

impl Found {
    pub(crate) fn etag(&self) -> ETag {
        self.record.as_ref().map_or_else(|| self.spot.identity.etag(), |record| record.etag.clone())
    }

    /// What was stored with the object; for a file that somebody put into the folder, what its name says.
    pub(crate) fn attributes(&self, key: &ObjectKey) -> Attributes {
        if let Some(record) = &self.record {
            return record.attributes.clone();
        }
        let mut attributes = Attributes::default();
        attributes.content_type = content_type::from_name(key.file_name()).map(str::to_owned);
        attributes
    }

    pub(crate) fn meta(&self, key: &ObjectKey) -> ObjectMeta {
        ObjectMeta::new(key.clone(), self.spot.identity.size)
            .with_attributes(self.attributes(key))
            .with_etag(Some(self.etag()))
            .with_last_modified(Some(self.spot.identity.modified))
    }

    pub(crate) fn entry(&self, key: ObjectKey) -> ObjectEntry {
        ObjectEntry::new(key, self.spot.identity.size)
            .with_etag(Some(self.etag()))
            .with_last_modified(Some(self.spot.identity.modified))
    }
}

#[allow(clippy::useless_conversion, reason = "the field's type differs by system")]
fn inode(stat: &Stat) -> u64 {
    u64::try_from(stat.st_ino).unwrap_or(0)
}

fn too_busy() -> Error {
    Error::new(ErrorKind::Unavailable, "the object was overwritten faster than it could be read")
}
