//! How long the stages of planning a folder take, and how much memory: `cargo run --release --example stages -- FOLDER CACHE [django]`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is for people")]

use std::time::Instant;

use storage_static::cache::Cache;
use storage_static::find::{Ignore, find};
use storage_static::graph::{Graph, Options, Severity, Style};
use storage_static::plan::{Found, Plan, PlanOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, kept, rest @ ..] = arguments.as_slice() else {
        return Err("two folders: of the files, and of the cache".into());
    };
    let style = match rest {
        [] => Style::Preserve,
        [_, ..] => Style::Django { imports: true },
    };
    let options = Options::new().style(style);
    let all = Instant::now();
    let began = Instant::now();
    let tree = find(&[folder.into()], &Ignore::default());
    println!("found     {:>8.1?} {} files, {} faults", began.elapsed(), tree.files.len(), tree.faults.len());
    let began = Instant::now();
    let cache = Cache::read(kept, &tree, &options);
    println!("cache     {:>8.1?} {} files", began.elapsed(), cache.len());
    let began = Instant::now();
    let graph = Graph::build(&tree, &options, &cache);
    let rewritten = graph.outputs().iter().filter(|output| output.is_rewritten).count();
    println!("graph     {:>8.1?} {rewritten} rewritten, {} faults", began.elapsed(), graph.faults().len());
    let began = Instant::now();
    cache.write(&graph)?;
    println!("kept      {:>8.1?}", began.elapsed());
    let began = Instant::now();
    let plan = Plan::new(&graph, &Found::default(), &PlanOptions::new("1", 0))?;
    println!("plan      {:>8.1?} {} objects", began.elapsed(), plan.steps.len());
    println!("in all    {:>8.1?}", all.elapsed());
    println!("manifest {}", graph.manifest().hash());
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let of =
            |limit| graph.problems().iter().filter(move |problem| problem.severity == severity).take(limit);
        println!("{} of severity {severity}", of(usize::MAX).count());
        of(4).for_each(|problem| println!("    {problem}"));
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    Ok(())
}
