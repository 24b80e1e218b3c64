//! What saving to and opening from a folder takes, beside what one would write oneself.

mod object_store;
mod ours;
mod plain;
mod storing;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::harness::{
    Contestant, Measured, Report, Settings, Table, crate_version, in_rounds, myself, ratio, run_and_read,
    seconds,
};
pub(crate) use storing::Storing;
use storing::{Action, Peer};

const AIM: &str = "at most 1.3 times plain `tokio::fs` with the same durability.";

const VERSIONS: [&str; 3] = ["storage-local", "object_store", "tokio"];

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// What is done, with how much, and how often.
#[derive(Clone, Copy)]
struct Load {
    title: &'static str,
    action: Action,
    size: usize,
    count: usize,
}

const LOADS: [Load; 6] = [
    Load {
        title: "Save 4 KiB, on the disk when it returns",
        action: Action::SaveDurably,
        size: 4 * KIB,
        count: 100,
    },
    Load {
        title: "Save 4 KiB, without waiting for the disk",
        action: Action::Save,
        size: 4 * KIB,
        count: 2_000,
    },
    Load {
        title: "Save 100 MiB, on the disk when it returns",
        action: Action::SaveDurably,
        size: 100 * MIB,
        count: 2,
    },
    Load {
        title: "Save 100 MiB, without waiting for the disk",
        action: Action::Save,
        size: 100 * MIB,
        count: 3,
    },
    Load { title: "Open and read 4 KiB", action: Action::Open, size: 4 * KIB, count: 2_000 },
    Load { title: "Open and read 100 MiB", action: Action::Open, size: 100 * MIB, count: 3 },
];

/// Time of a save to and an open from a folder
#[derive(Debug, clap::Args)]
pub(crate) struct Local {
    /// Only loads whose title contains this
    #[arg(long, value_name = "TEXT", default_value = "")]
    load: String,
}

/// # Errors
/// When a contestant fails, or the report cannot be kept.
pub(crate) fn bench(args: &Local, settings: &Settings) -> Result<()> {
    let folder = settings.scratch("local")?;
    let mut report = Report::new("local", AIM);
    for load in LOADS.iter().filter(|load| load.title.contains(&args.load)) {
        let contestants = Peer::ALL.map(|peer| contestant(peer, load, &folder));
        report.table(&table(load, &in_rounds(settings, contestants.into())?));
    }
    report.note(
        "Times are those of one object, the median of the rounds. Ours saves through a `Bucket`: a free name, content type, ETag \
         (the MD5 of what has at most 1 MiB) and a record of metadata, which changes together with the content. Plain is a temporary file, `fsync` if the disk is \
         waited for, a rename, and `fsync` of the folder. `LocalFileSystem` keeps no metadata.",
    );
    report.versions(VERSIONS.map(|name| (name, crate_version(name))));
    report.finish(settings)
}

fn contestant(peer: Peer, load: &Load, folder: &Path) -> Contestant<'static> {
    let Load { action, size, count, .. } = *load;
    let folder: PathBuf = folder.join(peer.name());
    Contestant::new(peer.name(), move |_| {
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let storing = Storing { peer, action, folder: folder.clone(), size, count };
        let (_, output) = run_and_read(myself()?.args(storing.arguments()))?;
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        Ok(serde_json::from_str(&output)?)
    })
}

fn table(load: &Load, measured: &[Measured]) -> Table {
    let heading = ["contestant", "time", "to plain tokio::fs", "CPU time"];
    let mut table = Table::new(load.title, &heading);
    let plain = measured.iter().find(|one| one.name == Peer::Plain.name()).map(Measured::wall);
    for one in measured {
        table.row(vec![
            one.name.clone(),
            seconds(one.wall()),
            plain.map_or_else(|| "-".to_owned(), |plain| ratio(one.wall(), plain)),
            seconds(one.cpu()),
        ]);
    }
    table
}
