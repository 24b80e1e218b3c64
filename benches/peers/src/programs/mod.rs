//! The programs that move files: ours, and those that it is compared with.

mod curl;
mod original;
mod rclone;
mod s5cmd;
mod server;
mod storage;

use anyhow::{Context, Result};

pub(crate) use curl::Curl;
pub(crate) use original::{Original, StaticStorage};
pub(crate) use rclone::Rclone;
pub(crate) use s5cmd::S5cmd;
pub(crate) use server::{BUCKET, Server};
pub(crate) use storage::{Payload, Storage};

/// A variable that `cargo xtask bench` sets.
fn variable(name: &str) -> Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set: run `cargo xtask bench`"))
}
