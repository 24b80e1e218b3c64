use std::path::Path;
use std::sync::Arc;

use super::merge::Merge;
use super::record::{encode, order, split};
use super::run::{READ_BYTES, Run};
use super::temp_file::TempFile;
use crate::Result;
use crate::body::FileSource;

/// The places of records in memory are numbers of four bytes.
const MOST_MEMORY: usize = 1 << 30;

/// How many runs are merged at once, at most: each takes a buffer.
const MOST_RUNS: usize = 64;

/// Takes records in any order and gives them in the order of their bytes, each once. What does not fit into its memory is sorted in
/// parts, the runs, which are written to one file.
pub(in crate::sweep) struct Sorter {
    folder: Arc<Path>,
    memory: usize,
    records: Vec<u8>,
    places: Vec<u32>,
    spilled: Option<Spilled>,
}

/// Sorted runs in a file.
struct Spilled {
    file: TempFile,
    ends: Vec<u64>,
}

impl Sorter {
    /// With `memory` bytes for records, and files in `folder` for the rest of them.
    pub(in crate::sweep) fn new(folder: Arc<Path>, memory: usize) -> Self {
        let memory = memory.min(MOST_MEMORY);
        Self { folder, memory, records: Vec::new(), places: Vec::new(), spilled: None }
    }

    pub(in crate::sweep) fn push(&mut self, key: &[u8], rest: &[u8]) -> Result<()> {
        let more = key.len() + rest.len() + 16;
        if self.records.len() + 4 * self.places.len() + more > self.memory && !self.places.is_empty() {
            self.spill()?;
        }
        let place = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        encode(&mut self.records, key, rest)?;
        self.places.push(place);
        Ok(())
    }

    /// All that was pushed, in order.
    pub(in crate::sweep) fn finish(mut self) -> Result<Sorted> {
        if self.spilled.is_none() {
            let mut sorted = Vec::with_capacity(self.records.len());
            self.in_order(|record| {
                sorted.extend_from_slice(record);
                Ok(())
            })?;
            return Ok(Sorted { runs: vec![Run::Memory(sorted.into())] });
        }
        self.spill()?;
        let (folder, fan_in) = (self.folder, (self.memory / READ_BYTES).clamp(2, MOST_RUNS));
        let mut runs = match self.spilled {
            Some(spilled) => spilled.finish()?,
            None => Vec::new(),
        };
        // What is in memory has been written, and its room is needed for the buffers.
        drop((self.records, self.places));
        while runs.len() > fan_in {
            runs = merge_some(&folder, &runs, fan_in)?;
        }
        Ok(Sorted { runs })
    }

    fn spill(&mut self) -> Result<()> {
        let mut spilled = match self.spilled.take() {
            Some(spilled) => spilled,
            None => Spilled::create(&self.folder)?,
        };
        self.in_order(|record| spilled.file.write(record))?;
        spilled.end_run();
        self.spilled = Some(spilled);
        self.records.clear();
        self.places.clear();
        Ok(())
    }

    /// The records in memory, each once.
    fn in_order(&mut self, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let records = &self.records;
        let at = |place: u32| &records[place as usize..];
        self.places.sort_unstable_by(|one, other| order(at(*one), at(*other)));
        let mut last: &[u8] = &[];
        for &place in &self.places {
            let (_, _, record) = split(at(place));
            if record != last {
                take(record)?;
            }
            last = record;
        }
        Ok(())
    }
}

impl Spilled {
    fn create(folder: &Path) -> Result<Self> {
        Ok(Self { file: TempFile::create(folder)?, ends: Vec::new() })
    }

    fn end_run(&mut self) {
        self.ends.push(self.file.len());
    }

    fn finish(self) -> Result<Vec<Run>> {
        let source: FileSource = self.file.finish()?;
        let mut start = 0;
        let runs = self.ends.into_iter().map(|end| {
            let run = source.slice(start, end - start);
            start = end;
            Run::File(run)
        });
        Ok(runs.collect())
    }
}

/// Makes one run of as many as can be merged at once, each time.
fn merge_some(folder: &Path, runs: &[Run], fan_in: usize) -> Result<Vec<Run>> {
    let mut merged = Spilled::create(folder)?;
    for some in runs.chunks(fan_in) {
        let mut merge = Merge::new(some)?;
        while let Some(record) = merge.record() {
            merged.file.write(record)?;
            merge.advance()?;
        }
        merged.end_run();
    }
    merged.finish()
}

/// Records in order, that can be read any number of times.
#[derive(Debug)]
pub(in crate::sweep) struct Sorted {
    runs: Vec<Run>,
}

impl Sorted {
    /// At the first of them.
    pub(in crate::sweep) fn merge(&self) -> Result<Merge> {
        Merge::new(&self.runs)
    }

    /// The same with other records that are in order.
    pub(in crate::sweep) fn merge_with(&self, more: &[Run]) -> Result<Merge> {
        Merge::new(&[&self.runs, more].concat())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn all(sorted: &Sorted) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut merge = sorted.merge().unwrap();
        let mut all = Vec::new();
        while let (Some(key), Some(rest)) = (merge.key(), merge.rest()) {
            all.push((key.to_vec(), rest.to_vec()));
            merge.advance().unwrap();
        }
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn sorts_and_drops_duplicates_whatever_the_memory(
            records in vec((vec(any::<u8>(), 0..6), vec(0_u8..3, 0..2)), 0..400),
            memory in prop_oneof![Just(1_usize), 20_usize..4_000, Just(1_000_000)],
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut sorter = Sorter::new(folder.path().into(), memory);
            for (key, rest) in &records {
                sorter.push(key, rest).unwrap();
            }
            let sorted = sorter.finish().unwrap();
            let expected: Vec<_> = records.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
            prop_assert_eq!(&all(&sorted), &expected);
            prop_assert_eq!(&all(&sorted), &expected, "a second time");
            prop_assert!(sorted.runs.len() <= 2.max(memory / READ_BYTES));
        }
    }

    #[test]
    fn goes_to_files_only_if_it_must() {
        let nowhere: Arc<Path> = Path::new("no/such/folder").into();
        let mut sorter = Sorter::new(Arc::clone(&nowhere), 1_000);
        sorter.push(b"a", b"").unwrap();
        assert_eq!(all(&sorter.finish().unwrap()).len(), 1);
        let mut sorter = Sorter::new(nowhere, 1_000);
        let full = (0..100_u8).map(|n| sorter.push(&[n; 20], b"")).find(Result::is_err).unwrap();
        assert!(full.unwrap_err().to_string().contains("no/such/folder"));
    }

    #[test]
    fn long_records_fit_any_memory() {
        let folder = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::new(folder.path().into(), 64);
        let long = vec![b'x'; 3 * READ_BYTES];
        sorter.push(&long, b"1").unwrap();
        sorter.push(b"a", b"").unwrap();
        sorter.push(&long, b"0").unwrap();
        let records = all(&sorter.finish().unwrap());
        assert_eq!(records.iter().map(|(key, _)| key.len()).collect::<Vec<_>>(), [1, long.len(), long.len()]);
    }
}
