//! Making place for a key's file, and tidying up behind one. Both under the store's lock.

use std::io;

use storage_core::{Error, ErrorKind, Result};

use super::find::Spot;
use super::layout;
use crate::folder::disk::dir::{Dir, is_file, is_folder};
use crate::folder::disk::faults::fault;
use crate::folder::session::{Session, split};
use crate::folder::writing::touched::Touched;

/// Where an object's file goes.
pub(crate) struct Place {
    pub(crate) dir: Dir,
    pub(crate) name: String,
}

impl Session {
    /// Makes the folders of a key and finds the place for its file: where the object is, else under its own name, else,
    /// if something that is no object has that name, aside.
    pub(crate) fn make_room(
        &self,
        key: &str,
        current: Option<&Spot>,
        touched: &mut Touched,
    ) -> Result<Place> {
        if let Some(spot) = current {
            touched.add(&spot.dir);
            return Ok(Place { dir: spot.dir.clone(), name: spot.name.clone() });
        }
        let Some((parents, segment)) = split(key) else {
            return Err(Error::invalid_input("the key leads out of the folder"));
        };
        let mut dir = self.root.clone();
        for parent in parents {
            dir = enter(&dir, parent, touched)?;
        }
        let plain = place(&dir, &layout::plain(segment), touched)?;
        if let Some(other) = plain.dir.case().other_spelling(&plain.dir, &plain.name).map_err(fault)? {
            return Err(Error::new(
                ErrorKind::AlreadyExists,
                format!(
                    "the file system takes `{}` for the existing `{}`",
                    plain.name.escape_debug(),
                    other.escape_debug()
                ),
            ));
        }
        let found = match plain.dir.stat(&plain.name).map_err(fault)? {
            None => plain,
            Some(stat) if is_file(&stat) => plain,
            Some(_) => place(&dir, &layout::set_aside(segment), touched)?,
        };
        touched.add(&found.dir);
        Ok(found)
    }

    /// Removes the folders of a key that are empty now.
    pub(crate) fn tidy(&self, key: &str, touched: &mut Touched) {
        let Some((parents, segment)) = split(key) else { return };
        let above: Vec<String> = parents.into_iter().flat_map(layout::plain).collect();
        for mut names in [layout::set_aside(segment), layout::plain(segment)] {
            names.pop();
            let path: Vec<String> = above.iter().cloned().chain(names).collect();
            self.remove_empty(&path, touched);
        }
    }

    /// Removes what is empty of the folders that `path` leads through, from its end on.
    fn remove_empty(&self, path: &[String], touched: &mut Touched) {
        /// How many folders are held open on the way up.
        const WINDOW: usize = 32;

        let mut end = path.len();
        while end > 0 {
            let start = end.saturating_sub(WINDOW);
            let Ok(Some(top)) = self.root.descend(&path[..start]) else { return };
            let mut within = vec![top];
            for name in &path[start..end - 1] {
                match within.last().map(|dir| dir.folder(name)) {
                    Some(Ok(Some(next))) => within.push(next),
                    _ => break,
                }
            }
            while let Some(dir) = within.pop() {
                if !dir.remove_empty_folder(&path[start + within.len()]) {
                    return;
                }
                touched.add(&dir);
            }
            end = start;
        }
    }
}

/// The folder of a segment, made if need be. An object that has its name is set aside.
fn enter(dir: &Dir, segment: &str, touched: &mut Touched) -> Result<Dir> {
    let names = layout::plain(segment);
    if let Some(folder) = dir.descend(&names).map_err(fault)? {
        return Ok(folder);
    }
    let Place { dir: within, name } = place(dir, &names, touched)?;
    if let Some(other) = within.case().other_spelling(&within, &name).map_err(fault)? {
        return Err(Error::invalid_input(format!(
            "the file system takes the folder `{}` for the existing `{}`",
            name.escape_debug(),
            other.escape_debug()
        )));
    }
    match within.stat(&name).map_err(fault)? {
        None => {}
        Some(stat) if is_folder(&stat) => {}
        Some(stat) if is_file(&stat) => {
            let aside = place(dir, &layout::set_aside(segment), touched)?;
            within.rename(&name, &aside.dir, &aside.name).map_err(fault)?;
            touched.add(&aside.dir);
        }
        Some(_) => {
            return Err(Error::invalid_input(format!(
                "`{}` in the folder is a link or a device; nothing is stored behind it",
                name.escape_debug()
            )));
        }
    }
    let folder = within.folder_or_new(&name).map_err(fault)?;
    touched.add(&within);
    Ok(folder)
}

/// The last of `names`, in the folders that the others name, which are made if need be.
fn place(dir: &Dir, names: &[String], touched: &mut Touched) -> Result<Place> {
    let missing = || fault(io::Error::from(rustix::io::Errno::INVAL));
    let (name, parts) = names.split_last().ok_or_else(missing)?;
    let mut dir = dir.clone();
    for part in parts {
        let existing = dir.folder(part).map_err(fault)?;
        if existing.is_none() {
            touched.add(&dir);
        }
        dir = existing.map_or_else(|| dir.folder_or_new(part).map_err(fault), Ok)?;
    }
    Ok(Place { dir, name: name.clone() })
}
