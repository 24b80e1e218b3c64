//! The command `storage`.

mod ask;
mod cli;
mod commands;
mod context;
mod download;
mod exit;
mod failure;
mod files;
mod object_json;
mod output;
mod progress;
mod run;
mod time;

fn main() -> std::process::ExitCode {
    run::run().into()
}
