use std::fs::File;
use std::path::{Path, PathBuf};

use futures_util::stream;
use serde::Serialize;
use storage_suite::{Body, Bucket, SaveOptions, Saved};

use super::collision::OnCollision;
use super::each::{JOBS, each};
use super::{folder_prefix, pair};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{Found, Walk, utf8_name};
use crate::object_json::ObjectJson;

/// Store files, folders or the standard input
///
/// Prints each file with its key and URL. A folder's files keep their paths below it, after the folder's own name; `.` has none.
/// Symbolic links in a folder are not followed, and said; one that is named as an argument is. If some files fail, the rest is
/// stored all the same.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage put cat.jpg                        stored as cat.jpg, or as cat_X7b2q1Z.jpg if that is taken
  storage put cat.jpg --name pets/tom.jpg    stored under another name
  storage put photos --to 2026               photos/a.jpg becomes 2026/photos/a.jpg
  tar c photos | storage put - --name photos.tar
  storage put site.css --collision replace --cache-control 'public, max-age=3600'

JSON:
  {\"key\", \"size\", \"etag\", \"last_modified\": null, \"content_type\", \"url\", \"source\"} for each file")]
pub(crate) struct Put {
    /// Files, folders, or - for the standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The name to store under, for one file or the standard input
    #[arg(long)]
    name: Option<String>,
    /// Store below this folder
    #[arg(long, value_name = "FOLDER", default_value = "", hide_default_value = true)]
    to: String,
    /// What to do if a name is taken
    #[arg(long, value_enum, default_value_t)]
    collision: OnCollision,
    /// Content type, instead of what the name says
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// Cache-Control header
    #[arg(long, value_name = "VALUE")]
    cache_control: Option<String>,
    /// User metadata, as name=value; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    metadata: Vec<(String, String)>,
    /// Tags, as name=value; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    tag: Vec<(String, String)>,
    /// Let browsers show HTML, SVG and the like instead of saving them
    #[arg(long)]
    inline: bool,
    /// How many files are stored at a time
    #[arg(long, value_name = "NUMBER", default_value_t = JOBS, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
}

/// One thing to store.
enum Source {
    Stdin { name: String },
    File { path: PathBuf, name: String },
    Link(PathBuf),
}

type Sources = Box<dyn Iterator<Item = Result<Source, Failure>> + Send>;

#[derive(Serialize)]
struct StoredJson<'a> {
    #[serde(flatten)]
    object: ObjectJson<'a>,
    url: Option<&'a str>,
    source: &'a str,
}

pub(crate) async fn run(args: Put, context: &Context<'_>) -> Result<Exit, Failure> {
    if args.name.is_some() && args.files.len() > 1 {
        return Err(Failure::usage("--name is for one file only"));
    }
    if args.files.iter().filter(|file| is_stdin(file)).count() > 1 {
        return Err(Failure::usage("- can be given once only"));
    }
    let sources = args.files.iter().flat_map(|file| sources(file, &args));
    each(context.output, stream::iter(sources), args.jobs, |source| store(source, &args, context)).await
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What an argument means, found while it is walked through.
fn sources(file: &Path, args: &Put) -> Sources {
    match sources_of(file, args) {
        Ok(sources) => sources,
        Err(failure) => Box::new(std::iter::once(Err(failure))),
    }
}

fn sources_of(file: &Path, args: &Put) -> Result<Sources, Failure> {
    let prefix = folder_prefix(&args.to);
    let one = |source| Ok(Box::new(std::iter::once(Ok(source))) as Sources);
    if is_stdin(file) {
        return match &args.name {
            Some(name) => one(Source::Stdin { name: format!("{prefix}{name}") }),
            None => Err(Failure::usage("the standard input needs a --name")),
        };
    }
    let meta = std::fs::metadata(file).map_err(|error| Failure::file(file, error))?;
    if !meta.is_dir() {
        let name = match &args.name {
            Some(name) => name,
            None => utf8_name(file)?.ok_or_else(|| Failure::usage("the file has no name"))?,
        };
        return one(Source::File { path: file.to_owned(), name: format!("{prefix}{name}") });
    }
    if args.name.is_some() {
        return Err(Failure::usage("--name is for one file; for a folder there is --to"));
    }
    let prefix = match utf8_name(file)? {
        Some(name) => format!("{prefix}{name}/"),
        None => prefix,
    };
    let walk = Walk::new(file)?;
    Ok(Box::new(walk.map(move |found| match found? {
        Found::File { path, name } => Ok(Source::File { path, name: format!("{prefix}{name}") }),
        Found::Link(path) => Ok(Source::Link(path)),
    })))
}

async fn store(source: Source, args: &Put, context: &Context<'_>) -> Result<(), Failure> {
    let (path, name, file) = match source {
        Source::Stdin { name } => (PathBuf::from("-"), name, stdin()),
        Source::File { path, name } => {
            let file = tokio::fs::File::open(&path).await;
            let file = match file {
                Ok(file) => Ok(file.into_std().await),
                Err(error) => Err(error),
            };
            (path, name, file)
        }
        Source::Link(path) => {
            context.output.skipped(&path.display().to_string(), "a symbolic link");
            return Ok(());
        }
    };
    let body = Body::from_file(file.map_err(|error| Failure::file(&path, error))?)?;
    let bar = context.output.bars().start(&name, body.len());
    let moved = bar.setter();
    let options = options(args).progress(move |progress| moved(progress.transferred));
    let saved = context
        .bucket
        .save_with(&name, body, options)
        .await
        .map_err(|error| Failure::from(error).on(&path))?;
    drop(bar);
    report(&path, &saved, &context.bucket, context)
}

/// The standard input as a file: a redirected one then has a length and can be read again.
#[cfg(unix)]
fn stdin() -> std::io::Result<File> {
    use std::os::fd::AsFd;
    Ok(File::from(std::io::stdin().as_fd().try_clone_to_owned()?))
}

#[cfg(windows)]
fn stdin() -> std::io::Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(File::from(std::io::stdin().as_handle().try_clone_to_owned()?))
}

fn options(args: &Put) -> SaveOptions {
    let mut options = SaveOptions::new().collision(args.collision.into());
    if let Some(content_type) = &args.content_type {
        options = options.content_type(content_type);
    }
    if let Some(cache_control) = &args.cache_control {
        options = options.cache_control(cache_control);
    }
    for (name, value) in &args.metadata {
        options = options.metadata(name, value);
    }
    for (name, value) in &args.tag {
        options = options.tag(name, value);
    }
    if args.inline { options.inline() } else { options }
}

fn report(path: &Path, saved: &Saved, bucket: &Bucket, context: &Context<'_>) -> Result<(), Failure> {
    let url = bucket.url(&saved.key).ok();
    let url = url.as_ref().map(AsRef::as_ref);
    let source = path.display().to_string();
    let json = StoredJson { object: saved.into(), url, source: &source };
    context.output.report(&json, || {
        let (source, key) = (context.output.shown(&source), context.output.shown(saved.key.as_str()));
        format!("{source} -> {key} {}", url.unwrap_or_default()).trim_end().to_owned()
    })
}
