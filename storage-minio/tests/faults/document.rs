//! The table as a page.

use std::fmt::Write as _;

use super::row::{Outcome, Row, Work};
use super::step::EVERY;

const HEAD: &str = "# What faults come to

Written by `cargo xtask faults`, from the table that the tests of `storage-minio` check cell by cell: each fault, hitting each request of
each operation, without retries, with the default ones, and with more.
";

/// The whole page.
pub(crate) fn page(rows: &[Row]) -> String {
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
