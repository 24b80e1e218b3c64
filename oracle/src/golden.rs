//! Manifests in Django's style: the hash over all names, which depend on all bytes that are rewritten.

use std::io;
use std::path::{Path, PathBuf};

use storage_static::cache::Cache;
use storage_static::find::{Ignore, find};
use storage_static::graph::{Graph, Options, Severity, Style};

/// What differs from the table for those of the folders that are in it.
pub(crate) fn check(folders: &[PathBuf]) -> io::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut count = 0;
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let lines = include_str!("../golden.tsv").lines().map(|line| line.split('\t').collect::<Vec<_>>());
        for line in lines.filter(|line| line[0] == name) {
            let [_, mode, number, expected] = line.as_slice() else { continue };
            let graph = planned(&folder.join("package"), *mode == "css+js")?;
            let (hash, files) = (graph.manifest().hash(), graph.outputs().len());
            count += 1;
            if *expected == "FAILS" {
                println!("{name}, {mode}: Django stops; here {hash} of {files} files");
            } else if hash != *expected || files.to_string() != *number {
                wrong.push(format!(
                    "{name}, {mode}: {hash} of {files} files, Django has {expected} of {number}"
                ));
            }
            // Whether Django stops or not, we do not, and name all that there is.
            if !graph.is_good() || files == 0 || graph.manifest().len() != files {
                let errors = graph.problems().iter().filter(|problem| problem.severity == Severity::Error);
                let first = errors.clone().next().map(ToString::to_string).unwrap_or_default();
                let errors = errors.count();
                wrong.push(format!("{name}, {mode}: {files} files, {errors} errors: {first}"));
            }
        }
    }
    println!("{count} manifests compared with Django's, {} different", wrong.len());
    Ok(wrong)
}

/// What comes of a folder in Django's style.
fn planned(root: &Path, imports: bool) -> io::Result<Graph> {
    let options = Options::new().style(Style::Django { imports });
    let graph = Graph::build(&find(&[root.into()], &Ignore::default()), &options, &Cache::none());
    match graph.faults() {
        [] => Ok(graph),
        [fault, ..] => Err(io::Error::other(fault.to_string())),
    }
}
