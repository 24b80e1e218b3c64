use storage_core::key::RawKey;
use storage_core::list::{ListItem, RawEntry};
use storage_core::{ErrorKind, ObjectEntry, ObjectKey, Result};

use super::cursor::Cursor;
use super::entries::EntryKind;
use super::frame::{Frame, Scope};
use crate::folder::disk::dir::Dir;
use crate::folder::disk::faults::fault;
use crate::folder::place::find::spot_in;
use crate::folder::session::Session;

/// A flat listing on its way: one frame per level that it is in.
pub(super) struct Walk {
    scope: Scope,
    frames: Vec<Frame>,
}

impl Walk {
    pub(super) fn new(scope: Scope) -> Self {
        let top = Frame::new(scope.top(), 0);
        Self { scope, frames: vec![top] }
    }

    /// Up to `limit` items; fewer only at the end.
    pub(super) fn page(&mut self, session: &Session, limit: usize) -> Result<Vec<ListItem>> {
        let mut items = Vec::new();
        let mut cursor = Cursor::default();
        while items.len() < limit {
            let depth = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
            let Some(frame) = self.frames.last_mut() else { break };
            match frame.next(session, &mut cursor, &self.scope).map_err(fault)? {
                None => {
                    self.frames.pop();
                }
                Some((name, EntryKind::Folder)) => {
                    let folder = format!("{}{name}", frame.folder);
                    self.frames.push(Frame::new(folder, depth));
                }
                Some((name, kind)) => items.extend(item(session, &mut cursor, &frame.folder, &name, kind)?),
            }
        }
        Ok(items)
    }
}

/// The line of a listing for an object's name in a folder; `None` if it is gone by now.
pub(super) fn item(
    session: &Session,
    cursor: &mut Cursor,
    folder: &str,
    name: &str,
    kind: EntryKind,
) -> Result<Option<ListItem>> {
    let key = format!("{folder}{name}");
    if let EntryKind::Unspeakable(size) = kind {
        return Ok(Some(ListItem::Unaddressable(RawEntry::new(RawKey::new(key), size))));
    }
    let Some(dir) = cursor.folder(session, folder).map_err(fault)? else { return Ok(None) };
    match ObjectKey::new(&key) {
        Ok(key) => Ok(entry(session, &dir, name, key)?.map(ListItem::Object)),
        Err(_) => Ok(spot_in(&dir, name).map_err(fault)?.map(|spot| {
            let entry = RawEntry::new(RawKey::new(key), spot.identity.size);
            ListItem::Unaddressable(entry.with_last_modified(spot.identity.modified))
        })),
    }
}

/// A damaged record must not end the listing: its object comes without an ETag, and `stat` tells why.
fn entry(session: &Session, dir: &Dir, name: &str, key: ObjectKey) -> Result<Option<ObjectEntry>> {
    match session.find_in(dir, name, key.as_str()) {
        Ok(found) => Ok(found.map(|found| found.entry(key))),
        Err(error) if error.kind() == ErrorKind::Corrupt => {
            let spot = spot_in(dir, name).map_err(fault)?;
            Ok(spot.map(|spot| {
                ObjectEntry::new(key, spot.identity.size).with_last_modified(spot.identity.modified)
            }))
        }
        Err(error) => Err(error),
    }
}
