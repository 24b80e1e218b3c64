use anyhow::Result;

use super::OURS;
use super::rival::Programs;
use super::tree::Tree;
use crate::harness::{Contestant, Measured, Settings, Table, in_phases, mebibytes, run, seconds};

/// What is found out about a tree without sending anything.
#[derive(Debug)]
pub(super) struct Planned {
    /// With no cache.
    pub(super) cold: Option<Measured>,
    /// With the cache of the one before.
    pub(super) warm: Option<Measured>,
}

/// `storage collect --dry-run`, which finds, reads, names and rewrites, lists the empty bucket, and prints a line for each step.
///
/// # Errors
/// When it fails.
pub(super) fn measure(programs: &Programs<'_>, tree: &Tree, settings: &Settings) -> Result<Planned> {
    let bucket = format!("planned-{}", tree.name);
    run(programs.storage.on_public(std::slice::from_ref(&bucket))?.arg("init"))?;
    let plan = |is_cold: bool| {
        let bucket = &bucket;
        Contestant::new(format!("{OURS} --dry-run"), move |_| {
            if is_cold {
                tree.forget(bucket)?;
            }
            let mut command = programs.storage.on_public(std::slice::from_ref(bucket))?;
            command
                .args(["collect", "--dry-run", "--quiet"])
                .arg(&tree.path)
                .arg("--cache")
                .arg(tree.cache(bucket));
            run(&mut command)
        })
    };
    let mut measured = in_phases(settings, vec![vec![plan(true)], vec![plan(false)]])?.into_iter().flatten();
    Ok(Planned { cold: measured.next(), warm: measured.next() })
}

pub(super) fn table(tree: &Tree, planned: &Planned) -> Table {
    let mut table = Table::new(
        format!("{tree}: planned and rewritten, nothing sent"),
        &["cache", "time", "CPU time", "peak memory"],
    );
    for (cache, measured) in [("none", &planned.cold), ("of the run before", &planned.warm)] {
        if let Some(one) = measured {
            table.row(vec![
                cache.to_owned(),
                seconds(one.wall()),
                seconds(one.cpu()),
                mebibytes(one.peak_memory()),
            ]);
        }
    }
    table
}
