//! One node of four dies while clients save, then a second one; then both come back.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::deaths::client::{Client, Ended, Store};
use crate::deaths::dice::Dice;
use crate::deaths::inventory::{Inventory, text};
use crate::deaths::minio::Server;
use crate::deaths::outages::{await_the_middle, check_typed};
use crate::deaths::saves::{check_names, check_saved, put};
use crate::deaths::scenario::{Outcome, Setting};
use crate::deaths::sources::Sources;
use crate::deaths::tally::Tally;

const NAME: &str = "cluster";
const WRITERS: usize = 2;

/// The node that the clients speak to, which lives.
const ALIVE: usize = 0;
const OTHERS: [usize; 3] = [1, 2, 3];

const SIZES: [usize; 44] = {
    let mut sizes = [4_096; 44];
    sizes[0] = 2_000_000;
    sizes[1] = 11_000_000;
    sizes[2] = 22_000_000;
    sizes
};

/// How long nodes may take to find each other. They try again after ever longer pauses, half a minute at most.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the command may take to say how the store is: the check's 3 s, and what a busy machine needs for the rest.
const HEALTH: Duration = Duration::from_secs(8);

/// The exit status for a name that is taken.
const CONFLICT: i32 = 6;

pub(super) fn run(setting: &Setting) -> Result<Outcome> {
    let mut tally = Tally::new(NAME, "nodes");
    let mut server = Server::cluster(&setting.workspace)?;
    let store = server.store(ALIVE, &setting.program)?;
    let mut dice = setting.dice(NAME, 0);
    let sources = Sources::make(&store.path("sources"), WRITERS, &SIZES, &mut dice)?;
    // Without a quorum a node does not answer at all for long.
    let impatient = server.store(ALIVE, &setting.program)?.with("MINIO_HTTP_CLIENT__READ_TIMEOUT", "5s");
    let mut nodes = Nodes {
        store: &store,
        impatient: &impatient,
        sources: &sources,
        whole: Duration::ZERO,
        kept: Vec::new(),
        seen: Seen::default(),
    };
    nodes.rehearse(&mut tally)?;
    setting.rounds(NAME, setting.server_rounds(), |number, dice| {
        let done = nodes.round(&mut server, number, dice, &mut tally);
        done.with_context(|| format!("the end of the servers' log:\n{}", server.log_tail()))
    })?;
    // What was stored in earlier rounds outlived all later deaths.
    let all = Inventory::take(&store, &sources, "kept", "at the end", &mut tally)?;
    check_kept(&nodes.kept, &all, "at the end", &mut tally);
    tally.notes.push(nodes.seen.to_string());
    Ok(tally.into())
}

struct Nodes<'a> {
    store: &'a Store,
    /// The same with a short time-out.
    impatient: &'a Store,
    sources: &'a Sources,
    /// How long the clients take when nobody dies.
    whole: Duration,
    /// The keys of all that was acknowledged.
    kept: Vec<String>,
    seen: Seen,
}

/// What the survivors said.
#[derive(Default)]
struct Seen {
    /// Saves that failed while the first node died.
    failed_saves: usize,
    /// How a save fails without a write quorum.
    without_quorum: BTreeSet<String>,
    /// What the store's health is called then.
    health: BTreeSet<String>,
    /// Objects that were read while two nodes were dead, and those that could not be.
    read: usize,
    unread: BTreeSet<String>,
    /// Objects that the server said are not there.
    denied: usize,
    /// How long after the start, or the return of both, the first run of saves succeeded as a whole.
    slowest_return: Duration,
    /// The same for three nodes after the death of the fourth.
    slowest_with_three: Duration,
}

impl Nodes<'_> {
    fn rehearse(&mut self, tally: &mut Tally) -> Result<()> {
        self.saves_again("kept/base", "at the start", tally)?;
        let clients: Vec<_> = (0..WRITERS)
            .map(|writer| self.store.start(&self.saves("kept/base", writer)))
            .collect::<Result<_>>()?;
        for client in clients {
            let ended = client.finish()?;
            ensure!(ended.code() == Some(0), "a save without a death failed: {}", ended.complaint());
            self.whole = self.whole.max(ended.elapsed);
        }
        Ok(())
    }

    fn round(&mut self, server: &mut Server, number: u32, dice: &mut Dice, tally: &mut Tally) -> Result<()> {
        let mut victims = OTHERS;
        dice.shuffle(&mut victims);
        let [first, second, _] = victims;
        let folder = format!("kept/r{number:04}");
        tally.rounds += 1;

        let mut clients = (0..WRITERS)
            .map(|writer| self.store.start(&self.saves(&folder, writer)))
            .collect::<Result<Vec<_>>>()?;
        let busy = await_the_middle(&mut clients, self.whole, dice);
        server.kill(first)?;
        tally.kills += 1;
        tally.in_the_middle += u32::from(busy);
        let runs = clients.into_iter().map(Client::finish).collect::<Result<Vec<_>>>()?;

        let when = format!("round {number}, node {first} dead");
        for run in &runs {
            self.seen.failed_saves += run.failures.len();
            check_typed(run, &when, tally);
        }
        self.one_dead(&folder, &when, tally)?;
        let inventory = Inventory::take(self.store, self.sources, &folder, &when, tally)?;
        check_names(&inventory, &when, tally);
        for line in runs.iter().flat_map(|run| &run.lines) {
            check_saved(line, &inventory, &when, tally);
        }

        server.kill(second)?;
        tally.kills += 1;
        let when = format!("round {number}, nodes {first} and {second} dead");
        self.two_dead(&folder, &runs, &when, tally)?;

        let kept_before = self.kept.len();
        server.revive(first)?;
        server.revive(second)?;
        server.await_all()?;
        let when = format!("round {number}, all back");
        self.saves_again(&folder, &when, tally)?;
        let inventory = Inventory::take(self.store, self.sources, &folder, &when, tally)?;
        self.kept.extend(runs.iter().flat_map(|run| &run.lines).map(|line| text(line, "key").to_owned()));
        check_kept(&self.kept[kept_before..], &inventory, &when, tally);
        Ok(())
    }

    /// The nodes find each other again after a while, for small objects sooner than for large ones.
    fn saves_again(&mut self, folder: &str, when: &str, tally: &mut Tally) -> Result<()> {
        let folder = format!("{folder}-again");
        let begun = Instant::now();
        loop {
            let run = self.store.run(&self.saves(&folder, 0))?;
            if run.code() == Some(0) {
                break;
            }
            check_typed(&run, when, tally);
            if begun.elapsed() > PATIENCE {
                tally.wrong.push(format!("{when}: saves still fail: {}", run.complaint()));
                return Ok(());
            }
            thread::sleep(Duration::from_millis(500));
        }
        self.seen.slowest_return = self.seen.slowest_return.max(begun.elapsed());
        self.store.done(&["rm", "--recursive", &folder].map(str::to_owned)).map(drop)
    }

    /// Three of four take writes, and keep conditions: at the latest when the living have found each other after the round before.
    fn one_dead(&mut self, folder: &str, when: &str, tally: &mut Tally) -> Result<()> {
        let begun = Instant::now();
        for attempt in 0.. {
            let free = format!("{folder}-one-{attempt}");
            let files: Vec<_> =
                self.sources.of(0).take(3).map(|source| source.path.display().to_string()).collect();
            let new = self.store.run(&put(&free, "reject", 0, files.clone()))?;
            if new.code() == Some(0) {
                let taken = self.store.run(&put(&free, "reject", 0, files))?;
                if taken.code() == Some(CONFLICT) {
                    break;
                }
                check_typed(&taken, when, tally);
            }
            check_typed(&new, when, tally);
            if begun.elapsed() > PATIENCE {
                tally.wrong.push(format!("{when}: three nodes take no writes: {}", new.complaint()));
                break;
            }
            thread::sleep(Duration::from_millis(500));
        }
        self.seen.slowest_with_three = self.seen.slowest_with_three.max(begun.elapsed());
        Ok(())
    }

    /// Two of four take no writes, and say so; what they cannot read they do not call missing.
    fn two_dead(&mut self, folder: &str, runs: &[Ended], when: &str, tally: &mut Tally) -> Result<()> {
        for at in [0, 3] {
            let file = self.sources.of(0).nth(at).map(|source| source.path.display().to_string());
            let run = self.impatient.run(&put(
                &format!("{folder}-two"),
                "rename",
                0,
                file.into_iter().collect(),
            ))?;
            check_typed(&run, when, tally);
            if run.failures.is_empty() {
                tally.wrong.push(format!("{when}: a save succeeds without a write quorum: {:?}", run.lines));
            }
            let said = run.failures.iter().map(|failure| failure.kind.clone());
            self.seen.without_quorum.extend(said);
        }
        self.health_without_quorum(when, tally)?;
        let target =
            tempfile::tempdir_in(self.store.path("")).context("cannot make a folder to read into")?;
        let keys = runs.iter().flat_map(|run| &run.lines).map(|line| text(line, "key")).take(10);
        for key in keys.chain(["kept/base/f01.bin", "kept/base/f10.bin"]) {
            let copy = target.path().join("copy");
            let output = copy.display().to_string();
            let run = self.impatient.run(&["get", key, "--output", &output].map(str::to_owned))?;
            match run.failures.first() {
                None => {
                    self.seen.read += 1;
                    if self.sources.identify(&copy)?.is_none() {
                        tally.torn.push(format!("{when}: {key} is read as none of the files"));
                    }
                }
                // MinIO itself answers 404 for some large objects then; nothing tells a client that this is not so.
                Some(failure) if failure.kind == "not_found" => self.seen.denied += 1,
                Some(failure) => {
                    check_typed(&run, when, tally);
                    self.seen.unread.insert(failure.kind.clone());
                }
            }
        }
        Ok(())
    }

    /// It is alive, and not fit for work, which is told within the check's own time.
    fn health_without_quorum(&mut self, when: &str, tally: &mut Tally) -> Result<()> {
        let ask =
            |options: &[&str]| self.store.run(&options.iter().map(ToString::to_string).collect::<Vec<_>>());
        let ready = ask(&["health"])?;
        let states = ready.lines.iter().map(|line| text(line, "state").to_owned());
        self.seen.health.extend(states);
        if ready.code() != Some(1) || ready.elapsed > HEALTH {
            tally.wrong.push(format!(
                "{when}: health ends with {:?} after {:?}",
                ready.code(),
                ready.elapsed
            ));
        }
        Ok(())
    }

    fn saves(&self, folder: &str, writer: usize) -> Vec<String> {
        let files = self.sources.of(writer).map(|source| source.path.display().to_string()).collect();
        put(folder, "rename", writer, files)
    }
}

/// What was acknowledged is there.
fn check_kept(keys: &[String], inventory: &Inventory<'_>, when: &str, tally: &mut Tally) {
    let missing = keys.iter().filter(|key| inventory.source(key).is_none());
    tally.lost.extend(missing.map(|key| format!("{when}: {key}")));
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |kinds: &BTreeSet<String>| match kinds.is_empty() {
            true => "nothing".to_owned(),
            false => kinds.iter().cloned().collect::<Vec<_>>().join(", "),
        };
        write!(f, "while one node died, {} saves failed, typed; ", self.failed_saves)?;
        write!(f, "with two dead, saves fail as: {}; ", list(&self.without_quorum))?;
        write!(f, "its health is: {}; ", list(&self.health))?;
        write!(f, "{} objects were read then, others failed as: {}, ", self.read, list(&self.unread))?;
        write!(f, "and of {} MinIO said that there is no such key; ", self.denied)?;
        write!(f, "all saves succeeded after at most {} s ", self.slowest_with_three.as_secs())?;
        write!(f, "on three nodes, and {} s on four that came back", self.slowest_return.as_secs())
    }
}
