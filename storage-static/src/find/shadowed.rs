use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::SourceFile;

/// A file that is not taken, since an earlier source has one with its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadowed {
    /// The path from the root of static files.
    pub path: String,
    /// The file that is not taken.
    pub location: PathBuf,
    /// The one that is taken instead.
    pub by: PathBuf,
    /// Whether that makes a difference.
    pub shadowing: Shadowing,
}

/// How a file and the one that is taken instead compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shadowing {
    /// They have the same bytes.
    Identical,
    /// They have not.
    Different,
}

impl Shadowed {
    /// Compares two files with one path.
    pub(super) fn of(taken: &SourceFile, other: SourceFile) -> io::Result<Self> {
        let is_same =
            taken.stamp.size == other.stamp.size && have_same_bytes(&taken.location, &other.location)?;
        let shadowing = if is_same { Shadowing::Identical } else { Shadowing::Different };
        Ok(Self { path: other.path, location: other.location, by: taken.location.clone(), shadowing })
    }
}

impl std::fmt::Display for Shadowed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let how = match self.shadowing {
            Shadowing::Identical => "the same as",
            Shadowing::Different => "different from",
        };
        let Self { path, location, by, .. } = self;
        write!(
            f,
            "{path}: {} is not taken; it is {how} {}, which comes first",
            location.display(),
            by.display()
        )
    }
}

fn have_same_bytes(one: &Path, other: &Path) -> io::Result<bool> {
    const CHUNK: usize = 64 * 1024;
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut left, mut right) = (vec![0; CHUNK], vec![0; CHUNK]);
    loop {
        let (ends, also_ends) = (fill(&mut one, &mut left)?, fill(&mut other, &mut right)?);
        if left[..ends] != right[..also_ends] {
            return Ok(false);
        }
        if ends < CHUNK {
            return Ok(true);
        }
    }
}

/// Reads until the buffer is full or the file at its end.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}
