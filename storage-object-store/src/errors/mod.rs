//! Errors of `object_store` as ours, and back.

mod answer;
mod foreign;
mod ours;

pub(crate) use foreign::{FILE_AND_FOLDER, cause, translate};
pub(crate) use ours::into_foreign;
