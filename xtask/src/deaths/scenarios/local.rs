//! Clients that save to a folder are killed.

use anyhow::Result;

use crate::deaths::leftovers::Leftovers;
use crate::deaths::local;
use crate::deaths::saves::Saves;
use crate::deaths::scenario::{Outcome, Setting};
use crate::deaths::sources::Sources;
use crate::deaths::tally::Tally;

const NAME: &str = "local-save";
const WRITERS: usize = 2;

const SMALL: [usize; 16] = [
    16, 17, 100, 511, 512, 1_000, 4_095, 4_096, 4_097, 9_000, 20_000, 33_333, 65_536, 70_000, 100_000,
    262_145,
];
const LARGE: [usize; 4] = [1_048_577, 3_000_000, 6_000_000, 12_000_000];

pub(super) fn run(setting: &Setting) -> Result<Outcome> {
    let mut tally = Tally::new(NAME, "clients");
    let store = local::store(&setting.program)?;
    let mut dice = setting.dice(NAME, 0);
    let sources = Sources::make(&store.path("sources"), WRITERS, &[&SMALL[..], &LARGE].concat(), &mut dice)?;
    let saves =
        Saves { store: &store, sources: &sources, writers: WRITERS, traces: local::unfinished(&store) };
    let mut pace = saves.rehearse(&mut dice)?;
    setting.rounds(NAME, setting.rounds, |number, dice| saves.round(number, &mut pace, dice, &mut tally))?;
    let traces = local::unfinished(&store);
    tally.notes.push(format!("{} unfinished files lie in the folder, unseen", traces.now().len()));
    let leftovers = Leftovers::new(store, traces);
    Ok(Outcome { tally, leftovers: Some(leftovers) })
}
