//! Fuzz targets: functions that panic on an input that shows a fault. Compiled for tests, which run them briefly, and for fuzzers only.

#![allow(clippy::missing_panics_doc, reason = "a target says what is wrong by a panic")]

pub mod foreign_attributes;
#[cfg(feature = "_http")]
pub use crate::transport::fuzz as listings;
pub mod store_urls;
