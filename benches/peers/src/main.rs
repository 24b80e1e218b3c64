//! Side-by-side benchmarks, run by `cargo xtask bench`, which builds and fetches what they need.
//!
//! One module per benchmark. Each measures in rounds (ours, peer, ours, peer …, so that a noisy machine hurts all alike) and prints
//! a table of medians and ratios, with the versions of all who took part.

#![allow(
    clippy::disallowed_methods,
    reason = "a developer's tool: it is configured by flags and the environment"
)]

mod build;
mod clients;
mod collect;
mod harness;
mod init;
mod list;
mod local;
mod policy;
mod programs;
mod server;
mod sign;
mod small;
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
    Build(build::Build),
    Collect(collect::Collect),
    Init(init::Init),
    List(list::List),
    Local(local::Local),
    Policy(policy::Policies),
    Sign(sign::Sign),
    Small(small::Small),
    Transfer(transfer::Transfer),
    Tree(tree::Tree),
    Wrappers(small::Wrappers),
    /// One contestant of `list`, in a process of its own
    #[command(hide = true)]
    Listing(list::Listing),
    /// One contestant of `sign`, in a process of its own
    #[command(hide = true)]
    Signing(sign::Signing),
    /// One contestant of `small`, in a process of its own
    #[command(hide = true)]
    Putting(small::Putting),
    /// One contestant of `local`, in a process of its own
    #[command(hide = true)]
    Storing(local::Storing),
    /// A server of a benchmark
    #[command(hide = true)]
    Serve(server::Serve),
}

fn main() -> ExitCode {
    let Peers { settings, benchmark } = Peers::parse();
    let outcome = match benchmark {
        Benchmark::Build(args) => build::bench(&args, &settings),
        Benchmark::Collect(args) => collect::bench(&args, &settings),
        Benchmark::Init(args) => init::bench(&args, &settings),
        Benchmark::List(args) => list::bench(&args, &settings),
        Benchmark::Local(args) => local::bench(&args, &settings),
        Benchmark::Policy(args) => policy::bench(&args, &settings),
        Benchmark::Sign(args) => sign::bench(&args, &settings),
        Benchmark::Small(args) => small::bench(&args, &settings),
        Benchmark::Transfer(args) => transfer::bench(&args, &settings),
        Benchmark::Tree(args) => tree::bench(&args, &settings),
        Benchmark::Wrappers(args) => small::bench_wrappers(&args, &settings),
        Benchmark::Listing(args) => args.run(),
        Benchmark::Putting(args) => args.run(),
        Benchmark::Signing(args) => args.run(),
        Benchmark::Storing(args) => args.run(),
        Benchmark::Serve(args) => args.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
