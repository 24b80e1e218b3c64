use serde_json::json;

use super::deploys::failure;
use super::statics::files;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;

/// Go back to an earlier deploy of the static files
///
/// Its files are in the bucket still, so that only the manifest is stored. Files with plain names stay as they are, and are named.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage deploys                                  which there are
  storage rollback 2026-11-23T08-00-00Z-a1b2

JSON:
  {\"deploy\", \"from\", \"stale\": [\"…\"]}")]
pub(crate) struct Rollback {
    /// The deploy
    #[arg(value_name = "DEPLOY")]
    deploy: String,
}

pub(crate) async fn run(args: &Rollback, context: &Context<'_>) -> Result<Exit, Failure> {
    let done = files(context)?.collector().rollback(&args.deploy).await.map_err(failure)?;
    let value = json!({"deploy": done.deploy, "from": done.from, "stale": done.stale});
    context.output.report(&value, || format!("the live deploy is {}", escaped(&done.deploy)))?;
    for key in &done.stale {
        context.output.notice(&format!("{key} stays as it is: it has no fingerprint"));
    }
    Ok(Exit::Ok)
}
