use storage_core::Result;
use storage_core::list::{LevelItem, ListItem};

use super::cursor::Cursor;
use super::entries::EntryKind;
use super::frame::{Frame, Scope};
use super::walk::{Walk, item};
use crate::folder::disk::faults::fault;
use crate::folder::session::Session;

/// A listing of one level on its way.
pub(super) struct Level {
    scope: Scope,
    frame: Frame,
}

impl Level {
    pub(super) fn new(scope: Scope) -> Self {
        let frame = Frame::new(scope.top(), 0);
        Self { scope, frame }
    }

    /// Up to `limit` items; fewer only at the end.
    pub(super) fn page(&mut self, session: &Session, limit: usize) -> Result<Vec<LevelItem>> {
        let mut items = Vec::new();
        let mut cursor = Cursor::default();
        while items.len() < limit {
            let Some((name, kind)) = self.frame.next(session, &mut cursor, &self.scope).map_err(fault)?
            else {
                break;
            };
            if kind == EntryKind::Folder {
                let folder = format!("{}{name}", self.frame.folder);
                if self.has_wanted(session, &folder)? {
                    items.push(LevelItem::Folder(folder));
                }
                continue;
            }
            items.extend(item(session, &mut cursor, &self.frame.folder, &name, kind)?.map(level_item));
        }
        Ok(items)
    }

    /// A folder is what keys have in common: an empty one is none, nor is one whose keys all come before the start.
    fn has_wanted(&self, session: &Session, folder: &str) -> Result<bool> {
        let scope = Scope { prefix: folder.to_owned(), after: self.scope.after.clone() };
        Ok(!Walk::new(scope).page(session, 1)?.is_empty())
    }
}

fn level_item(item: ListItem) -> LevelItem {
    match item {
        ListItem::Object(entry) => LevelItem::Object(entry),
        ListItem::Unaddressable(key) => LevelItem::Unaddressable(key),
    }
}
