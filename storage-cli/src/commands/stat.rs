use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;
use storage_suite::storage_core::ObjectMeta;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::object_json::ObjectJson;
use crate::output::escaped;
use crate::time::rfc_3339;

/// Show an object's size, type, headers and metadata
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage stat cat.jpg
  storage stat cat.jpg --json | jq .content_type

JSON:
  {\"key\", \"size\", \"etag\", \"last_modified\", \"content_type\", \"version\", \"cache_control\",
  \"content_disposition\", \"content_encoding\", \"content_language\", \"metadata\": {\"name\": \"value\"}}")]
pub(crate) struct Stat {
    /// Keys of the objects
    #[arg(required = true, value_name = "KEY")]
    keys: Vec<String>,
}

#[derive(Serialize)]
struct StatJson<'a> {
    #[serde(flatten)]
    object: ObjectJson<'a>,
    version: Option<&'a str>,
    cache_control: Option<&'a str>,
    content_disposition: Option<&'a str>,
    content_encoding: Option<&'a str>,
    content_language: Option<&'a str>,
    metadata: &'a BTreeMap<String, String>,
}

pub(crate) async fn run(args: Stat, context: &Context<'_>) -> Result<Exit, Failure> {
    let mut exit = Exit::Ok;
    for key in &args.keys {
        match context.bucket.stat(key).await {
            Ok(meta) => context.output.result(&json(&meta), || text(&meta))?,
            Err(error) => exit = exit.and(context.output.failure(&error.into())),
        }
    }
    Ok(exit)
}

fn json(meta: &ObjectMeta) -> StatJson<'_> {
    let attributes = &meta.attributes;
    StatJson {
        object: meta.into(),
        version: meta.version.as_deref(),
        cache_control: attributes.cache_control.as_deref(),
        content_disposition: attributes.content_disposition.as_deref(),
        content_encoding: attributes.content_encoding.as_deref(),
        content_language: attributes.content_language.as_deref(),
        metadata: &attributes.metadata,
    }
}

fn text(meta: &ObjectMeta) -> String {
    let attributes = &meta.attributes;
    let size = meta.size.to_string();
    let time = meta.last_modified.map(rfc_3339);
    let lines = [
        ("key", Some(meta.key.as_str())),
        ("size", Some(size.as_str())),
        ("content type", Some(meta.content_type.as_str())),
        ("etag", meta.etag.as_ref().map(AsRef::as_ref)),
        ("last modified", time.as_deref()),
        ("version", meta.version.as_deref()),
        ("cache control", attributes.cache_control.as_deref()),
        ("disposition", attributes.content_disposition.as_deref()),
        ("encoding", attributes.content_encoding.as_deref()),
        ("language", attributes.content_language.as_deref()),
    ];
    let mut text = String::new();
    for (name, value) in lines {
        if let Some(value) = value {
            let _ = writeln!(text, "{name:14} {}", escaped(value));
        }
    }
    for (name, value) in &attributes.metadata {
        let _ = writeln!(text, "{:14} {}={}", "metadata", escaped(name), escaped(value));
    }
    text.truncate(text.trim_end().len());
    text
}
