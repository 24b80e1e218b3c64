//! The real command, on stores in temporary folders.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

mod collect;
mod config;
mod copying;
mod failures;
mod get;
mod health;
mod init;
mod json;
mod listing;
mod orphans;
mod policy;
mod put;
mod sandbox;
#[cfg(unix)]
mod signals;
mod uploads;
mod urls;
