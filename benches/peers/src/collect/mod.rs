//! Real trees of static files to a real server: when nothing is there, when nothing has changed, and when all files have new times, as
//! after a fresh clone.
//!
//! Time is taken first; then all is done once more behind a proxy that counts the requests, since that takes time too, and memory, which
//! programs that are started later would be charged with.

mod aims;
mod phase;
mod planning;
mod requests;
mod rival;
mod tree;

use anyhow::{Context, Result};

use self::aims::Aims;
use self::phase::{Phase, objects};
use self::rival::{Programs, RIVALS};
use self::tree::Tree;
use crate::harness::{Contestant, Report, Settings, Table, in_phases, run};
use crate::programs::Server;

const OURS: &str = "storage collect";

/// Static files collected to a bucket: `storage`, rclone, s5cmd and the original
#[derive(Debug, clap::Args)]
pub(crate) struct Collect {
    /// The trees
    #[arg(long, value_name = "NAME", value_delimiter = ',', default_values = ["small", "large"])]
    trees: Vec<String>,
}

/// # Errors
/// When a contestant fails, or does not store what it should.
pub(crate) fn bench(args: &Collect, settings: &Settings) -> Result<()> {
    let server = Server::from_environment()?;
    let scratch = settings.scratch("collect")?;
    let programs = Programs::new(&server, &scratch)?;
    let mut report = Report::new("collect", "the table at the end");
    let mut aims = Aims::default();
    let trees = args.trees.iter().map(|name| Tree::named(name, &scratch)).collect::<Result<Vec<_>>>()?;
    for tree in &trees {
        let planned = planning::measure(&programs, tree, settings)?;
        report.table(&planning::table(tree, &planned));
        let measured = in_phases(settings, turns(&programs, tree, settings))?;
        for (phase, measured) in Phase::ALL.iter().zip(&measured) {
            report.table(&Table::of_wall_times(format!("{tree}: {phase}"), measured, |name| {
                name.starts_with("storage")
            }));
        }
        aims.add_times(tree, &planned, &measured);
    }
    for tree in &trees {
        let counted = requests::count(&server, &scratch, tree, settings)?;
        report.table(&requests::table(tree, &counted));
        aims.add_requests(tree, &counted);
    }
    report.table(&aims.table());
    report.note(&format!(
        "To {} on the same machine, by http; the content is not hashed into the signature but by s5cmd and the original, which cannot leave \
         that out. Each finds a bucket of its own. `storage` and the original's manifest name files by their content and rewrite references; \
         the others do neither. `storage` keeps a cache beside the tree, empty for the first phase, and stores HTML by plain names too. Between \
         the phases nothing is waited for. CPU time and memory are the client's.",
        server.name
    ));
    report.versions(programs.versions()?);
    std::fs::remove_dir_all(&scratch).context("cannot remove the scratch folder")?;
    report.finish(settings)
}

/// Who takes part in each phase.
fn turns<'a>(programs: &'a Programs<'_>, tree: &'a Tree, settings: &Settings) -> Vec<Vec<Contestant<'a>>> {
    let rivals = || RIVALS.iter().filter(|rival| rival.takes(tree) && settings.wants(rival.name));
    let contestant = |phase: Phase, rival: &'static rival::Rival| {
        let contestant = Contestant::new(rival.name, move |round| {
            let bucket = format!("{}-{}-{round}", rival.slug(), tree.name);
            phase.prepare(&programs.storage, tree, &bucket)?;
            let usage = run(&mut (rival.command)(programs, tree, &bucket)?)?;
            objects(&programs.storage, tree, &bucket)?;
            Ok(usage)
        });
        match rival.is_slow {
            true => contestant.in_first_round(),
            false => contestant,
        }
    };
    Phase::ALL.map(|phase| rivals().map(|rival| contestant(phase, rival)).collect()).into()
}
