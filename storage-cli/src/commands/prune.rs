use std::time::Duration;

use serde_json::json;
use storage_suite::statics::deploys::{PruneOptions, PrunePlan};

use super::deploys::failure;
use super::duration;
use super::statics::files;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;

/// Show or delete static files that no recent deploy needs
///
/// Only what an earlier deploy has stored is looked at. The live deploy is always kept, and so is what is young.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage prune                     what would be deleted
  storage prune --delete
  storage prune --delete --keep 10 --max-share 50

JSON:
  {\"key\", \"size\"} for each object, {\"deploy\", \"action\", \"why\"} for each deploy; with --delete, at the end {\"objects\", \"bytes\", \"deploys\"}")]
pub(crate) struct Prune {
    /// Delete it
    #[arg(long)]
    delete: bool,
    /// How many deploys are kept
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    keep: usize,
    /// What is younger is kept
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "24h")]
    min_age: Duration,
    /// The most of all static files that may be deleted at once, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 25, value_parser = clap::value_parser!(u8).range(1..=100))]
    max_share: u8,
}

pub(crate) async fn run(args: &Prune, context: &Context<'_>) -> Result<Exit, Failure> {
    let collector = files(context)?.collector();
    let options = PruneOptions::new()
        .keep(args.keep)
        .min_age(args.min_age)
        .max_share(f64::from(args.max_share) / 100.0);
    let plan = collector.plan_prune(&options).await.map_err(failure)?;
    show(context, &plan)?;
    if !args.delete {
        let found = format!("{} objects, {} bytes; --delete deletes them", plan.delete.len(), plan.bytes());
        context.output.notice(&found);
        return Ok(Exit::Ok);
    }
    let done = collector.prune(&plan).await.map_err(failure)?;
    let value = json!({"objects": done.objects, "bytes": done.bytes, "deploys": done.deploys});
    context.output.report(&value, || {
        format!("deleted {} objects, {} bytes, of {} deploys", done.objects, done.bytes, done.deploys)
    })?;
    Ok(Exit::Ok)
}

/// What is deleted, and what is kept and why.
fn show(context: &Context<'_>, plan: &PrunePlan) -> Result<(), Failure> {
    if !context.output.is_json {
        let lines: Vec<_> = plan.to_string().lines().map(escaped).collect();
        return if lines.is_empty() { Ok(()) } else { context.output.line(&lines.join("\n")) };
    }
    for object in &plan.delete {
        context.output.json(&json!({"key": object.key, "size": object.size}))?;
    }
    for deploy in &plan.deploys {
        context.output.json(&json!({"deploy": deploy, "action": "delete", "why": "it is old"}))?;
    }
    for kept in &plan.kept {
        let why = kept.because.to_string();
        context.output.json(&json!({"deploy": kept.deploy, "action": "keep", "why": why}))?;
    }
    Ok(())
}
