use std::future::ready;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt;
use serde_json::json;
use storage_suite::ObjectKey;
use storage_suite::storage_core::key::RawKey;
use storage_suite::storage_core::list::{ListItem, ListOptions};
use storage_suite::storage_core::outcome::Deletion;
use storage_suite::{Error, Storage as _};

use super::folder_prefix;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// As many keys as one request deletes
/// ([S3 API, "DeleteObjects"](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)).
const BATCH: usize = 1_000;

/// How many batches are deleted at a time.
const AT_ONCE: usize = 4;

/// Delete objects
///
/// Deleting what is not there is fine. With --recursive each argument is a folder, and everything below it is deleted.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage rm cat.jpg dog.jpg
  storage rm --recursive photos/2025
  storage rm --raw photos//a           what `storage ls --json` calls unaddressable
  storage rm --recursive '' --yes      empty the bucket

JSON:
  {\"key\", \"deleted\": true} for each key")]
pub(crate) struct Rm {
    /// Keys of the objects, or folders
    #[arg(required = true, value_name = "KEY")]
    keys: Vec<String>,
    /// Delete everything below these folders
    #[arg(long, short)]
    recursive: bool,
    /// Take keys as they are, also those that only foreign programs store, such as a//b
    #[arg(long, conflicts_with = "recursive")]
    raw: bool,
    /// Really empty the whole bucket
    #[arg(long)]
    yes: bool,
}

pub(crate) async fn run(args: Rm, context: &Context<'_>) -> Result<Exit, Failure> {
    if !args.recursive {
        let mut exit = Exit::Ok;
        let mut keys = Vec::new();
        for key in &args.keys {
            match ObjectKey::new(key) {
                Ok(key) => keys.push(RawKey::from(key)),
                Err(_) if args.raw && !key.is_empty() => keys.push(RawKey::new(key)),
                Err(error) => exit = exit.and(context.output.failure(&Error::from(error).into())),
            }
        }
        for batch in keys.chunks(BATCH) {
            exit = exit.and(delete(batch.to_vec(), context).await?);
        }
        return Ok(exit);
    }
    let prefixes: Vec<_> = args.keys.iter().map(|folder| folder_prefix(folder)).collect();
    if prefixes.iter().any(String::is_empty) && !args.yes {
        return Err(Failure::usage("this would delete everything in the bucket; add --yes if that is meant"));
    }
    let mut exit = Exit::Ok;
    for prefix in prefixes {
        exit = exit.and(delete_below(prefix, context).await?);
    }
    Ok(exit)
}

/// Several batches at a time, each while the next is listed. After a failure no further one is begun, and those on their way are
/// waited for, so that all that was deleted is told.
async fn delete_below(prefix: String, context: &Context<'_>) -> Result<Exit, Failure> {
    let has_failed = AtomicBool::new(false);
    let batches = context.bucket.list(ListOptions::new().prefix(prefix)).chunks(BATCH);
    let deletions = batches
        .take_while(|_| ready(!has_failed.load(Ordering::Relaxed)))
        .map(|batch| async move { delete_keys(keys_of(batch)?, context).await })
        .buffered(AT_ONCE);
    let mut deletions = pin!(deletions);
    let mut outcome = Ok(Exit::Ok);
    while let Some(deleted) = deletions.next().await {
        let reported = deleted.and_then(|(keys, deletion)| report(&keys, deletion, context));
        has_failed.fetch_or(reported.is_err(), Ordering::Relaxed);
        outcome = match (outcome, reported) {
            (Ok(exit), reported) => reported.map(|more| exit.and(more)),
            (Err(first), Ok(_)) => Err(first),
            (Err(first), Err(more)) => {
                context.output.failure(&more);
                Err(first)
            }
        };
    }
    outcome
}

fn keys_of(batch: Vec<Result<ListItem, Error>>) -> Result<Vec<RawKey>, Failure> {
    let key = |item| match item {
        ListItem::Object(entry) => RawKey::from(entry.key),
        ListItem::Unaddressable(entry) => entry.key,
    };
    Ok(batch.into_iter().map(|item| item.map(key)).collect::<Result<_, _>>()?)
}

async fn delete(keys: Vec<RawKey>, context: &Context<'_>) -> Result<Exit, Failure> {
    let (keys, deletion) = delete_keys(keys, context).await?;
    report(&keys, deletion, context)
}

async fn delete_keys(keys: Vec<RawKey>, context: &Context<'_>) -> Result<(Vec<RawKey>, Deletion), Failure> {
    let deletion = context.bucket.storage().delete_many(keys.clone()).await?;
    Ok((keys, deletion))
}

fn report(keys: &[RawKey], deletion: Deletion, context: &Context<'_>) -> Result<Exit, Failure> {
    for key in keys.iter().filter(|key| deletion.failed.iter().all(|(failed, _)| failed != *key)) {
        context.output.report(&json!({"key": key.as_str(), "deleted": true}), || format!("deleted {key}"))?;
    }
    let failures = deletion.failed.into_iter().map(|(_, error)| context.output.failure(&error.into()));
    Ok(failures.fold(Exit::Ok, Exit::and))
}
