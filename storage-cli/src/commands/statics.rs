use serde_json::json;
use storage_suite::storages::StaticFiles;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;

/// Say which URLs static files have
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage statics list
  storage statics resolve css/site.css img/logo.svg

JSON:
  {\"name\", \"url\", \"integrity\"} for each")]
pub(crate) struct StaticsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// All names, and the URLs that they have now
    List,
    /// The URLs of these names
    Resolve {
        #[arg(value_name = "NAME", required = true)]
        names: Vec<String>,
    },
}

pub(crate) async fn run(args: &StaticsArgs, context: &Context<'_>) -> Result<Exit, Failure> {
    let statics = files(context)?.load().await?;
    let names: Vec<String> = match &args.action {
        Action::List => statics.iter().map(|(name, _)| name.to_owned()).collect(),
        Action::Resolve { names } => names.clone(),
    };
    let mut exit = Exit::Ok;
    for name in names {
        match statics.url(&name) {
            Ok(url) => {
                let value = json!({"name": name, "url": url, "integrity": statics.integrity(&name)});
                context.output.result(&value, || format!("{}  {}", escaped(&name), escaped(&url)))?;
            }
            Err(unknown) => exit = exit.and(context.output.failure(&Failure::usage(unknown.to_string()))),
        }
    }
    Ok(exit)
}

/// Those in the bucket that the command line names, else in the one of the settings.
pub(super) fn files(context: &Context<'_>) -> Result<StaticFiles, Failure> {
    Ok(match context.is_one_bucket() {
        true => StaticFiles::new(context.bucket.clone()),
        false => context.storages.statics_of(&context.alias)?,
    })
}
