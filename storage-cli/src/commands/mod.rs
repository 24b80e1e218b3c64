//! One file for each command: its arguments, its help and what it does.

pub(crate) mod cat;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod copy;
pub(crate) mod each;
pub(crate) mod get;
pub(crate) mod ls;
pub(crate) mod put;
pub(crate) mod rm;
pub(crate) mod stat;
pub(crate) mod url;
pub(crate) mod verify_url;

use storage_suite::{Error, ErrorKind};

use crate::context::Context;
use crate::failure::Failure;

/// A folder as listings want it: nothing for the top, else with one slash at its end.
fn folder_prefix(folder: &str) -> String {
    match folder.trim_end_matches('/') {
        "" => String::new(),
        folder => format!("{folder}/"),
    }
}

/// A store has no folders, only keys below them.
fn no_such_folder(name: &str, context: &Context<'_>) -> Failure {
    Error::new(ErrorKind::NotFound, "there is neither a folder nor an object of this name")
        .with_operation("list")
        .with_key(name)
        .with_store(context.bucket.name())
        .into()
}

fn duration(text: &str) -> Result<std::time::Duration, String> {
    storage_suite::settings::parse_duration(text)
        .ok_or_else(|| "a duration is written as 7d, 12h, 30m or 90s".to_owned())
}

/// `name=value`.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it is written as name=value".to_owned()),
    }
}
