//! `cargo xtask fuzz`: runs the targets without libFuzzer and prints a table of what came of it.

mod options;
mod table;
mod targets;

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fuzz_engine::{Plan, Report, fuzz};
use options::Options;
use targets::{TARGETS, Target};

/// Longer inputs find little more and cost much.
const LONGEST: usize = 4_096;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("error: {message}");
            return ExitCode::from(2);
        }
    };
    if options.list {
        TARGETS.iter().for_each(|target| println!("{}", target.name));
        return ExitCode::SUCCESS;
    }
    println!("seed {}, {} at a time", options.seed, options.jobs);
    let mut reports = run(&options);
    reports.sort_by_key(|(target, _)| target.name);
    println!("\n{}", table::render(&reports));
    match reports.iter().all(|(_, report)| report.finding.is_none()) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Runs the chosen targets, so many at a time as there are jobs.
fn run(options: &Options) -> Vec<(&'static Target, Report)> {
    let next = AtomicUsize::new(0);
    let reports = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..options.jobs {
            scope.spawn(|| {
                while let Some(target) = options.targets.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let plan = Plan { bound: options.bound, seed: options.seed, longest: LONGEST };
                    let report = fuzz(target.run, target.seeds, plan);
                    println!("{}", table::line(target, &report));
                    reports.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((*target, report));
                }
            });
        }
    });
    reports.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}
