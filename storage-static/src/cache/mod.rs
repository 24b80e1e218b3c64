//! What was found out about files, kept between runs: a file whose length, time and number on the disk are the same is not read again.
//!
//! A cache is only ever a shorter way: one that is broken, of another version, or of other settings is as good as none.

#[expect(clippy::module_inception, reason = "the file is named after the concept")]
mod cache;

pub use cache::Cache;
