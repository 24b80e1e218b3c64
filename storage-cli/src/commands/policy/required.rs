use serde_json::json;
use storage_suite::policy::{Policy, Use};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;

#[derive(clap::Args)]
pub(crate) struct Required {
    /// What the credentials are used for, once or more: read, write, tags, check, init, health, collect, prune, orphans
    #[arg(long = "use", value_name = "WAY", required = true, value_delimiter = ',')]
    uses: Vec<String>,
}

pub(super) fn run(args: &Required, prefix: &str, context: &Context<'_>) -> Result<Exit, Failure> {
    let bucket = context.bucket.name();
    let named = |name: &String| {
        Use::named(name).ok_or_else(|| {
            let known: Vec<_> = Use::ALL.iter().map(|way| way.as_str()).collect();
            Failure::usage(format!("there is no way of use `{}`, only {}", escaped(name), known.join(", ")))
        })
    };
    let uses = args.uses.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    let policy = Policy::required(&uses, bucket, prefix);
    let ways: Vec<_> = uses.iter().map(|way| way.as_str()).collect();
    let value = json!({"bucket": bucket, "prefix": prefix, "uses": ways, "policy": policy});
    context.output.result(&value, || policy.to_pretty_json())?;
    Ok(Exit::Ok)
}
