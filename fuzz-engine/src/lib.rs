//! Fuzzing on stable Rust, in a plain test or for hours: seeds are mutated and handed to a function that panics if something is wrong.
//!
//! What is found is made as small as it gets and shown as a byte literal, for a unit test. There is no coverage guidance: the same
//! functions run under libFuzzer for that (the folder `fuzz`).
//!
//! ```
//! fuzz_engine::check("numbers", |data| if let Ok(text) = std::str::from_utf8(data) {
//!     if let Ok(number) = text.parse::<u32>() {
//!         assert_eq!(number.to_string().parse(), Ok(number));
//!     }
//! }, &[b"17", b"+4294967295"]);
//! ```
//!
//! `STORAGE_FUZZ_EXECUTIONS` and `STORAGE_FUZZ_SEED` make a test run longer or elsewhere than it does by itself.

mod attempt;
mod check;
mod dictionary;
mod fuzz;
mod minimise;
mod mutate;
mod random;

pub use check::check;
pub use fuzz::{Bound, Finding, Plan, Report, fuzz};
