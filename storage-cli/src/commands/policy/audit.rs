use serde_json::json;
use storage_suite::Visibility;
use storage_suite::policy::{AuditOptions, Policy};

use super::{given, of_bucket};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;

#[derive(clap::Args)]
pub(crate) struct Audit {
    #[arg(value_name = "POLICY")]
    policy: Option<String>,
    /// Anybody is meant to read objects; what the settings call public is so anyway
    #[arg(long)]
    public: bool,
    /// Warn of what is allowed over plain HTTP
    #[arg(long)]
    secure: bool,
}

pub(super) async fn run(args: &Audit, prefix: &str, context: &Context<'_>) -> Result<Exit, Failure> {
    let bucket = context.bucket.name();
    let policy: Policy = match &args.policy {
        Some(policy) => given(prefix, policy, bucket).await?,
        None => of_bucket(context).await?,
    };
    let mut options = AuditOptions::new().bucket(bucket);
    options.is_public = args.public || context.bucket.visibility() == Visibility::Public;
    options.is_secure = args.secure;
    let warnings = policy.audit(&options);
    for warning in &warnings {
        let value = json!({
            "kind": warning.kind.as_str(),
            "statement": warning.statement.as_ref().map(|statement| statement.index),
            "sid": warning.statement.as_ref().and_then(|statement| statement.sid.as_deref()),
            "message": warning.message,
        });
        context.output.result(&value, || escaped(&warning.to_string()))?;
    }
    if warnings.is_empty() {
        context.output.notice("nothing to warn of");
        return Ok(Exit::Ok);
    }
    Ok(Exit::Other)
}
