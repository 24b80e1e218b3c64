//! Errors of `object_store` as ours, and back.

mod answer;
mod foreign;
mod ours;
mod refusal;

pub(crate) use foreign::{FILE_AND_FOLDER, cause, translate};
pub(crate) use ours::into_foreign;
