use std::collections::{BinaryHeap, VecDeque};
use std::io;

use super::cursor::Cursor;
use super::entries::{EntryKind, visit};
use crate::folder::session::Session;

/// The most names of one folder that are held in order, near the root; deeper down fewer, so that all levels together hold no
/// more than twice as many.
const MAX_NAMES: usize = 32_768;

const MIN_NAMES: usize = 64;

/// Which keys a listing wants.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) prefix: String,
    pub(crate) after: Option<String>,
}

impl Scope {
    pub(crate) fn wants_object(&self, key: &str) -> bool {
        key.starts_with(&self.prefix) && self.after.as_deref().is_none_or(|after| key > after)
    }

    /// Whether keys that begin with `folder`, which ends with `/`, can be wanted.
    pub(crate) fn wants_below(&self, folder: &str) -> bool {
        let fits = folder.starts_with(&self.prefix) || self.prefix.starts_with(folder);
        fits && self.after.as_deref().is_none_or(|after| folder > after || after.starts_with(folder))
    }

    /// The folder that holds all that is wanted: the prefix up to its last `/`.
    pub(crate) fn top(&self) -> String {
        self.prefix.rfind('/').map_or_else(String::new, |slash| self.prefix[..=slash].to_owned())
    }
}

/// A folder that is listed: its next names in the order of the keys they lead to.
pub(super) struct Frame {
    /// The beginning of its keys: nothing at the root, else it ends with `/`.
    pub(super) folder: String,
    /// A folder's name ends with `/`, by which it is sorted as its keys are.
    names: VecDeque<(String, EntryKind)>,
    last: Option<String>,
    complete: bool,
    capacity: usize,
}

impl Frame {
    pub(super) fn new(folder: String, depth: u32) -> Self {
        let capacity = (MAX_NAMES >> depth.min(30)).max(MIN_NAMES);
        Self { folder, names: VecDeque::new(), last: None, complete: false, capacity }
    }

    /// The next name of the folder that the scope wants.
    pub(super) fn next(
        &mut self,
        session: &Session,
        cursor: &mut Cursor,
        scope: &Scope,
    ) -> io::Result<Option<(String, EntryKind)>> {
        if self.names.is_empty() && !self.complete {
            self.fill(session, cursor, scope)?;
        }
        Ok(self.names.pop_front())
    }

    /// Reads the folder and keeps of the names after the last one so many of the smallest.
    fn fill(&mut self, session: &Session, cursor: &mut Cursor, scope: &Scope) -> io::Result<()> {
        self.complete = true;
        let Some(dir) = cursor.folder(session, &self.folder)? else { return Ok(()) };
        let mut smallest = BinaryHeap::new();
        visit(&dir, &mut |entry| {
            let mut name = entry.segment;
            if entry.kind == EntryKind::Folder {
                name.push('/');
            }
            if self.last.as_ref().is_some_and(|last| name <= *last) {
                return;
            }
            let key = format!("{}{name}", self.folder);
            let wanted = match entry.kind {
                EntryKind::Folder => scope.wants_below(&key),
                EntryKind::Object | EntryKind::Unspeakable(_) => scope.wants_object(&key),
            };
            if wanted {
                smallest.push((name, entry.kind));
                if smallest.len() > self.capacity {
                    smallest.pop();
                    self.complete = false;
                }
            }
        })?;
        let mut names = smallest.into_sorted_vec();
        // An object that is set aside may be hidden by a file of its own name.
        names.dedup();
        self.last = names.last().map(|(name, _)| name.clone());
        self.names = names.into();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::folder::tests::session_at;

    #[test]
    fn a_folder_larger_than_what_is_held_comes_whole_and_in_order() {
        let root = tempfile::tempdir().unwrap();
        let session = session_at(root.path(), SystemTime::now());
        let mut expected = Vec::new();
        for n in 0..100 {
            std::fs::write(root.path().join(format!("{n:02}")), "").unwrap();
            expected.push(format!("{n:02}"));
            if n % 10 == 0 {
                std::fs::create_dir(root.path().join(format!("{n:02}-"))).unwrap();
                expected.push(format!("{n:02}-/"));
                // Hidden by the file of its own name.
                std::fs::write(root.path().join(format!(".storage-object.{n:02}")), "").unwrap();
            }
        }
        for capacity in [1, 2, 7, 64, 1_000] {
            let scope = Scope { prefix: String::new(), after: None };
            let mut frame = Frame { capacity, ..Frame::new(String::new(), 0) };
            let mut names = Vec::new();
            while let Some((name, _)) = frame.next(&session, &mut Cursor::default(), &scope).unwrap() {
                names.push(name);
                assert!(frame.names.len() <= capacity);
            }
            assert_eq!(names, expected, "{capacity}");
        }
    }

    #[test]
    fn a_scope_leaves_out_what_cannot_hold_its_keys() {
        let scope = Scope { prefix: "a/b".into(), after: Some("a/b/m".into()) };
        assert_eq!(scope.top(), "a/");
        for (folder, wanted) in [
            ("a/", true),
            ("a/b/", true),
            ("a/bc/", true),
            ("a/b/c/", false),
            ("a/b/z/", true),
            ("b/", false),
        ] {
            assert_eq!(scope.wants_below(folder), wanted, "{folder}");
        }
        assert!(!scope.wants_object("a/b/m") && scope.wants_object("a/b/m0") && !scope.wants_object("a/c"));
    }
}
