//! Clients that copy and move objects within a store are killed.
//!
//! Two sets of files of the same names lie in `from-w0` and `from-w1`. In turns they are copied or moved to `to`, where
//! the other set's objects are overwritten; what was moved is then copied back.

use anyhow::Result;

use crate::deaths::client::{Ended, Store};
use crate::deaths::dice::Dice;
use crate::deaths::inventory::{Inventory, text};
use crate::deaths::local;
use crate::deaths::minio::Server;
use crate::deaths::pace::Pace;
use crate::deaths::saves::put;
use crate::deaths::scenario::{Outcome, Setting};
use crate::deaths::sources::{Source, Sources, label};
use crate::deaths::tally::Tally;
use crate::deaths::traces::Traces;

const LOCAL: &str = "copy-local";
const MINIO: &str = "copy-minio";

const TARGET: &str = "to";

const SIZES: [usize; 28] = {
    let mut sizes = [20_000; 28];
    sizes[0] = 16;
    sizes[1] = 4_097;
    sizes[2] = 300_000;
    sizes[3] = 1_048_577;
    sizes[4] = 3_000_000;
    // More than one part.
    sizes[5] = 11_000_000;
    sizes
};

/// Copies and moves on one store.
struct Copies<'a> {
    store: &'a Store,
    sources: &'a Sources,
    traces: Traces,
}

/// What is asked of the command in one round.
struct Task {
    verb: &'static str,
    no_clobber: bool,
    /// Whose files are copied.
    writer: usize,
}

/// What is known after a round.
struct Look<'a> {
    run: Ended,
    when: String,
    from: Inventory<'a>,
    /// The targets, before and after.
    before: Inventory<'a>,
    after: Inventory<'a>,
}

pub(super) fn on_folder(setting: &Setting) -> Result<Outcome> {
    let store = local::store(&setting.program)?;
    rounds(setting, LOCAL, &store, local::unfinished(&store)).map(Outcome::from)
}

pub(super) fn on_server(setting: &Setting) -> Result<Outcome> {
    let server = Server::single(&setting.workspace)?;
    let store = server.store(0, &setting.program)?;
    rounds(setting, MINIO, &store, server.uploads()).map(Outcome::from)
}

fn rounds(setting: &Setting, name: &'static str, store: &Store, traces: Traces) -> Result<Tally> {
    let mut tally = Tally::new(name, "clients");
    let sources = Sources::make(&store.path("sources"), 2, &SIZES, &mut setting.dice(name, 0))?;
    let copies = Copies { store, sources: &sources, traces };
    let mut pace = copies.rehearse()?;
    setting.rounds(name, setting.rounds, |number, dice| copies.round(number, &mut pace, dice, &mut tally))?;
    Ok(tally)
}

impl Copies<'_> {
    /// Stores both sets, and copies one without a kill, which tells how long that takes.
    fn rehearse(&self) -> Result<Pace> {
        for writer in [0, 1] {
            let files = self.sources.of(writer).map(|source| source.path.display().to_string()).collect();
            self.store.done(&put(&folder(writer), "reject", writer, files))?;
        }
        let task = Task { verb: "cp", no_clobber: false, writer: 1 };
        Ok(Pace::new(self.store.done(&self.words(&task, &mut |_| {}))?.elapsed))
    }

    fn round(&self, number: u32, pace: &mut Pace, dice: &mut Dice, tally: &mut Tally) -> Result<()> {
        let writer = usize::from(number.is_multiple_of(2));
        let task = Task { verb: dice.pick(&["cp", "mv"]), no_clobber: dice.below(3) == 0, writer };
        let when =
            format!("round {number} ({}{})", task.verb, if task.no_clobber { " --no-clobber" } else { "" });
        let mut free: Vec<_> = self.sources.of(writer).map(|source| key(TARGET, source)).collect();
        dice.shuffle(&mut free);
        free.truncate(SIZES.len() / 2);
        self.store.done(&[vec!["rm".to_owned()], free].concat())?;
        let before = Inventory::take(self.store, self.sources, TARGET, &when, tally)?;

        let unfinished = self.traces.now();
        let client = self.store.start(&self.words(&task, &mut |keys| dice.shuffle(keys)))?;
        client.wait_until(pace.moment(dice));
        let run = client.kill()?;
        let left_something = self.traces.now().difference(&unfinished).next().is_some();

        let from = Inventory::take(self.store, self.sources, &folder(writer), &when, tally)?;
        let after = Inventory::take(self.store, self.sources, TARGET, &when, tally)?;
        let look = Look { run, when, from, before, after };
        for source in self.sources.of(writer) {
            look.check(source, &task, tally);
        }
        look.check_failures(&task, tally);
        let had_begun = left_something || look.after.iter().any(|(key, found)| !look.was(key, found));
        pace.learn(look.run.was_killed(), had_begun);
        tally.rounds += 1;
        tally.kills += u32::from(look.run.was_killed());
        let is_done = look.run.lines.len() + look.run.failures.len() >= SIZES.len();
        tally.in_the_middle += u32::from(look.run.was_killed() && had_begun && !is_done);
        self.move_back(writer, &look)
    }

    /// Copies back what is no longer where it was.
    fn move_back(&self, writer: usize, look: &Look<'_>) -> Result<()> {
        let gone = self
            .sources
            .of(writer)
            .filter(|source| look.from.source(&key(&folder(writer), source)).is_none());
        let keys: Vec<_> = gone.map(|source| key(TARGET, source)).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let words = [vec!["cp".to_owned()], keys, vec![format!("{}/", folder(writer))]].concat();
        self.store.done(&words).map(drop)
    }

    fn words(&self, task: &Task, order: &mut dyn FnMut(&mut Vec<String>)) -> Vec<String> {
        let mut keys: Vec<_> =
            self.sources.of(task.writer).map(|source| key(&folder(task.writer), source)).collect();
        order(&mut keys);
        let mut words = vec![task.verb.to_owned()];
        words.extend(task.no_clobber.then(|| "--no-clobber".to_owned()));
        words.extend(keys);
        words.push(format!("{TARGET}/"));
        words
    }
}

impl Look<'_> {
    /// What became of one file.
    fn check(&self, source: &Source, task: &Task, tally: &mut Tally) {
        let (when, target) = (&self.when, key(TARGET, source));
        let (from, before, after) = (
            self.from.source(&key(&folder(task.writer), source)),
            self.before.source(&target),
            self.after.source(&target),
        );
        let is_it = |found: Option<&Source>| found.is_some_and(|found| std::ptr::eq(found, source));
        let is_old = match (before, after) {
            (Some(before), Some(after)) => std::ptr::eq(before, after),
            (before, after) => before.is_none() && after.is_none(),
        };
        let acknowledged = self.run.lines.iter().any(|line| text(line, "key") == target);
        let may_be_gone = task.verb == "mv" && is_it(after);
        if !is_it(from) && !may_be_gone {
            tally.lost.push(format!("{when}: {} is in neither place: {from:?}, {after:?}", source.name));
        }
        if !is_it(after) && !is_old {
            tally.lost.push(format!("{when}: {target} held {before:?}, and holds {after:?}"));
        }
        if task.no_clobber && before.is_some() && !is_old {
            tally.lost.push(format!("{when}: {target} was not to be overwritten: {before:?}, {after:?}"));
        }
        if acknowledged {
            match is_it(after) {
                true => tally.acknowledged += 1,
                false => tally.lost.push(format!("{when}: {target} is said to be done, and holds {after:?}")),
            }
            if task.verb == "mv" && from.is_some() {
                tally.wrong.push(format!("{when}: {} is said to be moved, and is still there", source.name));
            }
        }
    }

    /// While nothing but the client is killed, nothing fails but for a name that is taken.
    fn check_failures(&self, task: &Task, tally: &mut Tally) {
        let when = &self.when;
        let is_odd = |kind: &str| !(task.no_clobber && kind == "already_exists");
        for failure in self.run.failures.iter().filter(|failure| is_odd(&failure.kind)) {
            tally.wrong.push(format!("{when}: {}: {}", failure.kind, failure.message));
        }
        tally.wrong.extend(self.run.noise.iter().map(|line| format!("{when}: {line}")));
    }

    /// Whether this was under the key before.
    fn was(&self, key: &str, found: &Source) -> bool {
        self.before.source(key).is_some_and(|before| std::ptr::eq(before, found))
    }
}

fn folder(writer: usize) -> String {
    format!("from-{}", label(writer))
}

fn key(folder: &str, source: &Source) -> String {
    format!("{folder}/{}", source.name)
}
