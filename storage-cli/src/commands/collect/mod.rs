mod args;
mod rules;
mod show;

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::json;
use storage_suite::ErrorKind;
use storage_suite::statics::Glob;
use storage_suite::statics::cache::Cache;
use storage_suite::statics::collect::{
    ApplyOptions, Cleared, CollectError, Collected, Progress, Stage, StaticBucket,
};
use storage_suite::statics::find::{Ignore, Source, Tree, find};
use storage_suite::statics::graph::{Graph, Severity};
use storage_suite::statics::plan::{Found, PlainKeys, Plan, PlanOptions};
use storage_suite::statics::variant::Encoding;

use self::show::Done;
use super::statics::{files, write_documents};
use crate::ask::{ask, can_ask};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, escaped};
use crate::progress::Stages;
use crate::time::rfc_3339;

pub(crate) use self::args::Collect;
pub(crate) use self::rules::{MissingRule, missing_rule};

pub(crate) async fn run(args: Collect, context: &Context<'_>) -> Result<Exit, Failure> {
    let began = Instant::now();
    if args.clear && !args.yes && !args.dry_run && !can_ask() {
        return Err(Failure::usage("nobody can be asked whether to clear; add --yes if that is meant"));
    }
    let collector = files(context)?.collector();
    let stages = context.output.bars().stages();
    let (tree, graph, found) = if args.if_changed {
        let (tree, graph) = build(&args, &stages, context.output).await?;
        let found = look_if_changed(&args, &collector, &graph).await?;
        (tree, graph, found)
    } else {
        let (built, found) = tokio::join!(build(&args, &stages, context.output), collector.look());
        let (tree, graph) = built?;
        (tree, graph, found)
    };
    let is_good = report(&args, context, &tree, &graph)?;
    let found = found.map_err(failure)?;
    for broken in &found.broken {
        context.output.notice(&format!("{broken}; the index before it is taken"));
    }
    let plan = plan(&args, &graph, &found)?;
    if args.dry_run {
        stages.end();
        show::plan(context, &plan)?;
    }
    if !is_good {
        return Ok(Exit::Other);
    }
    let mut done = Done {
        is_dry: args.dry_run,
        collected: Collected::default(),
        cleared: Cleared::default(),
        requests: found.requests,
        took: began.elapsed(),
    };
    if !args.dry_run {
        done.collected = apply(&args, &stages, &collector, &plan, &graph, &found).await?;
        stages.end();
        if args.clear {
            done.cleared = clear(&args, context, &collector, &plan, &found).await?;
        }
        if let Some(folder) = &args.manifest_to {
            done.requests += write_documents(&collector, folder).await?;
        }
        done.requests += done.collected.requests + done.cleared.requests;
    }
    done.took = began.elapsed();
    show::conclude(context, &plan, &done)?;
    Ok(Exit::Ok)
}

async fn build(args: &Collect, stages: &Stages, output: &Output) -> Result<(Tree, Arc<Graph>), Failure> {
    let source = |folder: &rules::SourceFolder| match args.no_vite {
        true => folder.source().without_vite(),
        false => folder.source(),
    };
    let sources: Vec<Source> = args.sources.iter().map(source).collect();
    let ignore = if args.no_default_ignore { Ignore::nothing() } else { Ignore::default() };
    let ignore = args.ignore.iter().fold(ignore, |ignore, glob| ignore.glob(Glob::new(glob)));
    let (options, folder, stages) = (args.graph_options(), args.cache.clone(), stages.clone());
    let building = tokio::task::spawn_blocking(move || {
        stages.show("finding files", 0, 0, 0, 0);
        let tree = find(&sources, &ignore);
        let bytes = tree.files.iter().map(|file| file.stamp.size).sum();
        stages.show("planning", 0, tree.files.len(), 0, bytes);
        let cache = folder.map_or_else(Cache::none, |folder| Cache::read(folder, &tree, &options));
        let graph = Graph::build(&tree, &options, &cache);
        let kept = cache.write(&graph);
        (tree, Arc::new(graph), kept)
    });
    let (tree, graph, kept) =
        building.await.map_err(|error| Failure::usage(format!("the work was broken off: {error}")))?;
    if let (Err(error), Some(folder)) = (kept, &args.cache) {
        // It is only ever a shorter way.
        output.notice(&format!("{}: the cache is not written: {error}", folder.display()));
    }
    Ok((tree, graph))
}

/// What is there, or, if the manifest says that it is of these files, as if all of them were.
async fn look_if_changed(
    args: &Collect,
    collector: &StaticBucket,
    graph: &Graph,
) -> Result<Result<Found, CollectError>, Failure> {
    let wanted = plan(args, graph, &Found::default())?;
    let mark = match collector.mark().await {
        Ok(mark) => mark,
        Err(error) => return Ok(Err(error)),
    };
    if mark.as_ref().is_some_and(|mark| mark.digest == wanted.manifest.mark.digest) {
        let mut found = wanted.carried_out();
        found.requests = 1;
        return Ok(Ok(found));
    }
    Ok(collector.look().await.map(|mut found| {
        found.digest = mark.map(|mark| mark.digest);
        found.requests += 1;
        found
    }))
}

/// All that is wrong, with its place. Gives whether it may be deployed.
fn report(args: &Collect, context: &Context<'_>, tree: &Tree, graph: &Graph) -> Result<bool, Failure> {
    let output = context.output;
    let tell = |text: String| {
        output.notice(&text);
        if output.is_json { output.json(&json!({"notice": text})) } else { Ok(()) }
    };
    for shadowed in &tree.shadowed {
        tell(shadowed.to_string())?;
    }
    let mut errors: Vec<String> = tree.faults.iter().map(ToString::to_string).collect();
    errors.extend(graph.faults().iter().map(ToString::to_string));
    let mut remarks = 0;
    for problem in graph.problems() {
        match problem.severity {
            Severity::Error => errors.push(problem.to_string()),
            Severity::Warning => tell(problem.to_string())?,
            Severity::Info if args.dry_run || output.is_json => tell(problem.to_string())?,
            Severity::Info => remarks += 1,
        }
    }
    if remarks > 0 {
        output.notice(&format!("{remarks} remarks on what is in the files: --dry-run shows them"));
    }
    for error in &errors {
        output.failure(&Failure::usage(error.clone()));
    }
    Ok(errors.is_empty() && graph.is_good())
}

fn plan(args: &Collect, graph: &Graph, found: &Found) -> Result<Plan, Failure> {
    let now = SystemTime::now();
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    // Names sort by time, also within a second.
    let fraction = (u64::from(since.subsec_nanos()) << 16) / 1_000_000_000;
    let name = || format!("{}-{fraction:04x}", rfc_3339(now).replace(':', "-"));
    let plain = match (&args.plain[..], args.all_plain) {
        (_, true) => PlainKeys::All,
        (globs, false) => match PlainKeys::default() {
            PlainKeys::Globs(mut known) => {
                known.extend(globs.iter().map(Glob::new));
                PlainKeys::Globs(known)
            }
            other => other,
        },
    };
    let options = PlanOptions::new(args.deploy.clone().unwrap_or_else(name), since.as_secs())
        .plain(plain)
        .headers(rules::headers(&args.header)?)
        .repair_headers(args.repair_headers)
        .encodings(args.compress.iter().map(|name| Encoding::from(*name)));
    Plan::new(graph, found, &options).map_err(|faults| Failure::usage(faults.to_string()))
}

async fn apply(
    args: &Collect,
    stages: &Stages,
    collector: &StaticBucket,
    plan: &Plan,
    graph: &Arc<Graph>,
    found: &Found,
) -> Result<Collected, Failure> {
    let shown = stages.clone();
    let watch = move |now: &Progress| {
        let stage = match now.stage {
            Stage::Compressing => "compressing",
            Stage::Verifying => "verifying",
            Stage::Publishing => "publishing",
            _ => "uploading",
        };
        shown.show(stage, now.files, now.all_files, now.bytes, now.all_bytes);
    };
    let mut options = ApplyOptions::new().at_once(args.at_once).effort(args.effort.into()).progress(watch);
    if args.one_by_one {
        options = options.one_by_one();
    }
    collector.apply(plan, graph, found, &options).await.map_err(failure)
}

async fn clear(
    args: &Collect,
    context: &Context<'_>,
    collector: &StaticBucket,
    plan: &Plan,
    found: &Found,
) -> Result<Cleared, Failure> {
    let (count, bucket) = (plan.leftover.len(), escaped(collector.storage().name()));
    let question = format!("Delete {count} objects in {bucket} that are none of this deploy's? [y/N] ");
    if count > 0 && !args.yes && !ask(question).await? {
        context.output.notice("nothing is cleared away");
        return Ok(Cleared::default());
    }
    collector.clear(plan, found).await.map_err(failure)
}

pub(crate) fn failure(error: CollectError) -> Failure {
    let sentence = escaped(&error.to_string());
    let kind = match &error {
        CollectError::Store { source, .. } => source.kind(),
        CollectError::Failed(failures) | CollectError::NotDeleted(failures) => {
            failures.first().map_or(ErrorKind::Other, |first| first.source.kind())
        }
        CollectError::Concurrent { .. } | CollectError::Deleted => ErrorKind::PreconditionFailed,
        _ => ErrorKind::Corrupt,
    };
    storage_suite::Error::new(kind, sentence).with_operation("collect").into()
}
