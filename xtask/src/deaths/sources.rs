//! Files to be stored, each of which can be told by its first bytes.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::dice::Dice;

/// How many bytes tell a file from all others; none is shorter.
const HEAD: usize = 16;

/// A file to be stored.
#[derive(Debug)]
pub(super) struct Source {
    /// Who stores it: files of one name differ by writer.
    pub(super) writer: usize,
    pub(super) name: String,
    pub(super) path: PathBuf,
}

/// All files of a scenario.
#[derive(Debug)]
pub(super) struct Sources {
    all: Vec<Source>,
    by_head: HashMap<Vec<u8>, usize>,
}

impl Sources {
    /// Makes a file of each size for each writer, below `folder`.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) fn make(folder: &Path, writers: usize, sizes: &[usize], dice: &mut Dice) -> Result<Self> {
        let (mut all, mut by_head) = (Vec::new(), HashMap::new());
        for writer in 0..writers {
            let own = folder.join(label(writer));
            std::fs::create_dir_all(&own).context("cannot make a folder for files")?;
            for (number, size) in sizes.iter().enumerate() {
                let name = format!("f{number:02}.bin");
                let content = dice.bytes((*size).max(HEAD));
                let path = own.join(&name);
                std::fs::write(&path, &content).context("cannot write a file to be stored")?;
                by_head.insert(content[..HEAD].to_vec(), all.len());
                all.push(Source { writer, name, path });
            }
        }
        Ok(Self { all, by_head })
    }

    pub(super) fn of(&self, writer: usize) -> impl Iterator<Item = &Source> {
        self.all.iter().filter(move |source| source.writer == writer)
    }

    /// Which file this is a copy of, byte for byte.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub(super) fn identify(&self, copy: &Path) -> Result<Option<&Source>> {
        let mut head = Vec::new();
        File::open(copy)?.take(HEAD as u64).read_to_end(&mut head)?;
        let Some(source) = self.by_head.get(&head).map(|at| &self.all[*at]) else { return Ok(None) };
        let same = std::fs::read(copy)? == std::fs::read(&source.path)?;
        Ok(same.then_some(source))
    }
}

/// How a writer marks its objects in their metadata.
pub(super) fn label(writer: usize) -> String {
    format!("w{writer}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_copy_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let sources = Sources::make(folder.path(), 2, &[1, 100], &mut Dice::new(1, "sources", 0)).unwrap();
        let one = sources.of(1).nth(1).unwrap();
        let found = |content: &[u8]| {
            let copy = folder.path().join("copy");
            std::fs::write(&copy, content).unwrap();
            sources.identify(&copy).unwrap().map(|source| (source.writer, source.name.clone()))
        };
        let mut content = std::fs::read(&one.path).unwrap();
        assert_eq!(found(&content), Some((1, "f01.bin".to_owned())));
        assert_eq!(found(&content[..99]), None);
        assert_eq!(found(&content[..5]), None);
        assert_eq!(found(b""), None);
        content[99] ^= 1;
        assert_eq!(found(&content), None);
        content.pop();
        content.extend([1, 2]);
        assert_eq!(found(&content), None);
    }
}
