//! How fast a client lists a million keys, and how much memory that takes. The server makes the keys up, in another process.

mod listing;

use anyhow::{Result, ensure};

use crate::harness::{
    Contestant, Measured, Report, Settings, Table, Usage, crate_version, in_rounds, mebibytes, myself, ratio,
    run_and_read, seconds,
};
use crate::server::{KEYS, Kind, Server};
pub(crate) use listing::Listing;
use listing::Peer;

const AIM: &str = "peak memory at most 32 MiB, whatever the number of keys; not slower than the fastest.";

const VERSIONS: [&str; 3] = ["storage-minio", "object_store", "aws-sdk-s3"];

/// Keys a second and peak memory of a listing of a million
#[derive(Debug, clap::Args)]
pub(crate) struct List {}

/// # Errors
/// When a contestant fails, or the report cannot be kept.
pub(crate) fn bench(_: &List, settings: &Settings) -> Result<()> {
    let lister = Server::start(Kind::Lister)?;
    let contestants = Peer::ALL.map(|peer| contestant(peer, lister.address()));
    let measured = in_rounds(settings, contestants.into())?;
    let mut report = Report::new("list", AIM);
    report.table(&table(&measured));
    report.note(
        "Time is that of the whole listing, CPU time is the client's alone; memory is the peak of the client's process, the largest \
         of the rounds. Pages of 1,000 keys, as MinIO writes them, from a process that makes them up.",
    );
    report.versions(VERSIONS.map(|name| (name, crate_version(name))));
    report.finish(settings)
}

fn contestant(peer: Peer, address: &str) -> Contestant<'static> {
    let address = address.to_owned();
    Contestant::new(peer.name(), move |_| {
        let listing = Listing { peer, address: address.clone() };
        let (_, output) = run_and_read(myself()?.args(listing.arguments()))?;
        let (count, usage): (u32, Usage) = serde_json::from_str(&output)?;
        ensure!(count == KEYS, "{count} keys were listed, and there are {KEYS}");
        Ok(usage)
    })
}

fn table(measured: &[Measured]) -> Table {
    let heading = ["contestant", "keys a second", "time", "to the fastest peer", "CPU time", "peak memory"];
    let mut table = Table::new("1,000,000 keys", &heading);
    let best = measured.iter().filter(|one| one.name != Peer::Ours.name()).map(Measured::wall).min();
    for one in measured {
        table.row(vec![
            one.name.clone(),
            format!("{:.0}", f64::from(KEYS) / one.wall().as_secs_f64()),
            seconds(one.wall()),
            best.map_or_else(|| "-".to_owned(), |best| ratio(one.wall(), best)),
            seconds(one.cpu()),
            mebibytes(one.peak_memory()),
        ]);
    }
    table
}
