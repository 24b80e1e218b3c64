//! The table as a page.

use std::fmt::Write as _;
use std::path::Path;

use libtest_mimic::Failed;

use super::row::{Outcome, Row, Work};
use super::step::EVERY;

/// Set to anything, the page is written instead of compared.
const WRITE: &str = "STORAGE_WRITE_FAULTS";

const HEAD: &str = "# What faults come to

Each fault, hitting each request of each operation of the store on S3: without retries, with the default ones, and with more of them. The
table stands in `storage-minio/tests/faults/table.rs` and is checked cell by cell, on a server inside the test process and, by
`cargo xtask integration`, in front of real ones: the kind of the error, or the bytes that were read back; nothing half-written, nothing left
behind but what is said here, and an end in bounded time and memory.

This page is written by `STORAGE_WRITE_FAULTS=1 cargo test --package storage-minio --test faults document`.
";

/// Compares the page with the table, or writes it.
pub(crate) fn check(rows: &[Row]) -> Result<(), Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/faults.md");
    let page = page(rows);
    if std::env::var_os(WRITE).is_some() {
        return std::fs::write(path, page).map_err(Failed::from);
    }
    match std::fs::read_to_string(path)? == page {
        true => Ok(()),
        false => Err(format!("docs/faults.md is not what is tested; write it with {WRITE}=1").into()),
    }
}

/// The whole page.
fn page(rows: &[Row]) -> String {
    let mut page = HEAD.to_owned();
    for row in rows {
        let _ = write!(page, "\n## {}\n\n", capital(row.name));
        if row.work == Work::Done {
            page.push_str(
                "The server has done its work: where the operation fails, it may have been carried out.\n\n",
            );
        }
        page.push_str("| outcome | requests |\n|---|---|\n");
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        for step in EVERY {
            let outcome = describe(row.outcome(*step));
            match groups.iter_mut().find(|(found, _)| *found == outcome) {
                Some((_, names)) => names.push(step.name()),
                None => groups.push((outcome, vec![step.name()])),
            }
        }
        for (outcome, names) in groups {
            let _ = writeln!(page, "| {outcome} | {} |", names.join("; "));
        }
    }
    page
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn describe(outcome: Outcome) -> String {
    match outcome {
        Outcome::Succeeds => "succeeds, also without retries".to_owned(),
        Outcome::Fails(kind) => format!("fails at once: `{kind}`"),
        Outcome::Repeats(kind) => format!("is repeated; if the fault stays: `{kind}`"),
        Outcome::BeginsAgain(kind) => {
            format!("begins again, three times at most; if the fault stays: `{kind}`")
        }
        Outcome::FailsAndLeavesUpload(kind) => {
            format!("fails at once: `{kind}`; an empty upload may be left for the bucket's lifecycle rule")
        }
        Outcome::RepeatsAndLeavesUploads(kind) => format!(
            "is repeated; if the fault stays: `{kind}`; empty uploads may be left for the bucket's lifecycle rule"
        ),
        Outcome::Unnoticed => "is not noticed; TLS would have".to_owned(),
        Outcome::Never(why) => format!("cannot happen: {why}"),
    }
}
