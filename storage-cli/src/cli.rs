use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::commands::{
    accept, buckets, cat, collect, completions, config, cors, cp, deploys, get, health, init, lifecycle, ls,
    mv, orphans, policy, post_policy, presign_put, prune, put, rm, rollback, stat, statics,
    unfinished_uploads, url, verify_url,
};

const ABOUT: &str =
    "Stores, reads, lists, deletes and addresses files, in a folder or on MinIO and any other S3 server.";

const AFTER_HELP: &str = "\
Examples:
  storage put cat.jpg                  store a file; prints its key and URL
  storage ls --recursive --long        list everything
  storage get cat.jpg -o tom.jpg       read it back
  storage url cat.jpg --expires 1h     a URL that works for an hour
  storage presign-put --expires 10m    a URL that somebody uploads to; `storage accept` takes it

Settings:
  Without any, files go to the folder ./storage. MINIO_ENDPOINT, MINIO_USE_HTTPS,
  MINIO_ACCESS_KEY, MINIO_SECRET_KEY and MINIO_PRIVATE_BUCKETS make it a server. They may
  stand in the file storage.toml too. `storage config` shows what holds.

Exit status:
  0  done
  1  something else failed, several things for different reasons, a store is not up,
     a bucket is not what it should be (`storage init`), or a policy is warned of
  2  bad arguments, names or settings
  3  no such object, or no such bucket
  4  denied: permission, credentials, clock or region
  5  unavailable: unreachable, timed out or throttled
  6  taken already, or a condition is not met; more orphans than may be deleted
  7  an upload was rejected, and is deleted (`storage accept`)
  130  interrupted";

/// Everything on the command line.
#[derive(Parser)]
#[command(name = "storage", version, about = ABOUT, after_help = AFTER_HELP, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(clap::Args)]
pub(crate) struct Global {
    /// Use this bucket instead of the media bucket
    #[arg(long, value_name = "NAME", global = true, help_heading = "Global options")]
    pub(crate) bucket: Option<String>,
    /// Use this named storage of the settings
    #[arg(long, value_name = "ALIAS", global = true, help_heading = "Global options")]
    pub(crate) storage: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        help_heading = "Global options",
        help = "Read this settings file instead of what STORAGE_CONFIG names or storage.toml"
    )]
    pub(crate) config: Option<PathBuf>,
    /// Print JSON, one object a line; errors too, on the standard error
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    /// Show neither progress nor notices
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Put(put::Put),
    Get(get::Get),
    Cat(cat::Cat),
    Ls(ls::Ls),
    Stat(stat::Stat),
    Rm(rm::Rm),
    Cp(cp::Cp),
    Mv(mv::Mv),
    Url(url::Url),
    PresignPut(presign_put::PresignPut),
    PostPolicy(post_policy::PostPolicy),
    Accept(accept::Accept),
    VerifyUrl(verify_url::VerifyUrl),
    Init(init::Init),
    Health(health::Health),
    Policy(policy::PolicyArgs),
    Collect(collect::Collect),
    Statics(statics::StaticsArgs),
    Deploys(deploys::Deploys),
    Rollback(rollback::Rollback),
    Prune(prune::Prune),
    Cors(cors::Cors),
    Lifecycle(lifecycle::LifecycleArgs),
    Buckets(buckets::Buckets),
    Orphans(orphans::Orphans),
    Uploads(unfinished_uploads::Uploads),
    Config(config::Config),
    Completions(completions::Completions),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn is_well_formed_and_every_command_has_examples() {
        Cli::command().debug_assert();
        for command in Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains(&format!("storage {}", command.get_name())), "{}", command.get_name());
            assert!(help.contains("\n\nJSON:\n"), "{}", command.get_name());
        }
    }
}
