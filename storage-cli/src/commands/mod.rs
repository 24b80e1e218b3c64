//! One file for each command: its arguments, its help and what it does.

pub(crate) mod accept;
pub(crate) mod buckets;
pub(crate) mod cat;
pub(crate) mod collect;
mod collision;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod cors;
pub(crate) mod cp;
pub(crate) mod deploys;
mod digest;
pub(crate) mod each;
pub(crate) mod get;
mod headers;
pub(crate) mod health;
pub(crate) mod init;
pub(crate) mod lifecycle;
pub(crate) mod ls;
pub(crate) mod mv;
pub(crate) mod orphans;
mod pairs;
pub(crate) mod policy;
pub(crate) mod post_policy;
pub(crate) mod presign_put;
pub(crate) mod prune;
pub(crate) mod put;
pub(crate) mod rm;
pub(crate) mod rollback;
pub(crate) mod stat;
pub(crate) mod statics;
pub(crate) mod unfinished_uploads;
pub(crate) mod url;
pub(crate) mod verify_url;

use storage_suite::storage_core::admin::BucketAdmin;
use storage_suite::{Error, ErrorKind, ObjectKey};

use crate::context::Context;
use crate::failure::Failure;

/// A folder as listings want it: nothing for the top, else with one slash at its end.
fn folder_prefix(folder: &str) -> String {
    match folder.trim_end_matches('/') {
        "" => String::new(),
        folder => format!("{folder}/"),
    }
}

/// The bucket behind the store, for a command of this name.
fn bucket_admin<'a>(context: &'a Context<'_>, command: &'static str) -> Result<&'a dyn BucketAdmin, Failure> {
    let storage = context.bucket.storage();
    let lacking =
        || Error::unsupported("this store has no buckets").with_operation(command).with_store(storage.name());
    Ok(storage.bucket_admin().ok_or_else(lacking)?)
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

fn size(text: &str) -> Result<u64, String> {
    storage_suite::settings::parse_size(text)
        .ok_or_else(|| "a size is a whole number of bytes, or is written as 10KiB, 10MiB or 1GiB".to_owned())
}

/// A name that a browser saves a file under. What would be left out of it is refused, so that nobody is surprised.
fn file_name(text: &str) -> Result<String, String> {
    match text.is_empty() || text.contains(['/', '\\']) || text.chars().any(char::is_control) {
        true => Err("a file name is not empty, and holds no control character, `/` or `\\`".to_owned()),
        false => Ok(text.to_owned()),
    }
}

/// The key that somebody is to upload to: the one given, else one that nobody can guess.
fn upload_key(key: Option<&str>) -> Result<ObjectKey, Failure> {
    match key {
        Some(key) => Ok(ObjectKey::new(key).map_err(Error::from)?),
        None => Ok(ObjectKey::random()?),
    }
}

/// `name=value`.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it is written as name=value".to_owned()),
    }
}
