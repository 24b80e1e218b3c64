//! `cargo xtask oracle`: what `storage-static` finds in real files, compared with what `cssparser` and `oxc_parser` find in them.
//!
//! Packages that are in `golden.tsv` are rewritten in Django's style too, and the hash of their manifest compared with Django's.
//!
//! `storage-oracle FOLDER…`: exit status 0 if nothing differs but what `explained.tsv` has, each line of which must be true.

mod compare;
mod css;
mod explained;
mod files;
mod golden;
mod js;
mod seen;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
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
    let golden = match golden::check(&roots) {
        Ok(wrong) => wrong,
        Err(error) => vec![format!("cannot be read: {error}")],
    };
    for line in &golden {
        println!("{line}");
    }
    match tally.is_good() && golden.is_empty() {
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
    fn take(&mut self, path: &Path, outcome: std::io::Result<Option<Outcome>>, explained: &Explained) {
        match outcome {
            Err(error) => self.broken.push(format!("{}: {error}", path.display())),
            Ok(None) => return,
            Ok(Some(Outcome::Same(references))) => {
                self.same += 1;
                for seen in references {
                    *self.references.entry(seen.kind).or_default() += 1;
                }
            }
            Ok(Some(Outcome::Different(lines))) => {
                let left = explained.without(path, lines);
                match left.is_empty() {
                    true => self.explained += 1,
                    false => _ = self.different.insert(path.to_owned(), left),
                }
            }
        }
        self.files += 1;
    }

    fn print(&self) {
        for (path, lines) in &self.different {
            println!("{}", path.display());
            for line in lines.iter().take(20) {
                println!("    {line}");
            }
        }
        for line in &self.broken {
            println!("cannot be read: {line}");
        }
        for line in &self.stale {
            println!("explained, but not so: {line}");
        }
        for (kind, count) in &self.references {
            println!("{count:>8} {kind}");
        }
        println!(
            "{} files: {} the same, {} different, {} explained",
            self.files,
            self.same,
            self.different.len(),
            self.explained,
        );
    }

    fn is_good(&self) -> bool {
        !self.references.is_empty()
            && self.different.is_empty()
            && self.broken.is_empty()
            && self.stale.is_empty()
    }
}
