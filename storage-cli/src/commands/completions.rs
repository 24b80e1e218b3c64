use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Print a script that makes a shell complete this command
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage completions bash > ~/.local/share/bash-completion/completions/storage
  storage completions fish > ~/.config/fish/completions/storage.fish

JSON:
  none: the script comes as it is")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Completions, _: &Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "storage", &mut script);
    std::io::stdout().lock().write_all(&script).map_err(Failure::output)?;
    Ok(Exit::Ok)
}
