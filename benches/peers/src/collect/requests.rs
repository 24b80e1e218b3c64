use std::path::Path;

use anyhow::{Context, Result};
use s3_testserver::Proxy;

use super::phase::{Phase, objects};
use super::rival::{Programs, RIVALS};
use super::tree::Tree;
use crate::harness::{Settings, Table, run};
use crate::programs::{Server, Storage};

/// What one contestant has asked the server.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) name: &'static str,
    /// Phase by phase.
    pub(super) requests: [usize; 3],
    /// What is in its bucket at the end.
    pub(super) objects: usize,
}

/// Goes through all phases once, with a proxy in front of the server that counts.
///
/// # Errors
/// When a contestant fails.
pub(super) fn count(
    server: &Server,
    scratch: &Path,
    tree: &Tree,
    settings: &Settings,
) -> Result<Vec<Counted>> {
    let proxy = Proxy::in_front_of(&server.endpoint);
    let storage = Storage::new(server)?;
    let mut counted = Vec::new();
    for rival in RIVALS.iter().filter(|rival| rival.takes(tree) && settings.wants(rival.name)) {
        let door = proxy.door();
        let server = server.behind(&door.endpoint());
        let programs = Programs::new(&server, scratch)?;
        let bucket = format!("{}-{}-counted", rival.slug(), tree.name);
        let (mut requests, mut there) = ([0; 3], 0);
        for (phase, requests) in Phase::ALL.into_iter().zip(&mut requests) {
            phase.prepare(&storage, tree, &bucket)?;
            run(&mut (rival.command)(&programs, tree, &bucket)?)
                .with_context(|| format!("{} failed behind the proxy", rival.name))?;
            *requests = door.requests().count();
            door.requests().reset();
            there = objects(&storage, tree, &bucket)?;
        }
        eprintln!("{}: {requests:?} requests, {there} objects", rival.name);
        counted.push(Counted { name: rival.name, requests, objects: there });
    }
    Ok(counted)
}

pub(super) fn table(tree: &Tree, counted: &[Counted]) -> Table {
    let mut heading = vec!["contestant".to_owned()];
    heading.extend(Phase::ALL.iter().map(ToString::to_string));
    heading.push("objects at the end".to_owned());
    let heading: Vec<_> = heading.iter().map(String::as_str).collect();
    let mut table = Table::new(format!("{tree}: requests"), &heading);
    for one in counted {
        let mut row = vec![one.name.to_owned()];
        row.extend(one.requests.iter().chain([&one.objects]).map(ToString::to_string));
        table.row(row);
    }
    table
}
