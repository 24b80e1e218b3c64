use bytes::Bytes;

use super::record::{HEADER, lengths, split};
use crate::body::FileSource;
use crate::{Error, ErrorKind, Result};

/// How much is read at once.
pub(super) const READ_BYTES: usize = 64 * 1024;

/// Records one after the other, in memory or in a file, that can be read any number of times.
#[derive(Clone, Debug)]
pub(in crate::sweep) enum Run {
    Memory(Bytes),
    File(FileSource),
}

impl Run {
    pub(in crate::sweep) fn reader(&self) -> RunReader {
        RunReader { run: self.clone(), offset: 0, buffer: Vec::new(), start: 0, end: 0, length: 0 }
    }

    fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(file) => file.len(),
        }
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize> {
        match self {
            Self::Memory(bytes) => {
                let rest =
                    usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default();
                let count = rest.len().min(buffer.len());
                buffer[..count].copy_from_slice(&rest[..count]);
                Ok(count)
            }
            Self::File(file) => file.read_at(offset, buffer).map_err(|error| {
                Error::new(ErrorKind::Other, "a temporary file cannot be read")
                    .with_operation("sweep")
                    .with_source(error)
            }),
        }
    }
}

/// Goes through a [`Run`], record by record.
#[derive(Debug)]
pub(in crate::sweep) struct RunReader {
    run: Run,
    /// Of what is to be read next.
    offset: u64,
    /// What was read is `start..end` of it, and begins with the record, which is `length` long.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    length: usize,
}

impl RunReader {
    /// Goes to the next record, the first one at first. `false` if there is none.
    pub(in crate::sweep) fn advance(&mut self) -> Result<bool> {
        self.start += std::mem::take(&mut self.length);
        if self.start == self.end && self.offset == self.run.len() {
            return Ok(false);
        }
        self.fill(HEADER)?;
        let (key, rest) = lengths(&self.buffer[self.start..self.end]);
        self.fill(HEADER + key + rest)?;
        self.length = HEADER + key + rest;
        Ok(true)
    }

    pub(in crate::sweep) fn key(&self) -> &[u8] {
        split(self.record()).0
    }

    pub(in crate::sweep) fn rest(&self) -> &[u8] {
        split(self.record()).1
    }

    /// Both parts, as they are written.
    pub(super) fn record(&self) -> &[u8] {
        &self.buffer[self.start..self.start + self.length]
    }

    /// Reads until there are `count` bytes.
    fn fill(&mut self, count: usize) -> Result<()> {
        if self.end - self.start >= count {
            return Ok(());
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= std::mem::take(&mut self.start);
        let whole = usize::try_from(self.run.len()).unwrap_or(READ_BYTES).min(READ_BYTES);
        if self.buffer.len() < count.max(whole) {
            self.buffer.resize(count.max(whole), 0);
        }
        while self.end < count {
            match self.run.read_at(self.offset, &mut self.buffer[self.end..])? {
                0 => return Err(Error::new(ErrorKind::Corrupt, "a temporary file ends within a record")),
                read => {
                    self.end += read;
                    self.offset += read as u64;
                }
            }
        }
        Ok(())
    }
}
