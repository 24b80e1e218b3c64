//! The fuzz target of this crate. Compiled for tests, which run it briefly, and for fuzzers only.

#![allow(
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a target says what is wrong by a panic"
)]

pub mod settings;

pub use crate::settings::fuzz as setting_values;
