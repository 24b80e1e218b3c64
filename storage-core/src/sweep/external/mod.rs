//! Records that need not fit into memory: written, sorted and read in bounded memory. All of it blocks.

mod merge;
mod record;
mod run;
mod sorter;
mod spool;
mod temp_file;

pub(super) use merge::Merge;
pub(super) use run::{Run, RunReader};
pub(super) use sorter::{Sorted, Sorter};
pub(super) use spool::Spool;
