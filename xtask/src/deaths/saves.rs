//! Several processes save files at the same time, and each is killed at a moment of its own.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;

use super::client::{Client, Ended, Store};
use super::dice::Dice;
use super::inventory::{Inventory, text};
use super::pace::Pace;
use super::sources::{Source, Sources, label};
use super::tally::Tally;
use super::traces::Traces;

/// What is saved where.
#[derive(Debug)]
pub(super) struct Saves<'a> {
    pub(super) store: &'a Store,
    pub(super) sources: &'a Sources,
    pub(super) writers: usize,
    pub(super) traces: Traces,
}

impl Saves<'_> {
    /// Saves everything once without a kill, which tells how long that takes.
    ///
    /// # Errors
    /// When it does not succeed.
    pub(super) fn rehearse(&self, dice: &mut Dice) -> Result<Pace> {
        let clients = self.start("rehearsal", "rename", dice)?;
        let mut whole = Duration::from_millis(1);
        for client in clients {
            let ended = client.finish()?;
            anyhow::ensure!(
                ended.code() == Some(0),
                "a save that nobody killed failed: {}",
                ended.complaint()
            );
            whole = whole.max(ended.elapsed);
        }
        self.clear("rehearsal")?;
        Ok(Pace::new(whole))
    }

    /// One round: save, kill, look.
    ///
    /// # Errors
    /// When the command does not run at all, or hangs.
    pub(super) fn round(
        &self,
        number: u32,
        pace: &mut Pace,
        dice: &mut Dice,
        tally: &mut Tally,
    ) -> Result<()> {
        let folder = format!("r{number:04}");
        let collision = dice.pick(&["rename", "rename", "replace", "reject"]);
        let before = self.traces.now();
        let mut clients: Vec<(Duration, usize, Client)> = self
            .start(&folder, collision, dice)?
            .into_iter()
            .enumerate()
            .map(|(writer, client)| (pace.moment(dice), writer, client))
            .collect();
        clients.sort_by_key(|(moment, ..)| *moment);
        let mut runs = Vec::new();
        for (moment, writer, client) in clients {
            client.wait_until(moment);
            runs.push((writer, client.kill()?));
        }
        let left_something = self.traces.now().difference(&before).next().is_some();
        let planned = self.sources.of(0).count();
        for (_, run) in &runs {
            let had_begun = left_something || !run.lines.is_empty();
            pace.learn(run.was_killed(), had_begun);
            tally.kills += u32::from(run.was_killed());
            tally.in_the_middle += u32::from(run.was_killed() && had_begun && run.lines.len() < planned);
        }
        tally.rounds += 1;

        let when = format!("round {number} ({collision})");
        let inventory = Inventory::take(self.store, self.sources, &folder, &when, tally)?;
        for (writer, run) in &runs {
            complain(run, collision, &when, tally);
            self.check(*writer, run, collision, &inventory, &when, tally);
        }
        check_names(&inventory, &when, tally);
        if inventory.listed > 0 { self.clear(&folder) } else { Ok(()) }
    }

    fn start(&self, folder: &str, collision: &str, dice: &mut Dice) -> Result<Vec<Client>> {
        (0..self.writers)
            .map(|writer| {
                let mut files: Vec<_> =
                    self.sources.of(writer).map(|source| source.path.display().to_string()).collect();
                dice.shuffle(&mut files);
                self.store.start(&put(folder, collision, writer, files))
            })
            .collect()
    }

    /// Everything that this writer was told is done is there, with its bytes.
    fn check(
        &self,
        writer: usize,
        run: &Ended,
        collision: &str,
        inventory: &Inventory<'_>,
        when: &str,
        tally: &mut Tally,
    ) {
        for line in &run.lines {
            let key = text(line, "key");
            let Some(saved) =
                self.sources.of(writer).find(|source| source.path.as_os_str() == text(line, "source"))
            else {
                tally.wrong.push(format!("{when}: {key} is of an unknown file"));
                continue;
            };
            let is_there = inventory.source(key).is_some_and(|found| match collision {
                // Another writer may have replaced it since.
                "replace" => found.name == saved.name,
                _ => std::ptr::eq(found, saved),
            });
            match is_there {
                true => tally.acknowledged += 1,
                false => tally.lost.push(format!("{when}: {key}, holding {:?}", inventory.source(key))),
            }
        }
    }

    fn clear(&self, folder: &str) -> Result<()> {
        self.store.done(&["rm", "--recursive", folder].map(str::to_owned)).map(drop)
    }
}

/// The words of a `put` of these files.
pub(super) fn put(folder: &str, collision: &str, writer: usize, files: Vec<String>) -> Vec<String> {
    let metadata = format!("writer={}", label(writer));
    let words = ["put", "--to", folder, "--collision", collision, "--metadata", &metadata];
    words.map(str::to_owned).into_iter().chain(files).collect()
}

/// An object is under the name of its file, or an alternative of that; and no file was stored twice.
pub(super) fn check_names(inventory: &Inventory<'_>, when: &str, tally: &mut Tally) {
    let mut seen = BTreeSet::new();
    for (key, source) in inventory.iter() {
        if !is_named_after(key, source) {
            tally.torn.push(format!("{when}: {key} holds {}", source.name));
        }
        if !seen.insert(&source.path) {
            tally.wrong.push(format!("{when}: {key} is a second copy of one file"));
        }
    }
}

fn is_named_after(key: &str, source: &Source) -> bool {
    let name = key.rsplit('/').next().unwrap_or(key);
    let stem = source.name.trim_end_matches(".bin");
    name.strip_prefix(stem).is_some_and(|rest| rest == ".bin" || rest.starts_with('_'))
}

/// What was said to be saved is there, with the content of its file.
pub(super) fn check_saved(line: &Value, inventory: &Inventory<'_>, when: &str, tally: &mut Tally) {
    let (key, path) = (text(line, "key"), text(line, "source"));
    match inventory.source(key) {
        Some(found) if found.path.as_os_str() == path => tally.acknowledged += 1,
        found => tally.lost.push(format!("{when}: {key}, holding {found:?}")),
    }
}

/// While nothing but the client is killed, nothing fails but for a name that is taken.
fn complain(run: &Ended, collision: &str, when: &str, tally: &mut Tally) {
    let is_odd = |kind: &str| !(collision == "reject" && kind == "already_exists");
    for failure in run.failures.iter().filter(|failure| is_odd(&failure.kind)) {
        tally.wrong.push(format!("{when}: a save failed: {}: {}", failure.kind, failure.message));
    }
    tally.wrong.extend(run.noise.iter().map(|line| format!("{when}: {line}")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alternative_name_is_still_the_files() {
        let source = Source { writer: 0, name: "f01.bin".to_owned(), path: "w0/f01.bin".into() };
        assert!(is_named_after("r1/f01.bin", &source));
        assert!(is_named_after("r1/f01_Ab3dE9x.bin", &source));
        assert!(!is_named_after("r1/f02.bin", &source));
        assert!(!is_named_after("r1/f011.bin", &source));
    }
}
