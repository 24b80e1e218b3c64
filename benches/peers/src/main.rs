//! Side-by-side benchmarks, run by `cargo xtask bench`, which builds and fetches what they need.
//!
//! One module per benchmark. Each measures in rounds (ours, peer, ours, peer …, so that a noisy machine hurts all alike) and prints
//! a table of medians and ratios, with the versions of all who took part.

#![allow(
    clippy::disallowed_methods,
    reason = "a developer's tool: it is configured by flags and the environment"
)]

mod harness;
mod programs;
mod transfer;
mod tree;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::harness::Settings;

/// Side-by-side benchmarks.
#[derive(Debug, Parser)]
#[command(name = "peers")]
struct Peers {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    benchmark: Benchmark,
}

#[derive(Debug, Subcommand)]
enum Benchmark {
    Transfer(transfer::Transfer),
    Tree(tree::Tree),
}

fn main() -> ExitCode {
    let Peers { settings, benchmark } = Peers::parse();
    let outcome = match benchmark {
        Benchmark::Transfer(args) => transfer::bench(&args, &settings),
        Benchmark::Tree(args) => tree::bench(&args, &settings),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
