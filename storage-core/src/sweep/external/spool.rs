use std::path::Path;
use std::sync::Arc;

use super::record::encode;
use super::run::Run;
use super::temp_file::TempFile;
use crate::Result;

/// How much of it is held in memory.
const HELD_BYTES: usize = 256 * 1024;

/// Records in the order in which they come. What does not fit into a little memory is written to a file.
pub(in crate::sweep) struct Spool {
    folder: Arc<Path>,
    records: Vec<u8>,
    file: Option<TempFile>,
}

impl Spool {
    pub(in crate::sweep) fn new(folder: Arc<Path>) -> Self {
        Self { folder, records: Vec::new(), file: None }
    }

    pub(in crate::sweep) fn push(&mut self, key: &[u8], rest: &[u8]) -> Result<()> {
        encode(&mut self.records, key, rest)?;
        if self.records.len() > HELD_BYTES {
            let mut file = match self.file.take() {
                Some(file) => file,
                None => TempFile::create(&self.folder)?,
            };
            file.write(&self.records)?;
            self.file = Some(file);
            self.records.clear();
        }
        Ok(())
    }

    pub(in crate::sweep) fn finish(self) -> Result<Run> {
        match self.file {
            None => Ok(Run::Memory(self.records.into())),
            Some(mut file) => {
                file.write(&self.records)?;
                Ok(Run::File(file.finish()?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_came_in_its_order() {
        let folder = tempfile::tempdir().unwrap();
        for count in [0_u32, 3, 100_000] {
            let mut spool = Spool::new(folder.path().into());
            for number in 0..count {
                spool.push(format!("key {}", count - number).as_bytes(), &number.to_le_bytes()).unwrap();
            }
            let run = spool.finish().unwrap();
            assert_eq!(matches!(run, Run::File(_)), count == 100_000);
            let mut reader = run.reader();
            for number in 0..count {
                assert!(reader.advance().unwrap());
                assert_eq!(reader.key(), format!("key {}", count - number).as_bytes());
                assert_eq!(reader.rest(), number.to_le_bytes());
            }
            assert!(!reader.advance().unwrap());
        }
    }
}
