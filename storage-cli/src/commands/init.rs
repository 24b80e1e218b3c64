use serde::Serialize;
use storage_suite::provisioning::{BucketReport, ProvisionOptions};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Make the buckets what the settings say
///
/// Missing ones are created, public ones opened for reading, private ones closed, and the policies of hooks put. What is right already is not
/// written again. A policy that somebody else wrote is reported and kept. One bucket's failure hides no other's. With --bucket or --storage
/// only those. With --quiet nothing is printed but what is not as it should be.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage init
  storage init --check                 change nothing; exit with 1 if something is not as the settings say
  storage init --dry-run               change nothing; show what would be changed
  storage init --bucket photos         this bucket alone
  storage init --replace-foreign       replace what somebody else wrote, too

JSON:
  {\"storage\", \"bucket\", \"ok\", \"changes\": [\"…\"], \"findings\": [\"…\"], \"error\"} for each bucket")]
pub(crate) struct Init {
    /// Change nothing, and exit with 1 on any difference
    #[arg(long)]
    check: bool,
    /// Change nothing, and show what would be changed
    #[arg(long, conflicts_with = "check")]
    dry_run: bool,
    /// Replace what somebody else wrote, too: policies, and a lifecycle rule that is called as ours
    #[arg(long)]
    replace_foreign: bool,
}

#[derive(Serialize)]
struct BucketJson<'a> {
    storage: &'a str,
    bucket: &'a str,
    ok: bool,
    changes: Vec<String>,
    findings: Vec<String>,
    error: Option<String>,
}

pub(crate) async fn run(args: &Init, context: &Context<'_>) -> Result<Exit, Failure> {
    let mut options = ProvisionOptions::new();
    if args.replace_foreign {
        options = options.replace_foreign();
    }
    if context.is_named {
        options = match context.is_one_bucket() {
            true => options.only_bucket(&context.alias, context.bucket.name()),
            false => options.only_storage(&context.alias),
        };
    }
    let report = match args.check || args.dry_run {
        true => context.storages.check(&options).await,
        false => context.storages.initialize(&options).await,
    };
    let report = report.map_err(storage_suite::Error::from)?;
    let mut exit = Exit::Ok;
    for bucket in &report.buckets {
        let of_bucket = match &bucket.error {
            Some(error) => Exit::of(error.kind()),
            None if !bucket.is_ok() || (args.check && !bucket.is_as_wanted()) => Exit::Other,
            None => Exit::Ok,
        };
        context.output.outcome(&json(bucket), || bucket.to_string(), of_bucket)?;
        exit = exit.and(of_bucket);
    }
    Ok(exit)
}

fn json(bucket: &BucketReport) -> BucketJson<'_> {
    BucketJson {
        storage: &bucket.alias,
        bucket: &bucket.bucket,
        ok: bucket.is_ok(),
        changes: bucket.changes.iter().map(ToString::to_string).collect(),
        findings: bucket.findings.iter().map(ToString::to_string).collect(),
        error: bucket.error.as_ref().map(ToString::to_string),
    }
}
