use std::io;

use crate::folder::disk::dir::Dir;
use crate::folder::session::{Session, segment_folder, split};

/// The folder that a listing looked into last: the next one is most often the same, or in it.
#[derive(Default)]
pub(super) struct Cursor(Option<(String, Dir)>);

impl Cursor {
    /// The folder whose keys begin with `folder`, which is empty or ends with `/`; `None` if there is none.
    pub(super) fn folder(&mut self, session: &Session, folder: &str) -> io::Result<Option<Dir>> {
        let (start, below) = match &self.0 {
            Some((path, dir)) if folder.starts_with(path) => (dir, &folder[path.len()..]),
            _ => (&session.root, folder),
        };
        let any_key = format!("{below}x");
        let Some((segments, _)) = split(&any_key) else { return Ok(None) };
        let dir = segment_folder(start, &segments)?;
        self.0 = dir.clone().map(|dir| (folder.to_owned(), dir));
        Ok(dir)
    }
}
