//! Fuzz targets: functions that panic on an input that shows a fault. Compiled for tests, which run them briefly, and for fuzzers only.

#![allow(
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a target says what is wrong by a panic"
)]

pub mod policies;
