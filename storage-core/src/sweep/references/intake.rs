use std::path::Path;
use std::sync::Arc;

use super::lines::{Lines, MAX_BYTES};
use crate::sweep::Counts;
use crate::sweep::external::{Sorted, Sorter};
use crate::{Error, Result};

/// Some of the references, as they came.
pub(in crate::sweep) enum Chunk {
    Text(Vec<u8>),
    Keys(Vec<String>),
}

/// Takes references in any order, and sorts those that begin with the prefix.
pub(in crate::sweep) struct Intake {
    lines: Lines,
    accepted: Accepted,
}

struct Accepted {
    prefix: String,
    sorter: Sorter,
    outside: u64,
}

/// References in order.
pub(in crate::sweep) struct Collected {
    pub(in crate::sweep) sorted: Sorted,
    /// Those of references.
    pub(in crate::sweep) counts: Counts,
}

impl Intake {
    pub(in crate::sweep) fn new(prefix: &str, separator: u8, folder: Arc<Path>, memory: usize) -> Self {
        let sorter = Sorter::new(folder, memory);
        let accepted = Accepted { prefix: prefix.to_owned(), sorter, outside: 0 };
        Self { lines: Lines::new(separator), accepted }
    }

    pub(in crate::sweep) fn take(&mut self, chunk: Chunk) -> Result<()> {
        let accepted = &mut self.accepted;
        match chunk {
            Chunk::Text(text) => self.lines.feed(&text, |key| accepted.take(key)),
            Chunk::Keys(keys) => keys.iter().try_for_each(|key| accepted.take(key)),
        }
    }

    pub(in crate::sweep) fn finish(mut self) -> Result<Collected> {
        let mut accepted = self.accepted;
        self.lines.finish(|key| accepted.take(key))?;
        let sorted = accepted.sorter.finish()?;
        let mut counts = Counts { outside: accepted.outside, ..Counts::default() };
        let mut merge = sorted.merge()?;
        while merge.key().is_some() {
            counts.references += 1;
            merge.advance()?;
        }
        Ok(Collected { sorted, counts })
    }
}

impl Accepted {
    fn take(&mut self, key: &str) -> Result<()> {
        if key.len() > MAX_BYTES {
            let message = format!("a reference of {} bytes is longer than any key", key.len());
            return Err(Error::invalid_input(message).with_operation("sweep"));
        }
        if !key.starts_with(&self.prefix) {
            self.outside += 1;
            return Ok(());
        }
        self.sorter.push(key.as_bytes(), &[])
    }
}
