//! Fuzz targets of the folder.

#![allow(
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a target says what is wrong by a panic"
)]

pub mod layout;
pub mod records;
