//! The project's own commands: `cargo xtask bench`, `browser`, `check`, `deaths`, `fuzz`, `integration` and `oracle`.
//!
//! One module per command. A command returns whether what it looked at is in order; an error means that it
//! could not find out.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool: it speaks on the terminal and is configured by flags and the environment"
)]

mod bench;
mod browser;
mod check;
mod command;
mod deaths;
mod fuzz;
mod integration;
mod oracle;
mod packages;
mod servers;
mod table;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask")]
enum Xtask {
    Bench(bench::Args),
    Browser(browser::Args),
    Check(check::Args),
    Deaths(deaths::Args),
    Fuzz(fuzz::Args),
    Integration(integration::Args),
    Oracle(oracle::Args),
}

fn main() -> ExitCode {
    let outcome = match Xtask::parse() {
        Xtask::Bench(args) => bench::run(&args),
        Xtask::Browser(args) => browser::run(&args),
        Xtask::Check(args) => check::run(&args),
        Xtask::Deaths(args) => deaths::run(&args),
        Xtask::Fuzz(args) => fuzz::run(&args),
        Xtask::Integration(args) => integration::run(&args),
        Xtask::Oracle(args) => oracle::run(&args),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
