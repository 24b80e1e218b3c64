//! Missing public buckets made by `storage init`, and by the original's `initialize_buckets`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use s3_testserver::Proxy;

use crate::harness::{Contestant, Report, Settings, Table, in_phases, ratio, run, run_and_read};
use crate::programs::{Original, Server, Storage};
use crate::server::{ROUND_TRIP, Server as Way};

const OURS: &str = "storage init";

/// Missing public buckets made and opened, at some distance from the server
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// How many buckets there are
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    buckets: usize,
}

/// # Errors
/// When a contestant fails, or leaves a bucket that is not as it should be.
pub(crate) fn bench(args: &Init, settings: &Settings) -> Result<()> {
    let server = Server::from_environment()?;
    let scratch = settings.scratch("init")?;
    let way = Way::distance(&server.endpoint)?;
    let distant = server.behind(way.address());
    let (near, far) = (Programs::new(&server, &scratch)?, Programs::new(&distant, &scratch)?);

    let turns = || RIVALS.iter().map(|rival| turn(rival, &near, &far, args.buckets)).collect();
    let measured = in_phases(settings, STATES.map(|_| turns()).into())?;
    let mut report = Report::new(
        "init",
        "missing buckets 10 times as fast as the original; at most 3 requests for each, and 2 for one that is there",
    );
    for (state, measured) in STATES.iter().zip(&measured) {
        let title = format!("{} public buckets, {state}, {} ms away", args.buckets, ROUND_TRIP.as_millis());
        report.table(&Table::of_wall_times(title, measured, |name| name == OURS));
        if let [ours, original] = measured.as_slice() {
            let times = ratio(original.wall(), ours.wall());
            report.note(&format!("The original takes {times} times as long."));
        }
    }
    report.table(&requests(&server, &near, args.buckets, &scratch, settings)?);
    report.note(
        "Each round has buckets of its own; afterwards all must be there, and be what `storage init --check` wants where it made them. The \
         original lets everybody list its buckets too. The start of Python is part of its time.",
    );
    let mut versions = vec![("storage", near.storage.version()?)];
    versions.extend(near.original.versions()?);
    report.versions(versions);
    std::fs::remove_dir_all(&scratch).context("cannot remove the scratch folder")?;
    report.finish(settings)
}

/// How the buckets are found, one state after the other.
const STATES: [&str; 2] = ["missing", "there already"];

/// Both programs, for one server.
struct Programs<'a> {
    storage: Storage<'a>,
    original: Original<'a>,
}

impl<'a> Programs<'a> {
    fn new(server: &'a Server, scratch: &Path) -> Result<Self> {
        Ok(Self { storage: Storage::new(server)?, original: Original::new(server, scratch)? })
    }
}

/// One who takes part, and its command for these buckets.
struct Rival {
    name: &'static str,
    command: fn(&Programs<'_>, &[String]) -> Result<Command>,
}

const RIVALS: [Rival; 2] = [
    Rival {
        name: OURS,
        command: |programs, buckets| {
            let mut command = programs.storage.on_public(buckets)?;
            command.arg("init");
            Ok(command)
        },
    },
    Rival {
        name: "initialize_buckets",
        command: |programs, buckets| Ok(programs.original.initialize(buckets)),
    },
];

impl Rival {
    fn buckets(&self, run: &str, count: usize) -> Vec<String> {
        let whose = self.name.replace([' ', '_'], "-");
        (0..count).map(|at| format!("{whose}-{run}-{at:03}")).collect()
    }

    /// Whether all are there, and are as they should be.
    fn check(&self, near: &Programs<'_>, buckets: &[String]) -> Result<()> {
        let (_, there) = run_and_read(near.storage.on_public(buckets)?.arg("buckets"))?;
        let missing = buckets.iter().find(|bucket| !there.contains(bucket.as_str()));
        ensure!(missing.is_none(), "{} has not made {missing:?}", self.name);
        if self.name == OURS {
            run(near.storage.on_public(buckets)?.args(["init", "--check"]))?;
        }
        Ok(())
    }
}

fn turn<'a>(rival: &'a Rival, near: &'a Programs<'_>, far: &'a Programs<'_>, count: usize) -> Contestant<'a> {
    Contestant::new(rival.name, move |round| {
        let buckets = rival.buckets(&round.to_string(), count);
        let usage = run(&mut (rival.command)(far, &buckets)?)?;
        rival.check(near, &buckets)?;
        Ok(usage)
    })
}

/// The same once more, with a proxy in front of the server that counts.
fn requests(
    server: &Server,
    near: &Programs<'_>,
    count: usize,
    scratch: &Path,
    settings: &Settings,
) -> Result<Table> {
    let proxy = Proxy::in_front_of(&server.endpoint);
    let mut table =
        Table::new(format!("Requests for {count} public buckets"), &["contestant", STATES[0], STATES[1]]);
    for rival in RIVALS.iter().filter(|rival| settings.wants(rival.name)) {
        let door = proxy.door();
        let server = server.behind(&door.endpoint());
        let programs = Programs::new(&server, scratch)?;
        let buckets = rival.buckets("counted", count);
        let mut row = vec![rival.name.to_owned()];
        for _ in STATES {
            door.requests().reset();
            run(&mut (rival.command)(&programs, &buckets)?)?;
            row.push(door.requests().count().to_string());
            rival.check(near, &buckets)?;
        }
        table.row(row);
    }
    Ok(table)
}
