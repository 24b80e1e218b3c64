use serde_json::json;
use storage_suite::Error;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;

/// List the buckets that these credentials may see, and which of them the settings name
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage buckets
  storage buckets --json | jq -r 'select(.configured) | .bucket'

JSON:
  {\"bucket\", \"configured\", \"exists\"} for each")]
pub(crate) struct Buckets {}

pub(crate) async fn run(context: &Context<'_>) -> Result<Exit, Failure> {
    let existing = super::bucket_admin(context, "buckets")?.bucket_names().await?;
    let mut configured: Vec<_> = context
        .storages
        .buckets_of(&context.alias)
        .map_err(Error::from)?
        .map(|bucket| bucket.name().to_owned())
        .collect();
    configured.sort();
    let missing = configured.iter().filter(|name| !existing.contains(name));
    for name in existing.iter().chain(missing) {
        let (is_configured, exists) = (configured.contains(name), existing.contains(name));
        let note = match (is_configured, exists) {
            (true, true) => "  (in the settings)",
            (true, false) => "  (in the settings, missing)",
            _ => "",
        };
        let value = json!({"bucket": name, "configured": is_configured, "exists": exists});
        context.output.result(&value, || format!("{}{note}", escaped(name)))?;
    }
    Ok(Exit::Ok)
}
