use futures_util::StreamExt;
use serde::Serialize;
use storage_suite::ErrorKind;
use storage_suite::storage_core::ObjectEntry;
use storage_suite::storage_core::list::{LevelItem, ListItem, ListOptions, RawEntry};

use super::{folder_prefix, no_such_folder};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::object_json::ObjectJson;
use crate::time::rfc_3339;

/// List objects and folders
///
/// One level at a time, or everything below with --recursive. A folder ends with `/`.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage ls                    the top level
  storage ls photos --long      what is in photos, with sizes and times
  storage ls --recursive        everything
  storage ls --recursive --json | jq -r .key

JSON:
  {\"type\", \"key\", \"size\", \"etag\", \"last_modified\", \"content_type\": null} for each line; type is object,
  folder, or unaddressable for a key that only foreign programs store")]
pub(crate) struct Ls {
    /// A folder, or the key of one object
    #[arg(default_value = "", hide_default_value = true)]
    folder: String,
    /// List everything below, not one level
    #[arg(long, short)]
    recursive: bool,
    /// Show size in bytes, time and ETag
    #[arg(long, short)]
    long: bool,
}

#[derive(Serialize)]
struct LineJson<'a> {
    r#type: &'static str,
    #[serde(flatten)]
    object: ObjectJson<'a>,
}

/// One line of a listing.
enum Line {
    Object(ObjectEntry),
    Folder(String),
    Unaddressable(RawEntry),
}

impl From<ListItem> for Line {
    fn from(item: ListItem) -> Self {
        match item {
            ListItem::Object(entry) => Self::Object(entry),
            ListItem::Unaddressable(entry) => Self::Unaddressable(entry),
        }
    }
}

impl From<LevelItem> for Line {
    fn from(item: LevelItem) -> Self {
        match item {
            LevelItem::Object(entry) => Self::Object(entry),
            LevelItem::Folder(folder) => Self::Folder(folder),
            LevelItem::Unaddressable(entry) => Self::Unaddressable(entry),
        }
    }
}

pub(crate) async fn run(args: Ls, context: &Context<'_>) -> Result<Exit, Failure> {
    let prefix = folder_prefix(&args.folder);
    let options = ListOptions::new().prefix(prefix);
    let storage = context.bucket.storage();
    let mut lines = match args.recursive {
        true => storage.list(options).map(|item| item.map(Line::from)).boxed(),
        false => storage.list_level(options).map(|item| item.map(Line::from)).boxed(),
    };
    let mut is_empty = true;
    while let Some(line) = lines.next().await {
        show(&line?, args.long, context)?;
        is_empty = false;
    }
    if is_empty && !args.folder.trim_end_matches('/').is_empty() {
        show(&one_object(&args.folder, context).await?, args.long, context)?;
    }
    Ok(Exit::Ok)
}

/// No folder has this name; perhaps an object has.
async fn one_object(name: &str, context: &Context<'_>) -> Result<Line, Failure> {
    match context.bucket.stat(name).await {
        Ok(meta) => {
            let entry = ObjectEntry::new(meta.key, meta.size).with_etag(meta.etag);
            Ok(Line::Object(entry.with_last_modified(meta.last_modified)))
        }
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput) => {
            Err(no_such_folder(name, context))
        }
        Err(error) => Err(error.into()),
    }
}

fn show(line: &Line, long: bool, context: &Context<'_>) -> Result<(), Failure> {
    let named = |key| ObjectJson { key, ..ObjectJson::default() };
    let json = match line {
        Line::Object(entry) => LineJson { r#type: "object", object: entry.into() },
        Line::Folder(folder) => LineJson { r#type: "folder", object: named(folder) },
        Line::Unaddressable(entry) => LineJson {
            r#type: "unaddressable",
            object: ObjectJson {
                size: Some(entry.size),
                last_modified: entry.last_modified.map(rfc_3339),
                ..named(entry.key.as_str())
            },
        },
    };
    context.output.result(&json, || text(line, long, context))
}

fn text(line: &Line, long: bool, context: &Context<'_>) -> String {
    let (size, time, etag, key) = match line {
        Line::Object(entry) => (
            entry.size.to_string(),
            entry.last_modified.map(rfc_3339),
            entry.etag.as_ref().map(ToString::to_string),
            context.output.shown(entry.key.as_str()).into_owned(),
        ),
        Line::Folder(folder) => ("-".to_owned(), None, None, context.output.shown(folder).into_owned()),
        Line::Unaddressable(entry) => {
            (entry.size.to_string(), entry.last_modified.map(rfc_3339), None, entry.key.to_string())
        }
    };
    match long {
        true => format!(
            "{size:>12}  {:20}  {:35}  {key}",
            time.as_deref().unwrap_or("-"),
            etag.as_deref().unwrap_or("-")
        ),
        false => key,
    }
}
