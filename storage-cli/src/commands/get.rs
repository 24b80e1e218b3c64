use std::path::{Path, PathBuf};
use std::pin::Pin;

use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use storage_suite::storage_core::list::{ListItem, ListOptions};
use storage_suite::{Error, ErrorKind, ObjectKey};

use super::cat::cat;
use super::each::{JOBS, each};
use super::{folder_prefix, no_such_folder};
use crate::context::Context;
use crate::download::{Target, download};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::object_json::ObjectJson;

/// Read objects into files
///
/// A file appears under its name when it is whole, never half-written. As cp does, it replaces one that is there, unless --no-clobber
/// says otherwise. With --recursive each argument is a folder, whose objects keep their paths after the folder's own name; nothing is
/// written outside the output folder, through symbolic links neither.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage get cat.jpg                        into ./cat.jpg
  storage get photos/cat.jpg -o tom.jpg      into ./tom.jpg
  storage get cat.jpg dog.jpg -o pets        into the folder pets
  storage get --recursive photos -o backup   into backup/photos/…
  storage get --recursive '' -o backup       the whole bucket

JSON:
  {\"key\", \"size\", \"etag\", \"last_modified\", \"content_type\", \"file\"} for each object; none for -o -")]
pub(crate) struct Get {
    /// Keys of the objects, or folders
    #[arg(required = true, value_name = "KEY")]
    keys: Vec<String>,
    /// The file or the folder to write to, or - for the standard output
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Read everything below these folders
    #[arg(long, short)]
    recursive: bool,
    /// Fail where a file is there already
    #[arg(long, short)]
    no_clobber: bool,
    /// How many objects are read at a time
    #[arg(long, value_name = "NUMBER", default_value_t = JOBS, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
}

#[derive(Serialize)]
struct ReadJson<'a> {
    #[serde(flatten)]
    object: ObjectJson<'a>,
    file: &'a str,
}

pub(crate) async fn run(args: Get, context: &Context<'_>) -> Result<Exit, Failure> {
    let output = args.output.clone().unwrap_or_else(|| PathBuf::from("."));
    if output.as_os_str() == "-" {
        return to_stdout(&args, context).await;
    }
    if !args.recursive {
        let into_folder = output.is_dir() || args.output.as_deref().is_some_and(ends_with_slash);
        if args.keys.len() > 1 && !into_folder {
            return Err(Failure::usage("for several objects the output must be a folder"));
        }
        let targets = args.keys.iter().map(|key| target(key, &output, into_folder));
        return get_all(stream::iter(targets), &args, context).await;
    }
    let mut exit = Exit::Ok;
    for folder in &args.keys {
        let prefix = folder_prefix(folder);
        // What stands before the folder's own name is not part of the paths.
        let cut = prefix.trim_end_matches('/').rfind('/').map_or(0, |slash| slash + 1);
        let mut items = context.bucket.list(ListOptions::new().prefix(&prefix)).peekable();
        if Pin::new(&mut items).peek().await.is_none() && !prefix.is_empty() {
            exit = exit.and(context.output.failure(&no_such_folder(folder, context)));
            continue;
        }
        let targets = items.map(|item| below(item?, cut, &output));
        exit = exit.and(get_all(targets, &args, context).await?);
    }
    Ok(exit)
}

async fn to_stdout(args: &Get, context: &Context<'_>) -> Result<Exit, Failure> {
    match &args.keys[..] {
        [key] if !args.recursive => cat(key, None, context).await.map(|()| Exit::Ok),
        _ => Err(Failure::usage("the standard output takes one object")),
    }
}

fn ends_with_slash(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.ends_with('/'))
}

fn target(key: &str, output: &Path, into_folder: bool) -> Result<Target, Failure> {
    let key = ObjectKey::new(key).map_err(Error::from)?;
    match into_folder {
        true => Ok(Target { path: PathBuf::from(key.file_name()), folder: Some(output.to_owned()), key }),
        false => Ok(Target { path: output.to_owned(), folder: None, key }),
    }
}

fn below(item: ListItem, cut: usize, output: &Path) -> Result<Target, Failure> {
    match item {
        ListItem::Object(entry) => {
            let path = PathBuf::from(&entry.key.as_str()[cut..]);
            Ok(Target { path, folder: Some(output.to_owned()), key: entry.key })
        }
        ListItem::Unaddressable(entry) => {
            let error =
                Error::new(ErrorKind::Unsupported, "the key is not valid here, so the object is not read");
            Err(error.with_operation("get").with_key(&entry.key).into())
        }
    }
}

async fn get_all(
    targets: impl Stream<Item = Result<Target, Failure>> + Send,
    args: &Get,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    each(context.output, targets, args.jobs, |target| get(target, args.no_clobber, context)).await
}

async fn get(target: Target, no_clobber: bool, context: &Context<'_>) -> Result<(), Failure> {
    let output = context.output;
    let meta = download(&target, no_clobber, &context.bucket, output.bars()).await?;
    let file = target.file().display().to_string();
    output.report(&ReadJson { object: (&meta).into(), file: &file }, || {
        format!("{} -> {}", output.shown(target.key.as_str()), output.shown(&file))
    })
}
