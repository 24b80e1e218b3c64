//! What killed clients left in a folder goes by itself.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::client::Store;
use super::local;
use super::traces::Traces;

/// How old a file without a living writer must be before it is removed, and a little more.
const DEAD_AFTER: Duration = Duration::from_secs(62);

/// A store whose clients were killed.
pub(super) struct Leftovers {
    store: Store,
    traces: Traces,
    since: Instant,
}

impl Leftovers {
    pub(super) fn new(store: Store, traces: Traces) -> Self {
        Self { store, traces, since: Instant::now() }
    }

    /// Waits until they are old enough, opens the store once more, and says whether nothing is left.
    ///
    /// # Errors
    /// When the command does not run.
    pub(super) fn are_swept(&self) -> Result<bool> {
        thread::sleep(DEAD_AFTER.saturating_sub(self.since.elapsed()));
        let before = self.traces.now().len();
        let listing = self.store.done(&["ls".to_owned(), "--recursive".to_owned()])?;
        let (files, records) = (self.traces.now().len(), local::records(&self.store).now().len());
        println!(
            "sweep: {before} unfinished files before it, {files} after it; {} objects, {records} records",
            listing.lines.len()
        );
        Ok(files == 0)
    }
}
