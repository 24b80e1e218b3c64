//! What all benchmarks share: settings, usage of time and memory, rounds, tables, versions.

mod report;
mod rounds;
mod settings;
mod usage;
mod versions;

pub(crate) use report::{Report, Table, mebibytes, ratio, seconds};
pub(crate) use rounds::{Contestant, Measured, in_phases, in_rounds};
pub(crate) use settings::{Settings, myself};
pub(crate) use usage::{Meter, Usage, run, run_and_read};
pub(crate) use versions::{crate_version, program_version, version_in};
