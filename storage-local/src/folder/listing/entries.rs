//! The keys' next segments in a folder, read out of the names on disk.

use std::io;

use rustix::fs::{FileType, Stat};

use crate::folder::disk::dir::Dir;
use crate::folder::disk::identity::Identity;
use crate::folder::place::layout::{self, Meaning};

/// A segment that stands in a folder.
pub(super) struct Entry {
    /// The segment; what is not UTF-8 in it has become U+FFFD.
    pub(super) segment: String,
    pub(super) kind: EntryKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EntryKind {
    Object,
    Folder,
    /// A file of this size whose name is not UTF-8, or a folder of such a name.
    Unspeakable(u64),
}

/// Calls `visit` with each entry of the folder, in no order. An object may come twice. Links, devices and names of ours are left out.
pub(super) fn visit(dir: &Dir, visit: &mut dyn FnMut(Entry)) -> io::Result<()> {
    visit_part(dir, &mut Vec::new(), visit)
}

/// `parts` are the names that led here within the folder.
fn visit_part(dir: &Dir, parts: &mut Vec<String>, visit: &mut dyn FnMut(Entry)) -> io::Result<()> {
    for entry in dir.names()? {
        let (name, kind) = entry?;
        let name = match String::from_utf8(name) {
            Ok(name) => name,
            Err(error) => {
                let segment = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let kind = dir.stat_bytes(error.as_bytes())?.and_then(|stat| unspeakable(&stat));
                if let Some(kind) = kind.filter(|_| parts.is_empty()) {
                    visit(Entry { segment, kind });
                }
                continue;
            }
        };
        let kind = match kind {
            FileType::Unknown => dir.stat(&name)?.map_or(kind, |stat| FileType::from_raw_mode(stat.st_mode)),
            kind => kind,
        };
        let (segment, kind) = match (layout::meaning(&name, !parts.is_empty()), kind) {
            (Meaning::Part(_), FileType::Directory) => {
                if let Some(folder) = dir.folder(&name)? {
                    parts.push(name);
                    visit_part(&folder, parts, visit)?;
                    parts.pop();
                }
                continue;
            }
            (Meaning::Segment(rest), FileType::RegularFile) => {
                (segment(parts, &name, rest, layout::plain), EntryKind::Object)
            }
            (Meaning::Segment(rest), FileType::Directory) => {
                (segment(parts, &name, rest, layout::plain), EntryKind::Folder)
            }
            (Meaning::SetAside(rest), FileType::RegularFile) => {
                (segment(parts, &name, rest, layout::set_aside), EntryKind::Object)
            }
            _ => continue,
        };
        if let Some(segment) = segment {
            visit(Entry { segment, kind });
        }
    }
    Ok(())
}

fn unspeakable(stat: &Stat) -> Option<EntryKind> {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Some(EntryKind::Unspeakable(Identity::of(stat).size)),
        FileType::Directory => Some(EntryKind::Unspeakable(0)),
        _ => None,
    }
}

/// The whole segment, if these names are the ones that it has; somebody else may have made others.
fn segment(parts: &[String], name: &str, rest: &str, names: fn(&str) -> Vec<String>) -> Option<String> {
    let mut segment = String::new();
    for part in parts {
        match layout::meaning(part, false) {
            Meaning::Part(text) => segment.push_str(text),
            _ => return None,
        }
    }
    segment.push_str(rest);
    let names = names(&segment);
    let (last, before) = names.split_last()?;
    (last == name && before == parts).then_some(segment)
}
