//! The server is killed while clients save to it and read from it, and comes back.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::deaths::client::{Ended, Store};
use crate::deaths::dice::Dice;
use crate::deaths::inventory::{Inventory, text};
use crate::deaths::minio::Server;
use crate::deaths::outages::{await_the_middle, check_typed};
use crate::deaths::saves::{check_names, check_saved, put};
use crate::deaths::scenario::{Outcome, Setting};
use crate::deaths::sources::Sources;
use crate::deaths::tally::Tally;

const NAME: &str = "server";
const WRITERS: usize = 3;

/// Enough that the server dies while they are sent.
const SMALL: [usize; 60] = [4_096; 60];
const LARGE: [usize; 3] = [5_000_000, 11_000_000, 21_000_000];

pub(super) fn run(setting: &Setting) -> Result<Outcome> {
    let mut tally = Tally::new(NAME, "the server");
    let mut server = Server::single(&setting.workspace)?;
    let store = server.store(0, &setting.program)?;
    let mut dice = setting.dice(NAME, 0);
    let sources = Sources::make(&store.path("sources"), WRITERS, &[&LARGE[..], &SMALL].concat(), &mut dice)?;
    let mut deaths = Deaths { store: &store, sources: &sources, whole: Duration::ZERO, failed: 0, lasted: 0 };
    deaths.rehearse()?;
    let rounds = setting.server_rounds();
    setting.rounds(NAME, rounds, |number, dice| {
        let done = deaths.round(&mut server, number, dice, &mut tally);
        done.with_context(|| format!("the end of the server's log:\n{}", server.log_tail()))
    })?;
    let total = deaths.failed + deaths.lasted;
    tally.notes.push(format!(
        "{} of {total} clients saw errors, all typed; the others outlasted the server's death by repeating",
        deaths.failed
    ));
    Ok(tally.into())
}

struct Deaths<'a> {
    store: &'a Store,
    sources: &'a Sources,
    /// How long the clients take when nobody dies.
    whole: Duration,
    /// How many clients saw errors, and how many did not.
    failed: u32,
    lasted: u32,
}

impl Deaths<'_> {
    fn rehearse(&mut self) -> Result<()> {
        let begun = Instant::now();
        let clients: Vec<_> = (0..WRITERS)
            .map(|writer| self.store.start(&self.saves("base", writer)))
            .collect::<Result<_>>()?;
        for client in clients {
            let ended = client.finish()?;
            anyhow::ensure!(ended.code() == Some(0), "a save without a death failed: {}", ended.complaint());
        }
        self.whole = begun.elapsed();
        Ok(())
    }

    fn round(&mut self, server: &mut Server, number: u32, dice: &mut Dice, tally: &mut Tally) -> Result<()> {
        let folder = format!("r{number:04}");
        let when = format!("round {number}");
        let mut writers = (0..WRITERS)
            .map(|writer| self.store.start(&self.saves(&folder, writer)))
            .collect::<Result<Vec<_>>>()?;
        let target =
            tempfile::tempdir_in(self.store.path("")).context("cannot make a folder to read into")?;
        let output = target.path().display().to_string();
        let reader =
            self.store.start(&["get", "--recursive", "base", "--output", &output].map(str::to_owned))?;

        let busy = await_the_middle(&mut writers, self.whole, dice);
        server.kill(0)?;
        tally.kills += 1;
        tally.in_the_middle += u32::from(busy);
        thread::sleep(dice.moment(Duration::from_secs(3)));
        server.revive(0)?;

        let mut runs = Vec::new();
        for writer in writers {
            runs.push(writer.finish().context("a client did not get over the server's death")?);
        }
        let read = reader.finish().context("a client did not get over the server's death")?;
        tally.rounds += 1;

        for run in runs.iter().chain([&read]) {
            check_typed(run, &when, tally);
            match run.failures.is_empty() {
                true => self.lasted += 1,
                false => self.failed += 1,
            }
        }
        self.check_read(target.path(), &read, &when, tally)?;
        let inventory = Inventory::take(self.store, self.sources, &folder, &when, tally)?;
        check_names(&inventory, &when, tally);
        for line in runs.iter().flat_map(|run| &run.lines) {
            check_saved(line, &inventory, &when, tally);
        }
        if inventory.listed > 0 {
            self.store.done(&["rm", "--recursive", &folder].map(str::to_owned))?;
        }
        Ok(())
    }

    /// A file that was read is whole, or not there.
    fn check_read(&self, target: &std::path::Path, run: &Ended, when: &str, tally: &mut Tally) -> Result<()> {
        for line in &run.lines {
            let key = text(line, "key");
            let copy = target.join(key);
            if !copy.is_file() || self.sources.identify(&copy)?.is_none() {
                tally.torn.push(format!("{when}: {key} is said to be read, and is none of the files"));
            }
        }
        Ok(())
    }

    fn saves(&self, folder: &str, writer: usize) -> Vec<String> {
        let files = self.sources.of(writer).map(|source| source.path.display().to_string()).collect();
        put(folder, "rename", writer, files)
    }
}
