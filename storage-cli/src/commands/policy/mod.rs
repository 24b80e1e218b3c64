mod audit;
mod required;

use std::io;
use std::path::Path;

use serde_json::json;
use storage_suite::policy::{Policy, Preset};
use storage_suite::{Error, ErrorKind};
use tokio::io::AsyncReadExt as _;

use super::bucket_admin;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;

/// A policy is read up to this size; no bucket takes a larger one than 20 KiB.
const LARGEST: u64 = 1 << 20;

/// Show, explain, compare, audit and set the bucket's policy; say which one credentials need
///
/// A POLICY is a file, `-` for the standard input, or the name of a preset: private, public-read, public-read-with-listing, download, upload,
/// public, original; with --prefix for a part of the bucket.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage policy show --bucket photos              the policy as the server has it, and what it is
  storage policy explain policy.json               what it allows to whom, in sentences
  storage policy preset download --prefix open/    print it
  storage policy diff public-read                  what the bucket's allows and public-read does not, and the reverse
  storage policy audit                             warn of what people regret: what anybody may change, what has no effect
  storage policy set policy.json                   put it in the place of the bucket's
  storage policy required --use write              what the application's own credentials need at least

JSON:
  show, preset: {\"bucket\", \"preset\", \"prefix\", \"policy\"}, which is a text if nobody understands it; explain: {\"sentence\"} for each; diff: {\"only\": \"bucket\" or \"given\",
  \"sentence\"} for each, and exit status 1 if there are any; audit: {\"kind\", \"statement\", \"sid\", \"message\"} for each warning,
  and exit status 1 if there are any; set: {\"bucket\", \"policy\"}; required: {\"bucket\", \"prefix\", \"uses\", \"policy\"}")]
pub(crate) struct PolicyArgs {
    #[command(subcommand)]
    action: Action,
    /// Of presets, and of what is required: only what begins so
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true, global = true)]
    prefix: String,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Show the bucket's policy
    Show,
    /// Say in sentences what a policy allows to whom; the bucket's unless one is given
    Explain {
        #[arg(value_name = "POLICY")]
        policy: Option<String>,
    },
    /// Print a preset for the bucket
    Preset {
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Compare the bucket's policy with another one, by what they mean
    Diff {
        #[arg(value_name = "POLICY")]
        policy: String,
    },
    /// Warn of what people regret about a policy; the bucket's unless one is given
    Audit(audit::Audit),
    /// Print the least policy that the application's own credentials need
    Required(required::Required),
    /// Put a policy in the place of the bucket's; `private` takes it away
    Set {
        #[arg(value_name = "POLICY")]
        policy: String,
    },
}

pub(crate) async fn run(args: &PolicyArgs, context: &Context<'_>) -> Result<Exit, Failure> {
    let bucket = context.bucket.name();
    match &args.action {
        Action::Show => show_of_bucket(context).await,
        Action::Preset { name } => {
            let preset = Preset::named(name)
                .ok_or_else(|| Failure::usage(format!("there is no preset `{}`", escaped(name))))?;
            show(context, &preset.policy(bucket, &args.prefix))
        }
        Action::Explain { policy } => {
            let policy = match policy {
                Some(policy) => given(&args.prefix, policy, bucket).await?,
                None => of_bucket(context).await?,
            };
            for sentence in policy.explain() {
                context.output.result(&json!({"sentence": sentence}), || escaped(&sentence))?;
            }
            Ok(Exit::Ok)
        }
        Action::Diff { policy } => {
            diff(context, &of_bucket(context).await?, &given(&args.prefix, policy, bucket).await?)
        }
        Action::Audit(audit) => audit::run(audit, &args.prefix, context).await,
        Action::Required(required) => required::run(required, &args.prefix, context),
        Action::Set { policy } => set(context, &given(&args.prefix, policy, bucket).await?).await,
    }
}

/// What cannot be read is shown as the server has it.
async fn show_of_bucket(context: &Context<'_>) -> Result<Exit, Failure> {
    let Some(text) = bucket_admin(context, "policy")?.policy().await? else {
        return show(context, &Policy::new([]));
    };
    match Policy::parse(&text) {
        Ok(policy) => show(context, &policy),
        Err(error) => {
            let value =
                json!({"bucket": context.bucket.name(), "preset": null, "prefix": null, "policy": text});
            context.output.result(&value, || context.output.shown(&text).into_owned())?;
            context.output.notice(&error.to_string());
            Ok(Exit::Ok)
        }
    }
}

fn show(context: &Context<'_>, policy: &Policy) -> Result<Exit, Failure> {
    let bucket = context.bucket.name();
    let known = Preset::recognise(policy, bucket);
    let value = json!({
        "bucket": bucket,
        "preset": known.as_ref().map(|(preset, _)| preset.as_str()),
        "prefix": known.as_ref().map(|(_, prefix)| prefix),
        "policy": policy,
    });
    context.output.result(&value, || policy.to_pretty_json())?;
    if let Some((preset, prefix)) = known {
        let part = if prefix.is_empty() { String::new() } else { format!(" below {prefix}") };
        context.output.notice(&format!("this is the preset {}{part}", preset.as_str()));
    }
    Ok(Exit::Ok)
}

fn diff(context: &Context<'_>, bucket: &Policy, given: &Policy) -> Result<Exit, Failure> {
    let difference = bucket.difference(given);
    let sides = [("bucket", '-', &difference.only_here), ("given", '+', &difference.only_there)];
    for (side, mark, grants) in sides {
        for grant in grants {
            let sentence = grant.to_string();
            let value = json!({"only": side, "sentence": sentence});
            context.output.result(&value, || format!("{mark} {}", escaped(&sentence)))?;
        }
    }
    match difference.only_here.is_empty() && difference.only_there.is_empty() {
        true => Ok(Exit::Ok),
        false => Ok(Exit::Other),
    }
}

async fn set(context: &Context<'_>, policy: &Policy) -> Result<Exit, Failure> {
    let bucket = context.bucket.name();
    if let Some(resource) = policy.foreign_resource(bucket) {
        return Err(Failure::usage(format!(
            "the resource `{}` is not of the bucket `{bucket}`",
            escaped(&resource)
        )));
    }
    let json = policy.to_json().map_err(|error| Failure::usage(error.to_string()))?;
    match policy.grants().is_empty() {
        true => bucket_admin(context, "policy")?.delete_policy().await?,
        false => bucket_admin(context, "policy")?.put_policy(&json).await?,
    }
    context.output.report(&json!({"bucket": bucket, "policy": policy}), || {
        format!("set the policy of {}", escaped(bucket))
    })?;
    Ok(Exit::Ok)
}

/// One without a statement if there is none.
async fn of_bucket(context: &Context<'_>) -> Result<Policy, Failure> {
    match bucket_admin(context, "policy")?.policy().await? {
        None => Ok(Policy::new([])),
        Some(text) => Policy::parse(&text).map_err(|error| {
            Error::new(ErrorKind::Corrupt, format!("the bucket's policy: {error}"))
                .with_hint("`storage policy show` shows it, `storage policy set` replaces it")
                .with_operation("policy")
                .with_store(context.bucket.name())
                .into()
        }),
    }
}

async fn given(prefix: &str, policy: &str, bucket: &str) -> Result<Policy, Failure> {
    if let Some(preset) = Preset::named(policy) {
        return Ok(preset.policy(bucket, prefix));
    }
    let text = read(policy).await.map_err(|error| Failure::file(Path::new(policy), error))?;
    Policy::parse(&text).map_err(|error| Failure::usage(format!("{}: {error}", escaped(policy))))
}

async fn read(path: &str) -> io::Result<String> {
    let mut text = String::new();
    match path {
        "-" => tokio::io::stdin().take(LARGEST).read_to_string(&mut text).await?,
        path => tokio::fs::File::open(path).await?.take(LARGEST).read_to_string(&mut text).await?,
    };
    Ok(text)
}
