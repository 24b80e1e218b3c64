//! One behaviour suite for every store: those of [storage-suite](https://docs.rs/storage-suite), or yours.
//!
//! A store proves itself in one test file without the standard harness:
//!
//! ```toml
//! # Cargo.toml
//! [[test]]
//! name = "conformance"
//! harness = false
//! ```
//!
//! ```no_run
//! // tests/conformance.rs
//! # use std::sync::Arc;
//! # struct MyStorage;
//! # impl MyStorage {
//! #     async fn connect() -> storage_core::Result<Arc<dyn storage_core::Storage>> {
//! #         Err(storage_core::Error::unsupported(""))
//! #     }
//! # }
//! # #[allow(clippy::needless_doctest_main, reason = "the main function is what is shown")]
//! fn main() {
//!     storage_conformance::run(|| async { MyStorage::connect().await });
//! }
//! ```
//!
//! `cargo test --test conformance` then lists each case by name, such as `ranges::end_beyond_the_object`. The arguments are those of
//! the standard harness: a filter, `--list`, `--exact`, `--skip`, `--test-threads`.
//!
//! # What a case is
//!
//! - It works below a fresh random prefix and deletes what it stored. A bucket that others use is safe, and cases may run at the same
//!   time.
//! - The factory is called once for each case, inside the case's own multi-threaded tokio runtime, so that no connection outlives the
//!   runtime that it belongs to. A store that lives in memory may be a new one each time or always the same.
//! - It has a [deadline](Suite::deadline). A case that hangs has failed.
//! - One that needs an [`Ability`](storage_core::capability::Ability) that the store does not claim is shown as ignored, with the ability that it
//!   needs. In its place another case checks that the store refuses such a call with a typed error and drops nothing silently.
//! - Known gaps are [declared](Suite::expect_gap), with their reason. They are shown as ignored while the gap is there, and fail when it
//!   is closed.
//!
//! The process fails if a case fails, and also if no case could run: a check that did not run is never green. As with the standard
//! harness, a filter that matches nothing is no failure.
//!
//! The larger cases move three times [`single_put_limit`](storage_core::capability::Capabilities::single_put_limit) and a bit (three times 5 MiB,
//! where the limit is 64 MiB or more), and a few store 2,500 objects.
//!
//! Several stores in one file: see [`run_all`].

mod case;
mod cases;
mod content;
mod factory;
mod outcome;
mod recorder;
mod runner;
mod sandbox;
#[cfg(test)]
mod self_test;
mod suite;

pub use factory::IntoStorage;
pub use suite::{Suite, run, run_all};
