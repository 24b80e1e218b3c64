//! How much CPU time a client needs to store something small. Everybody puts to one sink, which is another process.

mod aws_sdk;
mod object_store;
mod opendal;
mod ours;
mod putting;
mod rusty_s3;
mod sockets;
mod wrappers;

use anyhow::Result;

use crate::harness::{
    Contestant, Measured, Report, Settings, Table, crate_version, in_rounds, myself, ratio, run_and_read,
    seconds,
};
use crate::server::{Kind, Server};
pub(crate) use putting::Putting;
use putting::{Peer, Runtime};
pub(crate) use wrappers::{Wrappers, bench as bench_wrappers};

const AIM: &str = "4 KiB at eight at a time: at most 0.6 times `rusty-s3` + `reqwest`; elsewhere not above the best of all.";

/// What is put, how many at a time, and how often.
#[derive(Clone, Copy)]
struct Load {
    title: &'static str,
    size: usize,
    at_a_time: usize,
    count: usize,
}

const KIB: usize = 1024;
const LOADS: [Load; 4] = [
    Load { title: "4 KiB, eight at a time", size: 4 * KIB, at_a_time: 8, count: 20_000 },
    Load { title: "4 KiB, one at a time", size: 4 * KIB, at_a_time: 1, count: 10_000 },
    Load { title: "1 MiB, eight at a time", size: 1024 * KIB, at_a_time: 8, count: 500 },
    Load { title: "1 MiB, one at a time", size: 1024 * KIB, at_a_time: 1, count: 500 },
];

/// CPU time of a client per save of 4 KiB and 1 MiB
#[derive(Debug, clap::Args)]
pub(crate) struct Small {
    /// The runtime that the clients run on
    #[arg(long, value_enum, default_value_t = Runtime::MultiThread)]
    runtime: Runtime,
    /// Only loads whose title contains this
    #[arg(long, value_name = "TEXT", default_value = "")]
    load: String,
}

/// # Errors
/// When a contestant fails, or the report cannot be kept.
pub(crate) fn bench(args: &Small, settings: &Settings) -> Result<()> {
    let sink = Server::start(Kind::Sink)?;
    let mut report = Report::new("small", AIM);
    for load in LOADS.iter().filter(|load| load.title.contains(&args.load)) {
        let contestants = Peer::ALL.map(|peer| contestant(args.runtime, peer, load, sink.address()));
        let measured = in_rounds(settings, contestants.into())?;
        report.table(&table(load, &measured));
    }
    report.note(
        "CPU time is user and system time of the client's process per object, the median of the rounds. Ours saves through a \
         `Bucket`: it names, creates only if the name is free (`If-None-Match: *`), sets content type and save id; all others put \
         bare bytes under a given key. Nobody signs the payload (`opendal` and `rusty-s3` never do; `aws-sdk-s3` is told not to, \
         and to compute no checksum). `tokio` alone sends and reads prepared bytes: nobody can be below it.",
    );
    report.versions(VERSIONS.map(|name| (name, crate_version(name))));
    report.finish(settings)
}

fn contestant(runtime: Runtime, peer: Peer, load: &Load, address: &str) -> Contestant<'static> {
    let address = address.to_owned();
    let Load { size, at_a_time, count, .. } = *load;
    Contestant::new(peer.name(), move |_| {
        let putting = Putting { peer, runtime, address: address.clone(), size, at_a_time, count };
        let (_, output) = run_and_read(myself()?.args(putting.arguments()))?;
        Ok(serde_json::from_str(&output)?)
    })
}

const VERSIONS: [&str; 7] =
    ["storage-minio", "object_store", "opendal", "rusty-s3", "reqwest", "aws-sdk-s3", "tokio"];

fn table(load: &Load, measured: &[Measured]) -> Table {
    let mut table = Table::new(
        load.title,
        &["contestant", "CPU time per object", "to the best peer", "to rusty-s3 + reqwest", "wall time"],
    );
    let rivals = || {
        measured.iter().filter(|one| ![Peer::Ours.name(), Peer::Sockets.name()].contains(&one.name.as_str()))
    };
    let best = rivals().map(Measured::cpu).min();
    let rusty = rivals().find(|one| one.name == Peer::RustyS3.name()).map(Measured::cpu);
    let to =
        |one: &Measured, base: Option<_>| base.map_or_else(|| "-".to_owned(), |base| ratio(one.cpu(), base));
    for one in measured {
        table.row(vec![
            one.name.clone(),
            seconds(one.cpu()),
            to(one, best),
            to(one, rusty),
            seconds(one.wall()),
        ]);
    }
    table
}
