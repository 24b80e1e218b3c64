//! What faults come to: each fault × each request of each operation × each retry setting, as `table.rs` declares it.
//!
//! The server is the one that `STORAGE_TEST_ENDPOINT` names, with the faults in front of it, else one inside this process.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "a test finds its server in the environment, and fails by panicking"
)]

mod bombs;
mod cell;
mod document;
mod lacking;
mod operation;
mod row;
mod server;
mod setting;
mod step;
mod table;

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::{Builder, Runtime};

use self::cell::Cell;
use self::row::Row;
use self::server::Server;
use self::setting::{SETTINGS, Setting};
use self::step::EVERY;

/// How many rows run at a time.
const ROWS: usize = 4;

/// How many cells of one row run at a time. Most of them wait.
const CONCURRENT: usize = 24;

fn main() -> ExitCode {
    let runtime = Arc::new(Builder::new_multi_thread().enable_all().build().expect("a runtime"));
    let server = Arc::new(runtime.block_on(Server::find()));
    let rows = table::table().into_iter().map(|row| {
        let (runtime, server) = (Arc::clone(&runtime), Arc::clone(&server));
        Trial::test(format!("faults::{}", row.name.replace(' ', "_")), move || check(&runtime, &server, &row))
    });
    let mut trials: Vec<Trial> = rows.collect();
    if !server.is_real() {
        trials.push(Trial::test("document::says_what_is_tested", || document::check(&table::table())));
    }
    let mut arguments = Arguments::from_args();
    // Most rows wait most of the time.
    arguments.test_threads = arguments.test_threads.or(Some(ROWS));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Runs all cells of a row.
fn check(runtime: &Runtime, server: &Server, row: &Row) -> Result<(), Failed> {
    let mut cells = Vec::new();
    for step in EVERY.iter().filter(|step| lacking::why_not(&server.name, **step).is_none()) {
        let outcome = lacking::otherwise(&server.name, row, *step).unwrap_or_else(|| row.outcome(*step));
        for setting in SETTINGS {
            // One refused connection does not tell from another, so that a door cannot refuse just once.
            let is_apt = !(row.is_refused && *setting == Setting::Default)
                // A real server gets the main part: with repetitions and without.
                && (!server.is_real() || matches!(setting, Setting::None | Setting::Default));
            if let Some(wanted) = setting.wanted(outcome).filter(|_| is_apt) {
                cells.push(Cell { server, row, step: *step, setting: *setting, outcome, wanted });
            }
        }
    }
    assert!(!cells.is_empty(), "a row without cells");
    let name: String = row.name.chars().filter(char::is_ascii_alphanumeric).collect();
    let run = std::process::id();
    let running =
        cells.into_iter().enumerate().map(|(number, cell)| cell.faults(format!("{run}-{name}-{number}")));
    let wrong: Vec<String> = runtime.block_on(
        stream::iter(running)
            .buffer_unordered(CONCURRENT)
            .filter_map(|result| async { result.err() })
            .collect(),
    );
    if wrong.is_empty() {
        return Ok(());
    }
    let mut message = format!("{} cells are wrong", wrong.len());
    for why in wrong {
        let _ = write!(message, "\n{why}");
    }
    Err(message.into())
}
