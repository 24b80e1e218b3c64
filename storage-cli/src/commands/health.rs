use std::time::Duration;

use serde::Serialize;
use storage_suite::storage_core::health::{HealthOptions, HealthReport};
use storage_suite::storages::BucketHealth;

use super::duration;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;

/// Ask every bucket whether it is up, and say what to do if it is not
///
/// All are asked at once, none twice. With --bucket or --storage only those. Exits with 1 if one is not up.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage health                     can this application work with its buckets?
  storage health --live              does anything answer? A refusal is an answer
  storage health --timeout 500ms --json | jq -e .up

JSON:
  {\"storage\", \"bucket\", \"up\", \"state\", \"latency_ms\", \"server\", \"detail\", \"advice\"} for each bucket; state is up,
  refused, unresolved, tls_failed, timed_out, unreachable, unknown_access_key, wrong_secret_key,
  credentials_refused, clock_skewed, wrong_region, bucket_missing, forbidden, unhealthy or failed")]
pub(crate) struct Health {
    /// Ask only whether anything answers there
    #[arg(long)]
    live: bool,
    /// How long the check may take
    #[arg(long, value_name = "DURATION", default_value = "3s", value_parser = duration)]
    timeout: Duration,
}

#[derive(Serialize)]
struct HealthJson<'a> {
    storage: &'a str,
    bucket: &'a str,
    up: bool,
    state: &'a str,
    latency_ms: u128,
    server: Option<&'a str>,
    detail: Option<&'a str>,
    advice: Option<&'a str>,
}

pub(crate) async fn run(args: &Health, context: &Context<'_>) -> Result<Exit, Failure> {
    let options = if args.live { HealthOptions::liveness() } else { HealthOptions::readiness() };
    let mut exit = Exit::Ok;
    for asked in context.storages.health(&options.timeout(args.timeout)).await {
        if context.is_named && (asked.alias != context.alias || !context.is_meant(&asked.bucket)) {
            continue;
        }
        if !asked.report.is_up() {
            exit = Exit::Other;
        }
        context.output.result(&json(&asked), || text(&asked))?;
    }
    Ok(exit)
}

fn json(asked: &BucketHealth) -> HealthJson<'_> {
    let HealthReport { state, latency, server, detail, .. } = &asked.report;
    HealthJson {
        storage: &asked.alias,
        bucket: &asked.bucket,
        up: asked.report.is_up(),
        state: state.as_str(),
        latency_ms: latency.as_millis(),
        server: server.as_deref(),
        detail: detail.as_deref(),
        advice: state.advice(),
    }
}

fn text(asked: &BucketHealth) -> String {
    escaped(&format!("{}/{}: {}", asked.alias, asked.bucket, asked.report))
}
