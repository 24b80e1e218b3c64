use storage_suite::settings::Entry;

use crate::cli::Global;
use crate::context::load;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, escaped};

/// Show the settings that hold, and where each came from
///
/// Defaults lie below the settings file, and that below the environment. The file is the one that --config names, or the variable
/// `STORAGE_CONFIG`, else storage.toml in the working directory. Secrets are masked. Bad settings are reported all at once, with
/// status 2.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage config
  storage config --all                       also what nobody has set and nothing holds for
  storage config --json | jq 'select(.origin != \"default\")'
  MINIO_ENDPOINT=minio:9000 storage config   says what is missing

JSON:
  {\"key\", \"variable\", \"value\", \"origin\", \"source\"} for each key")]
pub(crate) struct Config {
    /// Show keys without a value too
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(args: &Config, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let settings = load(global)?;
    for note in settings.notes() {
        output.notice(&note.to_string());
    }
    let entries =
        settings.entries().iter().filter(|entry| args.all || output.is_json || entry.value.is_some());
    let width = settings.entries().iter().map(|entry| entry.key.len()).max().unwrap_or(0);
    for entry in entries {
        output.result(entry, || text(entry, width))?;
    }
    Ok(Exit::Ok)
}

fn text(entry: &Entry, width: usize) -> String {
    let value = entry.value.as_deref().map_or_else(|| "-".to_owned(), escaped);
    format!("{:width$}  {value}  ({})", entry.key, entry.origin)
}
