use std::path::PathBuf;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use storage_suite::storage_core::sweep::{
    ApplyOptions, Counts, Orphan, Outcome, Plan, References, Report, Sweep,
};

use super::duration;
use crate::ask::{ask, can_ask};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, escaped};
use crate::time::rfc_3339;

/// So many keys are shown before somebody is asked.
const SHOWN: usize = 10;

/// List objects that nothing refers to, or delete them
///
/// Compares what the bucket holds with the keys in --references: as the application's database has them, one a line, in any order, as many
/// as there are. Prints the keys of orphans, and deletes nothing unless told to. Only what is older than --min-age counts: than now, and than
/// the file of references.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage orphans --references keys.txt                     what would be deleted
  psql -Atc 'select key from files' | storage orphans --references - --prefix uploads/
  storage orphans --references keys.txt --delete            delete them, after a question
  storage orphans --references keys.txt --delete --yes --min-age 7d --max-share 50%

JSON:
  {\"key\", \"size\", \"last_modified\", \"state\"} for each; state is orphan, missing (referred to and not listed;
  size and time are null), and with --delete deleted, kept (written anew since) or gone. At the end {\"summary\":
  {\"listed\", \"listed_bytes\", \"referenced\", \"orphans\", \"orphan_bytes\", \"young\", \"undated\", \"references\",
  \"outside\", \"missing\", \"deleted\", \"deleted_bytes\", \"kept\", \"gone\", \"failed\", \"untried\"}}; the last six are null
  without --delete")]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Orphans {
    /// A file with one key a line, or `-` for the standard input
    #[arg(long, value_name = "FILE")]
    references: PathBuf,
    /// Keys end with a NUL, as of `sort -z`, instead of a line break
    #[arg(long, short = '0')]
    null: bool,
    /// Only keys that begin so
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    prefix: String,
    /// How long ago an orphan was last written, at least; longer than any upload takes
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "24h")]
    min_age: Duration,
    /// Refuse to delete more than this share of the objects
    #[arg(long, value_name = "PERCENT", value_parser = share, default_value = "25%")]
    max_share: f64,
    /// There may be no references at all
    #[arg(long)]
    allow_empty: bool,
    /// Delete the orphans
    #[arg(long)]
    delete: bool,
    /// Do not ask
    #[arg(long, requires = "delete")]
    yes: bool,
    /// Do not look at each orphan again before it is deleted
    #[arg(long, requires = "delete")]
    trust_listing: bool,
}

pub(crate) async fn run(args: &Orphans, context: &Context<'_>) -> Result<Exit, Failure> {
    let is_stdin = args.references.as_os_str() == "-";
    if args.delete && !args.yes && (is_stdin || !can_ask()) {
        return Err(Failure::usage("nobody can be asked whether to delete; add --yes if that is meant"));
    }
    let references = match is_stdin {
        true => References::reader(tokio::io::stdin()),
        false => References::file(&args.references),
    };
    let references = if args.null { references.separated_by_nul() } else { references };
    let mut sweep = Sweep::new(context.bucket.storage())
        .prefix(&args.prefix)
        .min_age(args.min_age)
        .max_share(args.max_share);
    if args.allow_empty {
        sweep = sweep.allow_no_references();
    }
    let plan = sweep.plan(references).await?;
    match args.delete {
        false => show(&plan, context.output).await,
        true => delete(args, &plan, context).await,
    }
}

async fn show(plan: &Plan, output: &Output) -> Result<Exit, Failure> {
    let mut orphans = plan.orphans();
    while let Some(orphan) = orphans.try_next().await? {
        output.result(&line(&orphan, "orphan"), || output.shown(orphan.key.as_str()).into_owned())?;
    }
    show_missing(plan, output).await?;
    summarise(plan.counts(), None, output)?;
    if let Some(refusal) = plan.refusal() {
        output.notice(&format!("--delete would be refused: {refusal}"));
    }
    Ok(Exit::Ok)
}

/// All of them for programs, the first ones for people.
async fn show_missing(plan: &Plan, output: &Output) -> Result<(), Failure> {
    let mut missing = plan.missing();
    let mut shown = 0;
    while let Some(key) = missing.try_next().await? {
        if output.is_json {
            let key = key.as_str();
            output.json(&json!({"key": key, "size": null, "last_modified": null, "state": "missing"}))?;
        } else if shown < SHOWN {
            output.notice(&format!("missing: {key}"));
            shown += 1;
        } else {
            break;
        }
    }
    Ok(())
}

async fn delete(args: &Orphans, plan: &Plan, context: &Context<'_>) -> Result<Exit, Failure> {
    let output = context.output;
    show_missing(plan, output).await?;
    let is_wanted = args.yes || plan.refusal().is_some() || plan.counts().orphans == 0;
    if !is_wanted && !is_confirmed(plan, context.bucket.name()).await? {
        output.notice("nothing is deleted");
        return Ok(Exit::Ok);
    }
    let mut options = ApplyOptions::new();
    if args.trust_listing {
        options = options.trust_listing();
    }
    let mut told = Ok(());
    let report = plan
        .apply_with(options, |outcome| {
            if told.is_ok() {
                told = tell(outcome, output);
            }
        })
        .await?;
    told?;
    summarise(plan.counts(), Some(&report), output)?;
    let failures = report.failures.into_iter().map(|(_, error)| error).chain(report.ended_by);
    Ok(failures.fold(Exit::Ok, |exit, error| exit.and(output.failure(&error.into()))))
}

/// What became of an orphan; failures are told at the end.
fn tell(outcome: &Outcome, output: &Output) -> Result<(), Failure> {
    let (orphan, state) = match outcome {
        Outcome::Deleted(orphan) => (orphan, "deleted"),
        Outcome::Kept(orphan) => (orphan, "kept"),
        Outcome::Gone(orphan) => (orphan, "gone"),
        _ => return Ok(()),
    };
    output.report(&line(orphan, state), || format!("{state} {}", output.shown(orphan.key.as_str())))
}

fn line(orphan: &Orphan, state: &str) -> Value {
    json!({
        "key": orphan.key.as_str(), "size": orphan.size, "last_modified": rfc_3339(orphan.last_modified), "state": state
    })
}

fn summarise(counts: Counts, report: Option<&Report>, output: &Output) -> Result<(), Failure> {
    if output.is_json {
        return output.json(&json!({"summary": {
            "listed": counts.listed, "listed_bytes": counts.listed_bytes, "referenced": counts.referenced,
            "orphans": counts.orphans, "orphan_bytes": counts.orphan_bytes, "young": counts.young,
            "undated": counts.undated, "references": counts.references, "outside": counts.outside,
            "missing": counts.missing, "deleted": report.map(|report| report.deleted),
            "deleted_bytes": report.map(|report| report.deleted_bytes), "kept": report.map(|report| report.kept),
            "gone": report.map(|report| report.gone), "failed": report.map(|report| report.failed),
            "untried": report.map(|report| report.untried),
        }}));
    }
    output.notice(&described(counts));
    if let Some(report) = report {
        output.notice(&report.to_string());
    }
    Ok(())
}

fn described(counts: Counts) -> String {
    let Counts { listed, orphans, orphan_bytes, young, undated, outside, missing, .. } = counts;
    let mut text = format!("{orphans} of {listed} objects are orphans, {orphan_bytes} bytes");
    for (count, what) in [
        (young, "too young to tell"),
        (undated, "of unknown age, and kept"),
        (missing, "missing"),
        (outside, "references without the prefix"),
    ] {
        if count > 0 {
            text.extend(["; ", &count.to_string(), " ", what]);
        }
    }
    text
}

async fn is_confirmed(plan: &Plan, bucket: &str) -> Result<bool, Failure> {
    let mut first = plan.orphans().take(SHOWN);
    let mut lines = Vec::with_capacity(SHOWN + 2);
    while let Some(orphan) = first.try_next().await? {
        lines.push(escaped(orphan.key.as_str()));
    }
    let Counts { listed, orphans, orphan_bytes, .. } = plan.counts();
    if orphans > SHOWN as u64 {
        lines.push("…".to_owned());
    }
    let bucket = escaped(bucket);
    lines.push(format!("Delete {orphans} of {listed} objects in {bucket}, {orphan_bytes} bytes? [y/N] "));
    ask(lines.join("\n")).await
}

/// `25%`, as a fraction.
fn share(text: &str) -> Result<f64, String> {
    let percent = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
    match percent {
        Some(percent) if (0.0..=100.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("a share is written as 25% or 0.5%, and is at most 100%".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percentages() {
        assert_eq!(share("25%"), Ok(0.25));
        assert_eq!(share("0.5 %"), Ok(0.005));
        for text in ["", "%", "25", "0.25", "101%", "-1%", "NaN%", "inf%"] {
            assert!(share(text).is_err(), "{text}");
        }
    }
}
