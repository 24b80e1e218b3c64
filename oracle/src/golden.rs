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
            // Where Django stops, it is enough that we do not.
            let is_right = *expected == "FAILS" || (hash == *expected && files.to_string() == *number);
            count += 1;
            if !is_right {
                wrong.push(format!(
                    "{name}, {mode}: {hash} of {files} files, Django has {expected} of {number}"
                ));
            }
            if *expected == "FAILS" {
                let errors =
                    graph.problems().iter().filter(|problem| problem.severity == Severity::Error).count();
                println!("{name}, {mode}: Django stops; here {errors} errors");
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
