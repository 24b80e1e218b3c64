use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt;
use serde_json::json;
use storage_suite::storage_core::admin::UnfinishedUpload;

use super::{bucket_admin, duration};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;
use crate::time::rfc_3339;

/// List uploads in parts that nobody has finished, or abort the old ones
///
/// What a killed client has sent takes room that no listing shows. A lifecycle rule does this by itself where the server has one.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage uploads                          what is unfinished
  storage uploads --abort                  abort what is older than a day
  storage uploads --abort --older-than 7d --prefix videos/

JSON:
  {\"key\", \"upload\", \"started\", \"aborted\"} for each")]
pub(crate) struct Uploads {
    /// Only keys that begin so
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    prefix: String,
    /// Abort them
    #[arg(long)]
    abort: bool,
    /// Only those begun so long ago; those whose time is not known count as new
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "24h")]
    older_than: Duration,
}

pub(crate) async fn run(args: &Uploads, context: &Context<'_>) -> Result<Exit, Failure> {
    let admin = bucket_admin(context, "uploads")?;
    let now = SystemTime::now();
    let mut exit = Exit::Ok;
    let mut uploads = admin.unfinished_uploads(&args.prefix)?;
    while let Some(upload) = uploads.try_next().await? {
        let aborted = args.abort && is_older(&upload, now, args.older_than);
        if aborted && let Err(error) = admin.abort_upload(&upload).await {
            exit = exit.and(context.output.failure(&error.into()));
            continue;
        }
        let started = upload.started.map(rfc_3339);
        let value = json!({
            "key": upload.key.as_str(), "upload": upload.id, "started": started, "aborted": aborted
        });
        context.output.report(&value, || {
            let done = if aborted { "  aborted" } else { "" };
            let started = started.as_deref().unwrap_or("unknown time");
            format!("{started}  {}{done}", escaped(upload.key.as_str()))
        })?;
    }
    Ok(exit)
}

fn is_older(upload: &UnfinishedUpload, now: SystemTime, age: Duration) -> bool {
    upload.started.and_then(|started| now.duration_since(started).ok()).is_some_and(|passed| passed >= age)
}
