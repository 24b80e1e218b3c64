//! What is told of a plan, and of what became of it.

use std::time::Duration;

use serde_json::json;
use storage_suite::statics::collect::{Cleared, Collected};
use storage_suite::statics::plan::{Plan, VariantState};

use crate::context::Context;
use crate::failure::Failure;

/// All that would be done.
pub(super) fn plan(context: &Context<'_>, plan: &Plan) -> Result<(), Failure> {
    let output = context.output;
    if !output.is_json {
        return output.line(plan.to_string().trim_end());
    }
    for step in &plan.steps {
        let why = step.reason.to_string();
        output.json(&json!({
            "phase": step.phase, "key": step.key, "action": step.action, "why": why, "size": step.size,
        }))?;
        for variant in &step.variants {
            let (action, why) = match variant.state {
                VariantState::Wanted => ("compress", "it is not in the bucket"),
                VariantState::Outdated => ("compress", "what is there is of other content"),
                VariantState::Headers => ("headers", "its headers differ"),
                VariantState::Declined => ("unchanged", "it would save too little"),
                VariantState::Present => ("unchanged", "it is in the bucket"),
            };
            output.json(&json!({
                "phase": step.phase, "key": variant.key, "action": action, "why": why, "size": null,
            }))?;
        }
    }
    let index = plan.index.action;
    output.json(&json!({
        "phase": "index", "key": plan.index.key, "action": index, "why": plan.index.why(), "size": null,
    }))?;
    output.json(&json!({
        "phase": "manifest", "key": plan.manifest.key, "action": plan.manifest.action,
        "why": plan.manifest.reason.to_string(), "size": plan.manifest.json.len(),
    }))?;
    for skipped in &plan.skipped {
        output.json(&json!({"skipped": skipped.name, "why": skipped.why}))?;
    }
    for key in &plan.leftover {
        output.json(&json!({"leftover": key}))?;
    }
    Ok(())
}

/// What was done, or would be.
pub(super) struct Done {
    pub(super) is_dry: bool,
    pub(super) collected: Collected,
    pub(super) cleared: Cleared,
    /// Calls of the store.
    pub(super) requests: u64,
    pub(super) took: Duration,
}

/// The closing line.
pub(super) fn conclude(context: &Context<'_>, plan: &Plan, done: &Done) -> Result<(), Failure> {
    let (summary, requests, seconds) = (plan.summary(), done.requests, done.took.as_secs_f64());
    let (compressed, bytes) = match done.is_dry {
        true => (summary.variants, summary.bytes),
        false => (done.collected.variants, done.collected.bytes),
    };
    let value = json!({
        "deploy": plan.index.index.deploy, "new": summary.new, "changed": summary.changed, "headers": summary.headers,
        "unchanged": summary.unchanged, "skipped": summary.skipped, "compressed": compressed,
        "cleared": done.cleared.objects, "bytes": bytes, "requests": requests, "seconds": seconds,
    });
    context.output.report(&value, || {
        let cleared = match done.cleared.objects {
            0 => String::new(),
            objects => format!(", {objects} cleared away"),
        };
        format!(
            "{} new, {} changed, {} with other headers, {} unchanged, {} skipped, {compressed} {}{cleared}; {bytes} \
             bytes {} in {requests} requests, {seconds:.1} s",
            summary.new,
            summary.changed,
            summary.headers,
            summary.unchanged,
            summary.skipped,
            if done.is_dry { "to be compressed" } else { "compressed" },
            if done.is_dry { "to upload; looked at" } else { "uploaded" },
        )
    })
}
