//! What it takes to sign a URL. Nobody asks a server; the key of the day is made before.

mod aws_sdk;
mod object_store;
mod ours;
mod rusty_s3;
mod signing;

use anyhow::Result;

use crate::harness::{
    Contestant, Measured, Report, Settings, Table, crate_version, in_rounds, mebibytes, myself, ratio,
    run_and_read,
};
pub(crate) use signing::Signing;
use signing::{Load, Peer};

const AIM: &str = "at most 0.2 times `rusty-s3`, and memory that does not grow.";

const VERSIONS: [&str; 4] = ["storage-minio", "rusty-s3", "object_store", "aws-sdk-s3"];

const LOADS: [(Load, &str); 3] = [
    (Load::Plain, "GET for an hour"),
    (Load::Download, "GET for an hour, under a download name and with a content type"),
    (Load::Upload, "PUT for an hour, of a content type"),
];

/// How many URLs show whether memory grows.
const FEW_AND_MANY: [u32; 2] = [10_000, 1_000_000];

/// Time, CPU time and memory of signed URLs
#[derive(Debug, clap::Args)]
pub(crate) struct Sign {
    /// Only loads whose title contains this
    #[arg(long, value_name = "TEXT", default_value = "")]
    load: String,
}

/// # Errors
/// When a contestant fails, or the report cannot be kept.
pub(crate) fn bench(args: &Sign, settings: &Settings) -> Result<()> {
    let mut report = Report::new("sign", AIM);
    for (load, title) in LOADS.iter().filter(|(_, title)| title.contains(&args.load)) {
        let peers = Peer::ALL.into_iter().filter(|peer| peer.can(*load));
        let contestants = peers.map(|peer| contestant(peer, *load, peer.count())).collect();
        report.table(&table(title, &in_rounds(settings, contestants)?));
    }
    report.table(&memory(settings)?);
    report.note(
        "Times are those of one URL, the median of the rounds; every URL is of another key. Ours through a `Bucket` begins with a name as \
         text, which it checks; ours through the signer begins with a key that was checked before. Both check the options each time. \
         `object_store` overrides no headers of the answer and signs none of the request; `aws-sdk-s3` builds the whole request.",
    );
    report.versions(VERSIONS.map(|name| (name, crate_version(name))));
    report.finish(settings)
}

fn contestant(peer: Peer, load: Load, count: u32) -> Contestant<'static> {
    Contestant::new(peer.name(), move |_| {
        let signing = Signing { peer, load, count };
        let (_, output) = run_and_read(myself()?.args(signing.arguments()))?;
        Ok(serde_json::from_str(&output)?)
    })
}

fn table(title: &str, measured: &[Measured]) -> Table {
    let mut table = Table::new(title, &["contestant", "CPU time", "to rusty-s3", "time", "peak memory"]);
    let rusty = measured.iter().find(|one| one.name == Peer::RustyS3.name()).map(Measured::cpu);
    for one in measured {
        table.row(vec![
            one.name.clone(),
            format!("{} ns", one.cpu().as_nanos()),
            rusty.map_or_else(|| "-".to_owned(), |rusty| ratio(one.cpu(), rusty)),
            format!("{} ns", one.wall().as_nanos()),
            mebibytes(one.peak_memory()),
        ]);
    }
    table
}

fn memory(settings: &Settings) -> Result<Table> {
    let mut table = Table::new("Memory of ours, through the signer", &["URLs", "peak memory"]);
    for count in FEW_AND_MANY {
        let contestants = vec![contestant(Peer::Ours, Load::Download, count)];
        for one in in_rounds(settings, contestants)? {
            table.row(vec![count.to_string(), mebibytes(one.peak_memory())]);
        }
    }
    Ok(table)
}
