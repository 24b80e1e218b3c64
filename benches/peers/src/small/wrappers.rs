use anyhow::Result;

use super::putting::{Peer, Runtime};
use super::{KIB, Load, contestant};
use crate::harness::{Measured, Report, Settings, Table, crate_version, in_rounds, ratio, seconds};
use crate::server::{Kind, Server};

const AIM: &str = "4 KiB through three wrappers: at most 1.05 times the CPU time without them.";

const LOAD: Load = Load { title: "4 KiB, eight at a time", size: 4 * KIB, at_a_time: 8, count: 20_000 };

const PEERS: [Peer; 3] = [Peer::Ours, Peer::Wrapped, Peer::Watched];

/// CPU time of a client per save of 4 KiB, with and without wrappers around the store
#[derive(Debug, clap::Args)]
pub(crate) struct Wrappers {
    /// The runtime that the clients run on
    #[arg(long, value_enum, default_value_t = Runtime::CurrentThread)]
    runtime: Runtime,
}

/// # Errors
/// When a contestant fails, or the report cannot be kept.
pub(crate) fn bench(args: &Wrappers, settings: &Settings) -> Result<()> {
    let sink = Server::start(Kind::Sink)?;
    let mut report = Report::new("wrappers", AIM);
    let contestants = PEERS.map(|peer| contestant(args.runtime, peer, &LOAD, sink.address()));
    report.table(&table(&in_rounds(settings, contestants.into())?));
    report.note(
        "CPU time is user and system time of the client's process per save, the median of the rounds. The wrappers are `Traced` (spans \
         and metrics compiled in), `Limited` and `Validated` (lengths). Without a subscriber and a recorder nothing is shown; metrics \
         recorded go to counters in memory.",
    );
    report.versions(["storage-core", "storage-minio", "tokio"].map(|name| (name, crate_version(name))));
    report.finish(settings)
}

fn table(measured: &[Measured]) -> Table {
    let mut table = Table::new(LOAD.title, &["contestant", "CPU time per save", "to none", "wall time"]);
    let bare = measured.iter().find(|one| one.name == Peer::Ours.name()).map(Measured::cpu);
    for one in measured {
        let to_bare = bare.map_or_else(|| "-".to_owned(), |bare| ratio(one.cpu(), bare));
        table.row(vec![one.name.clone(), seconds(one.cpu()), to_bare, seconds(one.wall())]);
    }
    table
}
