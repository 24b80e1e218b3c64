//! Clients that upload large files in parts are killed.

use std::fmt::Write;

use anyhow::Result;

use crate::deaths::minio::Server;
use crate::deaths::saves::Saves;
use crate::deaths::scenario::{Outcome, Setting};
use crate::deaths::sources::Sources;
use crate::deaths::tally::Tally;

const NAME: &str = "multipart";
const WRITERS: usize = 2;

/// Two and three parts of 10 MiB, and one small file among them.
const SIZES: [usize; 5] = [10_485_761, 14_000_000, 20_971_520, 25_000_000, 1_000];

pub(super) fn run(setting: &Setting) -> Result<Outcome> {
    let mut tally = Tally::new(NAME, "clients");
    let server = Server::single(&setting.workspace)?;
    let store = server.store(0, &setting.program)?;
    let mut dice = setting.dice(NAME, 0);
    let sources = Sources::make(&store.path("sources"), WRITERS, &SIZES, &mut dice)?;
    let saves = Saves { store: &store, sources: &sources, writers: WRITERS, traces: server.uploads() };
    let mut pace = saves.rehearse(&mut dice)?;
    let mut most = 0;
    setting.rounds(NAME, setting.rounds, |number, dice| {
        saves.round(number, &mut pace, dice, &mut tally)?;
        most = most.max(server.uploads().now().len());
        Ok(())
    })?;
    let mut note = format!("at most {most} uploads without a client waited at one time, unseen");
    let _ = write!(note, "; {} do now", server.uploads().now().len());
    tally.notes.push(note);
    Ok(tally.into())
}
