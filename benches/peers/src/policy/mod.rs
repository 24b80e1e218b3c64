//! How many policies a second are read and compared, and asked; beside what reading them as plain JSON takes.

use std::hint::black_box;

use anyhow::{Context, Result, ensure};
use storage_policy::{Policy, Preset, Request};

use crate::harness::{
    Contestant, Measured, Meter, Report, Settings, Table, Usage, crate_version, in_rounds, ratio,
};

const AIM: &str = "10,000 documents a second and core, read and compared by what they mean.";

/// How many documents are looked at in a turn.
const COUNT: u32 = 20_000;

/// Documents a second, read and compared
#[derive(Debug, clap::Args)]
pub(crate) struct Policies {}

/// # Errors
/// When a contestant fails, or the report cannot be kept.
pub(crate) fn bench(_: &Policies, settings: &Settings) -> Result<()> {
    let mut report = Report::new("policy", AIM);
    for (title, statements) in
        [("As `mc anonymous set public` writes it", 0), ("And 20 further statements", 20)]
    {
        let case = Case::new(statements)?;
        let contestants = vec![
            Contestant::new("ours, read and compared", |_| case.measure(Case::compared)),
            Contestant::new("ours, read and recognised", |_| case.measure(Case::recognised)),
            Contestant::new("ours, read and asked", |_| case.measure(Case::asked)),
            Contestant::new(PLAIN, |_| case.measure(Case::plain)),
        ];
        report.table(&table(title, &in_rounds(settings, contestants)?));
    }
    report.note(
        "One thread; CPU time is that of one document, the median of the rounds. Compared is a document as a server gives it back with the \
         one that was written; plain JSON values would be different there, in order and in lists of one.",
    );
    report.versions(["storage-policy", "serde_json"].map(|name| (name, crate_version(name))));
    report.finish(settings)
}

const PLAIN: &str = "serde_json::Value, read and compared";

/// What was written, and what a server gives back.
struct Case {
    wanted: Policy,
    wanted_value: serde_json::Value,
    given: String,
    request: Request,
}

impl Case {
    fn new(statements: usize) -> Result<Self> {
        let mut wanted: Vec<_> = Preset::Public.policy("photos", "open/").statement.as_slice().to_vec();
        for number in 0..statements {
            let further = Preset::PublicRead.policy("photos", &format!("further/{number}/"));
            wanted.extend(further.statement.as_slice().iter().cloned());
        }
        let given = Policy::new(wanted.iter().rev().cloned()).to_json()?;
        let wanted = Policy::new(wanted);
        let wanted_value = serde_json::to_value(&wanted)?;
        let request = Request::anonymous("s3:GetObject", "photos/open/cats/tom.jpg");
        Ok(Self { wanted, wanted_value, given, request })
    }

    fn read(&self) -> Result<Policy> {
        Ok(Policy::parse(black_box(&self.given))?)
    }

    fn compared(&self) -> Result<bool> {
        Ok(self.read()?.means_the_same_as(&self.wanted))
    }

    fn recognised(&self) -> Result<bool> {
        // One that is no preset is compared with all of them, for all prefixes in it.
        black_box(Preset::recognise(&self.read()?, "photos"));
        Ok(true)
    }

    fn asked(&self) -> Result<bool> {
        Ok(self.read()?.allows(&self.request).is_allowed())
    }

    fn plain(&self) -> Result<bool> {
        let value: serde_json::Value = serde_json::from_str(black_box(&self.given))?;
        Ok(value != self.wanted_value)
    }

    fn measure(&self, look: fn(&Self) -> Result<bool>) -> Result<Usage> {
        let meter = Meter::start();
        for _ in 0..COUNT {
            ensure!(look(self).context("a document")?, "a document is not what it should be");
        }
        let usage = meter.stop();
        Ok(Usage { wall: usage.wall / COUNT, cpu: usage.cpu / COUNT, ..usage })
    }
}

fn table(title: &str, measured: &[Measured]) -> Table {
    let mut table = Table::new(title, &["contestant", "documents a second", "CPU time", "to plain JSON"]);
    let plain = measured.iter().find(|one| one.name == PLAIN).map(Measured::cpu);
    for one in measured {
        table.row(vec![
            one.name.clone(),
            format!("{:.0}", 1.0 / one.cpu().as_secs_f64()),
            format!("{:.1} µs", one.cpu().as_secs_f64() * 1e6),
            plain.map_or_else(|| "-".to_owned(), |plain| ratio(one.cpu(), plain)),
        ]);
    }
    table
}
