use serde_json::{Value, json};
use storage_suite::storage_core::AcceptOptions;
use storage_suite::storage_core::bucket::{AcceptOutcome, Rejection};
use storage_suite::{Bucket, Error, ObjectKey, Saved};

use super::collision::OnCollision;
use super::digest::{self, Digest};
use super::headers::Headers;
use super::size;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::object_json::ObjectJson;

/// Take what somebody uploaded directly, or reject it
///
/// Looks at what is really there, checks it, and moves it from the bucket --from into the bucket that the command works on, under a free
/// name. Its type is that of its content, and nothing that the uploader said is kept. What does not hold is deleted, which is exit status 7.
/// After any other failure the upload is still there. A second call comes to the same as the first.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage accept 4f1c…e2 cat.jpg --from uploads --max-length 5MiB --type image/png --type image/jpeg
  storage accept 4f1c…e2 --from uploads --bucket photos --collision reject
  storage accept uploads/4f1c…e2 reports/2026.pdf --type application/pdf --sha256 \"$DIGEST\" --json

JSON:
  {\"upload\", \"accepted\": true, \"key\", \"size\", \"etag\", \"last_modified\": null, \"content_type\", \"url\"}, or
  {\"upload\", \"accepted\": false, \"rejection\": {\"reason\", \"message\", …}}; the reason is too_short (with size and
  min), too_long (with size and max), content_type (with found) or digest")]
pub(crate) struct Accept {
    /// Key of the upload
    upload: String,
    /// The name to keep it under; default: the last part of the upload's key
    name: Option<String>,
    /// The bucket that was uploaded to; default: the one that the command works on
    #[arg(long, value_name = "BUCKET")]
    from: Option<String>,
    /// The named storage that --from is in; default: the one that the command works on
    #[arg(long, value_name = "ALIAS")]
    from_storage: Option<String>,
    /// The fewest bytes, or as 10KiB
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "0")]
    min_length: u64,
    /// The most bytes, or as 10MiB; default: any number
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_length: Option<u64>,
    /// A type that is taken, as image/png or image/*; may be repeated; default: every type
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// SHA-256 that was promised, as 64 hexadecimal digits; the whole content is read
    #[arg(long, value_name = "HEX", value_parser = digest::parse::<32>)]
    sha256: Option<Digest<32>>,
    /// What to do if the name is taken
    #[arg(long, value_enum, default_value_t)]
    collision: OnCollision,
    /// Content type to keep it with, instead of what its content says
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    #[command(flatten)]
    headers: Headers,
    /// Let browsers show HTML, SVG and the like instead of saving them
    #[arg(long)]
    inline: bool,
}

pub(crate) async fn run(args: Accept, context: &Context<'_>) -> Result<Exit, Failure> {
    let upload = ObjectKey::new(&args.upload).map_err(Error::from)?;
    let uploads = uploads(&args, context)?;
    let name = args.name.as_deref().unwrap_or_else(|| upload.file_name());
    let outcome = context.bucket.accept(&uploads, &upload, name, options(&args)).await?;
    let output = context.output;
    match outcome {
        AcceptOutcome::Saved(saved) => {
            let url = context.bucket.url(&saved.key).ok();
            let url = url.as_ref().map(AsRef::as_ref);
            output.report(&accepted(&upload, &saved, url), || {
                let (from, to) = (output.shown(upload.as_str()), output.shown(saved.key.as_str()));
                format!("{from} -> {to} {}", url.unwrap_or_default()).trim_end().to_owned()
            })?;
            Ok(Exit::Ok)
        }
        AcceptOutcome::Rejected(rejection) => {
            output.report(&rejected(&upload, &rejection), || {
                format!("rejected {}: {rejection}", output.shown(upload.as_str()))
            })?;
            Ok(Exit::Rejected)
        }
    }
}

fn uploads(args: &Accept, context: &Context<'_>) -> Result<Bucket, Failure> {
    let alias = args.from_storage.as_deref();
    let bucket = match (alias, &args.from) {
        (None, None) => return Ok(context.bucket.clone()),
        (Some(alias), None) => context.storages.storage(alias),
        (alias, Some(name)) => context.storages.bucket_of(alias.unwrap_or(&context.alias), name),
    };
    Ok(bucket.map_err(Error::from)?.clone())
}

fn options(args: &Accept) -> AcceptOptions {
    let mut options = AcceptOptions::new()
        .min_length(args.min_length)
        .content_types(&args.types)
        .collision(args.collision.into());
    options.max_length = args.max_length;
    options.sha256 = args.sha256.map(|Digest(digest)| digest);
    options.attributes = args.headers.attributes();
    options.attributes.content_type.clone_from(&args.content_type);
    if args.inline { options.inline() } else { options }
}

fn accepted(upload: &ObjectKey, saved: &Saved, url: Option<&str>) -> Value {
    let mut json = json!(ObjectJson::from(saved));
    json["upload"] = upload.as_str().into();
    json["accepted"] = true.into();
    json["url"] = url.into();
    json
}

fn rejected(upload: &ObjectKey, rejection: &Rejection) -> Value {
    let mut reason = match rejection {
        Rejection::TooShort { size, min } => json!({"reason": "too_short", "size": size, "min": min}),
        Rejection::TooLong { size, max } => json!({"reason": "too_long", "size": size, "max": max}),
        Rejection::ContentType { found } => json!({"reason": "content_type", "found": found}),
        Rejection::Digest => json!({"reason": "digest"}),
        _ => json!({"reason": "other"}),
    };
    reason["message"] = rejection.to_string().into();
    json!({"upload": upload.as_str(), "accepted": false, "rejection": reason})
}
