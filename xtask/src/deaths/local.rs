//! The store in a folder, and a scenario of saving to it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::client::Store;
use super::leftovers::Leftovers;
use super::saves::Saves;
use super::scenario::{Outcome, Setting};
use super::sources::Sources;
use super::tally::Tally;
use super::traces::Traces;

const NAME: &str = "local-save";
const WRITERS: usize = 2;
const BUCKET: &str = "deaths";

const SMALL: [usize; 16] = [
    16, 17, 100, 511, 512, 1_000, 4_095, 4_096, 4_097, 9_000, 20_000, 33_333, 65_536, 70_000, 100_000,
    262_145,
];
const LARGE: [usize; 4] = [1_048_577, 3_000_000, 6_000_000, 12_000_000];

/// Clients that save to a folder are killed.
pub(super) fn saves(setting: &Setting) -> Result<Outcome> {
    let mut tally = Tally::new(NAME, "clients");
    let store = store(&setting.program)?;
    let mut dice = setting.dice(NAME, 0);
    let sources = Sources::make(&store.path("sources"), WRITERS, &[&SMALL[..], &LARGE].concat(), &mut dice)?;
    let saves = Saves { store: &store, sources: &sources, writers: WRITERS, traces: unfinished(&store) };
    let mut pace = saves.rehearse(&mut dice)?;
    setting.rounds(NAME, setting.rounds, |number, dice| saves.round(number, &mut pace, dice, &mut tally))?;
    let traces = unfinished(&store);
    tally.notes.push(format!("{} unfinished files lie in the folder, unseen", traces.now().len()));
    let leftovers = Leftovers::new(store, traces);
    Ok(Outcome { tally, leftovers: Some(leftovers) })
}

/// A store in a new folder.
pub(super) fn store(program: &Path) -> Result<Store> {
    let variables = [
        ("STORAGE_BACKEND", "local"),
        ("STORAGE_ROOT", "store"),
        ("MINIO_PRIVATE_BUCKETS", BUCKET),
        ("MINIO_MEDIA_FILES_BUCKET", BUCKET),
    ];
    Store::new(program, variables.map(|(name, value)| (name, value.to_owned())).into())
}

/// Where such a store keeps files that are still written.
pub(super) fn unfinished(store: &Store) -> Traces {
    Traces::new(own(store).join("tmp"), 1)
}

/// Where it keeps what belongs to its objects.
pub(super) fn records(store: &Store) -> Traces {
    Traces::new(own(store).join("records"), 2)
}

fn own(store: &Store) -> PathBuf {
    store.path("store").join(BUCKET).join(".storage")
}
