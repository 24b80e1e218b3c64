//! `cargo xtask oracle`: what `storage-static` finds in real files, compared with what `cssparser` and `oxc_parser` find in them.
//!
//! `storage-oracle FOLDER…`: exit status 0 if nothing differs but what `explained.tsv` has, each line of which must be true.

mod compare;
mod css;
mod explained;
mod files;
mod js;
mod seen;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use compare::{Outcome, compare};
use explained::Explained;

/// Real code nests deeply, and the parsers that are compared with recurse.
const STACK: usize = 1 << 30;

fn main() -> ExitCode {
    let roots: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut files = Vec::new();
    for root in &roots {
        if let Err(error) = files::collect(root, &mut files) {
            eprintln!("error: {}: {error}", root.display());
            return ExitCode::from(2);
        }
    }
    files.sort();
    let tally = run(&files);
    tally.print();
    match tally.is_good() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

#[derive(Default)]
struct Tally {
    files: usize,
    same: usize,
    references: BTreeMap<String, usize>,
    different: BTreeMap<PathBuf, Vec<String>>,
    explained: usize,
    not_compared: BTreeMap<&'static str, Vec<PathBuf>>,
    broken: Vec<String>,
    stale: Vec<String>,
}

fn run(files: &[PathBuf]) -> Tally {
    let next = AtomicUsize::new(0);
    let tally = Mutex::new(Tally::default());
    let explained = Explained::read();
    let work = || {
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let outcome = std::fs::read(path).map(|source| compare(path, &source));
            tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take(path, outcome, &explained);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            if let Err(error) = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work) {
                eprintln!("error: {error}");
            }
        }
    });
    let mut tally = tally.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    tally.stale = explained.unused(files);
    tally
}

impl Tally {
    fn take(&mut self, path: &PathBuf, outcome: std::io::Result<Option<Outcome>>, explained: &Explained) {
        match outcome {
            Err(error) => self.broken.push(format!("{}: {error}", path.display())),
            Ok(None) => return,
            Ok(Some(Outcome::Same(references))) => {
                self.same += 1;
                for seen in references {
                    *self.references.entry(seen.kind).or_default() += 1;
                }
            }
            Ok(Some(Outcome::NotCompared(reason))) => {
                self.not_compared.entry(reason).or_default().push(path.clone());
            }
            Ok(Some(Outcome::Different(lines))) => {
                let left = explained.without(path, lines);
                match left.is_empty() {
                    true => self.explained += 1,
                    false => _ = self.different.insert(path.clone(), left),
                }
            }
        }
        self.files += 1;
    }

    fn print(&self) {
        for (path, lines) in &self.different {
            println!("{}", path.display());
            lines.iter().take(20).for_each(|line| println!("    {line}"));
        }
        for (reason, paths) in &self.not_compared {
            println!("not compared, {reason}: {}", paths.len());
            paths.iter().for_each(|path| println!("    {}", path.display()));
        }
        self.broken.iter().for_each(|line| println!("cannot be read: {line}"));
        self.stale.iter().for_each(|line| println!("explained, but not so: {line}"));
        for (kind, count) in &self.references {
            println!("{count:>8} {kind}");
        }
        println!(
            "{} files: {} the same, {} different, {} explained, {} not compared",
            self.files,
            self.same,
            self.different.len(),
            self.explained,
            self.not_compared.values().map(Vec::len).sum::<usize>(),
        );
    }

    fn is_good(&self) -> bool {
        !self.references.is_empty()
            && self.different.is_empty()
            && self.broken.is_empty()
            && self.stale.is_empty()
    }
}
