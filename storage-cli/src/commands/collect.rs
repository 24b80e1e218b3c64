use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::json;
use storage_suite::ErrorKind;
use storage_suite::statics::Glob;
use storage_suite::statics::cache::Cache;
use storage_suite::statics::collect::{ApplyOptions, CollectError, Collected, Found, StaticBucket};
use storage_suite::statics::find::{Ignore, Source, Tree, find};
use storage_suite::statics::graph::{Graph, Options, Severity, Style};
use storage_suite::statics::plan::{PlainKeys, Plan, PlanOptions};
use storage_suite::statics::variant::Encoding;

use super::statics::files;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;
use crate::time::rfc_3339;

/// Collect static files: named by their content, references rewritten, only what is new sent
///
/// Of a path that several sources have, the first source wins. Every file gets a name with a fingerprint (site.4f1e…c2.css), and references in
/// CSS and JavaScript are rewritten to such names. What is new is stored first, the manifest last: until then the site is the old one, and an
/// interrupted run is continued by the next. Nothing is deleted.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage collect static/
  storage collect assets/ vendor/ --dry-run       show what would be done, and why; references are checked all the same
  storage collect static/ --cache .cache/static   remember what was found out about files that do not change
  storage collect static/ --compress br,gzip       for a proxy, or the resolver, that serves what a browser accepts
  storage collect static/ --style django          names and manifest.json as Django's collectstatic makes them

JSON:
  {\"phase\", \"key\", \"action\", \"why\", \"size\"} for each object with --dry-run; at the end {\"deploy\", \"new\", \"changed\", \"headers\", \"unchanged\",
  \"skipped\", \"bytes\", \"requests\", \"seconds\"}")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch on the command line")]
pub(crate) struct Collect {
    /// Folders with static files
    #[arg(value_name = "SOURCE", required = true)]
    sources: Vec<PathBuf>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Leave files of this pattern out, beside CVS, .* (but .well-known) and *~; may be repeated
    #[arg(long, value_name = "GLOB")]
    ignore: Vec<String>,
    /// Leave out only what --ignore says
    #[arg(long)]
    no_default_ignore: bool,
    /// Store files of this pattern by their plain names too, beside *.html, robots.txt, favicon.ico and .well-known; may be repeated
    #[arg(long, value_name = "GLOB")]
    plain: Vec<String>,
    /// Store all files by their plain names too, as Django does
    #[arg(long, conflicts_with = "plain")]
    all_plain: bool,
    /// Compressed variants beside the files, kept where they are at most 95 % as long
    #[arg(long, value_name = "ENCODING", value_enum, value_delimiter = ',')]
    compress: Vec<EncodingName>,
    /// What is rewritten, and how
    #[arg(long, value_name = "STYLE", value_enum, default_value_t = StyleName::Preserve)]
    style: StyleName,
    /// The path of the URL that static files are served below
    #[arg(long, value_name = "PATH", default_value = "/static/")]
    base_path: String,
    /// A folder for what was found out about the files
    #[arg(long, value_name = "FOLDER")]
    cache: Option<PathBuf>,
    /// What the deploy is called; names sort by time. Default: the time
    #[arg(long, value_name = "NAME")]
    deploy: Option<String>,
    /// Send each file by a request of its own
    #[arg(long)]
    one_by_one: bool,
    /// How many requests may be under way at a time
    #[arg(long, value_name = "NUMBER", default_value_t = 32)]
    at_once: usize,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum EncodingName {
    /// Brotli
    Br,
    /// gzip
    Gzip,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum StyleName {
    /// All references; only the base name in them changes
    Preserve,
    /// What Django rewrites, as it prints it
    Django,
    /// The same, imports in JavaScript too
    DjangoImports,
    /// Nothing: files keep their names
    Plain,
}

pub(crate) async fn run(args: Collect, context: &Context<'_>) -> Result<Exit, Failure> {
    let began = Instant::now();
    let collector = files(context)?.collector();
    let bar = context.output.bars().start("looking", None);
    let (built, found) = tokio::join!(build(&args), collector.look());
    let (tree, graph) = built?;
    drop(bar);
    let is_good = report(context, &tree, &graph);
    let found = found.map_err(failure)?;
    let plan = plan(&args, &graph, &found)?;
    if args.dry_run {
        show(context, &plan)?;
    }
    if !is_good {
        return Ok(Exit::Other);
    }
    let collected = match args.dry_run {
        true => Collected::default(),
        false => apply(&args, context, &collector, &plan, &graph, &found).await?,
    };
    conclude(context, &plan, collected, began.elapsed())?;
    Ok(Exit::Ok)
}

async fn build(args: &Collect) -> Result<(Tree, Arc<Graph>), Failure> {
    let sources: Vec<_> = args.sources.iter().map(Source::new).collect();
    let ignore = if args.no_default_ignore { Ignore::nothing() } else { Ignore::default() };
    let ignore = args.ignore.iter().fold(ignore, |ignore, glob| ignore.glob(Glob::new(glob)));
    let options = Options::new().base_path(&args.base_path).style(match args.style {
        StyleName::Preserve => Style::Preserve,
        StyleName::Django => Style::Django { imports: false },
        StyleName::DjangoImports => Style::Django { imports: true },
        StyleName::Plain => Style::Plain,
    });
    let folder = args.cache.clone();
    let building = tokio::task::spawn_blocking(move || {
        let tree = find(&sources, &ignore);
        let cache = folder.map_or_else(Cache::none, |folder| Cache::read(folder, &tree, &options));
        let graph = Graph::build(&tree, &options, &cache);
        let kept = cache.write(&graph);
        (tree, Arc::new(graph), kept)
    });
    let (tree, graph, kept) =
        building.await.map_err(|error| Failure::usage(format!("the work was broken off: {error}")))?;
    if let (Err(error), Some(folder)) = (kept, &args.cache) {
        return Err(Failure::file(folder, error));
    }
    Ok((tree, graph))
}

/// All that is wrong, with its place. Gives whether it may be deployed.
fn report(context: &Context<'_>, tree: &Tree, graph: &Graph) -> bool {
    for shadowed in &tree.shadowed {
        context.output.notice(&shadowed.to_string());
    }
    let mut errors: Vec<String> = tree.faults.iter().map(ToString::to_string).collect();
    errors.extend(graph.faults().iter().map(ToString::to_string));
    for problem in graph.problems() {
        match problem.severity {
            Severity::Error => errors.push(problem.to_string()),
            Severity::Warning => context.output.notice(&problem.to_string()),
            Severity::Info => {}
        }
    }
    for error in &errors {
        context.output.failure(&Failure::usage(error.clone()));
    }
    errors.is_empty() && graph.is_good()
}

fn plan(args: &Collect, graph: &Graph, found: &Found) -> Result<Plan, Failure> {
    let now = SystemTime::now();
    let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    // Two in one second are told apart by what they deploy.
    let name = || format!("{}-{}", rfc_3339(now).replace(':', "-"), &graph.manifest().hash()[..4]);
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
    let encodings = args.compress.iter().map(|name| match name {
        EncodingName::Br => Encoding::Brotli,
        EncodingName::Gzip => Encoding::Gzip,
    });
    let options = PlanOptions::new(args.deploy.clone().unwrap_or_else(name), seconds);
    let options = options.plain(plain).encodings(encodings);
    Plan::new(graph, &found.listing, found.previous.as_ref(), &options)
        .map_err(|faults| Failure::usage(faults.to_string()))
}

fn show(context: &Context<'_>, plan: &Plan) -> Result<(), Failure> {
    if !context.output.is_json {
        return context.output.line(plan.to_string().trim_end());
    }
    for step in &plan.steps {
        context.output.json(&json!({
            "phase": step.phase, "key": step.key, "action": step.action, "why": step.reason.to_string(), "size": step.size,
        }))?;
    }
    Ok(())
}

async fn apply(
    args: &Collect,
    context: &Context<'_>,
    collector: &StaticBucket,
    plan: &Plan,
    graph: &Arc<Graph>,
    found: &Found,
) -> Result<Collected, Failure> {
    let bar = context.output.bars().start("collecting", Some(plan.summary().bytes));
    let set = bar.setter();
    let mut options = ApplyOptions::new().at_once(args.at_once).progress(move |now| set(now.bytes));
    if args.one_by_one {
        options = options.one_by_one();
    }
    collector.apply(plan, graph, found, &options).await.map_err(failure)
}

fn conclude(context: &Context<'_>, plan: &Plan, collected: Collected, took: Duration) -> Result<(), Failure> {
    let summary = plan.summary();
    let value = json!({
        "deploy": plan.index.index.deploy, "new": summary.new, "changed": summary.changed, "headers": summary.headers,
        "unchanged": summary.unchanged, "skipped": summary.skipped, "bytes": collected.bytes,
        "requests": collected.requests, "seconds": took.as_secs_f64(),
    });
    context.output.report(&value, || {
        format!(
            "{} new, {} changed, {} with other headers, {} unchanged, {} skipped; {} bytes in {} requests, {:.1} s",
            summary.new, summary.changed, summary.headers, summary.unchanged, summary.skipped, collected.bytes,
            collected.requests, took.as_secs_f64(),
        )
    })
}

pub(crate) fn failure(error: CollectError) -> Failure {
    let sentence = escaped(&error.to_string());
    let kind = match &error {
        CollectError::Store { source, .. } => source.kind(),
        CollectError::Failed(failures) => {
            failures.first().map_or(ErrorKind::Other, |first| first.source.kind())
        }
        CollectError::Concurrent { .. } => ErrorKind::PreconditionFailed,
        _ => ErrorKind::Corrupt,
    };
    storage_suite::Error::new(kind, sentence).with_operation("collect").into()
}
