use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Differences that are known, and why they are right: `explained.tsv`, a line each of file, difference and reason.
pub(crate) struct Explained {
    lines: Vec<Line>,
}

struct Line {
    /// The end of the path.
    file: &'static str,
    /// What the difference begins with.
    difference: &'static str,
    was_seen: AtomicBool,
}

impl Explained {
    pub(crate) fn read() -> Self {
        let lines = include_str!("../explained.tsv").lines().filter(|line| !line.starts_with('#'));
        let lines = lines.filter_map(|line| {
            let mut columns = line.split('\t');
            let (file, difference) = (columns.next()?, columns.next()?);
            Some(Line { file, difference, was_seen: AtomicBool::new(false) })
        });
        Self { lines: lines.collect() }
    }

    /// What of the differences in a file is not explained.
    pub(crate) fn without(&self, path: &Path, mut different: Vec<String>) -> Vec<String> {
        for line in self.lines.iter().filter(|line| path.ends_with(line.file)) {
            different.retain(|found| {
                let is_known = found.starts_with(line.difference);
                line.was_seen.fetch_or(is_known, Ordering::Relaxed);
                !is_known
            });
        }
        different
    }

    /// Explanations of files that are there and have no such difference.
    pub(crate) fn unused(&self, files: &[PathBuf]) -> Vec<String> {
        let unseen = self.lines.iter().filter(|line| !line.was_seen.load(Ordering::Relaxed));
        let there = unseen.filter(|line| files.iter().any(|path| path.ends_with(line.file)));
        there.map(|line| format!("{}: {}", line.file, line.difference)).collect()
    }
}
