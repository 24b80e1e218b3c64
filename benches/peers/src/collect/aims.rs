use std::time::Duration;

use super::OURS;
use super::planning::Planned;
use super::requests::Counted;
use super::tree::Tree;
use crate::harness::{Measured, Table, mebibytes, ratio, seconds};

const PLAIN_PUTS: &str = "storage collect --one-by-one";
const RCLONE: &str = "rclone sync";
const MOST_MEMORY: u64 = 150 * 1024 * 1024;

/// What should come out, and what did.
#[derive(Debug, Default)]
pub(super) struct Aims {
    rows: Vec<[String; 4]>,
}

impl Aims {
    /// How often the server was asked. As the aims are for the tree of 3,069 files, they are told by what is stored: a file by one key, an
    /// index and a manifest.
    pub(super) fn add_requests(&mut self, tree: &Tree, counted: &[Counted]) {
        if tree.is_large() {
            return;
        }
        let of = |name: &str| counted.iter().find(|one| one.name == name);
        if let Some(one) = of(PLAIN_PUTS) {
            // Besides one for each object, a listing.
            self.count(tree, "requests, fresh, by plain PUT", one.requests[0], one.objects + 1);
        }
        if let Some(one) = of(OURS) {
            self.count(tree, "requests, fresh, by tars", one.requests[0], 20);
            let pages = one.objects.div_ceil(1_000);
            self.count(tree, "requests, unchanged", one.requests[1], pages + 1);
            self.count(tree, "requests, new times", one.requests[2], pages + 1);
        }
    }

    /// What was measured with the large tree, phase by phase.
    pub(super) fn add_times(&mut self, tree: &Tree, planned: &Planned, measured: &[Vec<Measured>]) {
        if !tree.is_large() {
            return;
        }
        let plans = [("no", &planned.cold, 1_500), ("a", &planned.warm, 300)];
        for (cache, measured, limit) in plans {
            if let Some(one) = measured {
                let limit = Duration::from_millis(limit);
                let what = format!("planned and rewritten with {cache} cache");
                self.row(
                    tree,
                    &what,
                    seconds(one.wall()),
                    format!("< {}", seconds(limit)),
                    one.wall() < limit,
                );
            }
        }
        for (phase, what, limit) in [(0, "fresh", 0.6), (1, "unchanged", 0.5)] {
            let of = |name: &str| measured.get(phase)?.iter().find(|one| one.name == name);
            if let (Some(ours), Some(rclone)) = (of(OURS), of(RCLONE)) {
                let is_met = ours.wall().as_secs_f64() <= limit * rclone.wall().as_secs_f64();
                let what = format!("{what}, to rclone");
                self.row(tree, &what, ratio(ours.wall(), rclone.wall()), format!("≤ {limit}"), is_met);
            }
        }
        let ours = measured.iter().flatten().filter(|one| one.name == OURS);
        if let Some(peak) = ours.map(Measured::peak_memory).max() {
            let aim = format!("≤ {}", mebibytes(MOST_MEMORY));
            self.row(tree, "peak memory", mebibytes(peak), aim, peak <= MOST_MEMORY);
        }
    }

    fn count(&mut self, tree: &Tree, what: &str, count: usize, limit: usize) {
        self.row(tree, what, count.to_string(), format!("≤ {limit}"), count <= limit);
    }

    fn row(&mut self, tree: &Tree, what: &str, found: String, aim: String, is_met: bool) {
        let verdict = if is_met { "" } else { ", MISSED" };
        self.rows.push([tree.to_string(), what.to_owned(), aim, found + verdict]);
    }

    pub(super) fn table(&self) -> Table {
        let mut table = Table::new("Aims", &["tree", "what", "aim", "measured"]);
        self.rows.iter().for_each(|row| table.row(row.to_vec()));
        table
    }
}
