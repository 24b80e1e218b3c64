use serde_json::json;
use storage_suite::storage_core::admin::{Lifecycle, LifecycleRule};

use super::bucket_admin;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;

/// Show and set what the server deletes by itself, and when
///
/// Servers do it once a day or so. A rule takes the place of the one of its name; all others stay.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage lifecycle show
  storage lifecycle set direct-uploads --prefix uploads/ --expire-days 1 --abort-uploads-days 1
  storage lifecycle remove direct-uploads

JSON:
  {\"id\", \"enabled\", \"prefix\", \"expire_after_days\", \"abort_uploads_after_days\"} for each rule that is there then, and {\"foreign\": \"<…>\"}
  for each that says more, as the server wrote it")]
pub(crate) struct LifecycleArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Show all rules
    Show,
    /// Set a rule
    Set {
        /// What it is called
        #[arg(value_name = "ID")]
        id: String,
        /// Only keys that begin so
        #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
        prefix: String,
        /// Delete objects when they are so old
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..), required_unless_present = "abort_uploads_days")]
        expire_days: Option<u32>,
        /// Abort uploads in parts when they were begun so long ago
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
        abort_uploads_days: Option<u32>,
    },
    /// Take a rule away; it is fine if there is none
    Remove {
        /// What it is called
        #[arg(value_name = "ID")]
        id: String,
    },
}

pub(crate) async fn run(args: &LifecycleArgs, context: &Context<'_>) -> Result<Exit, Failure> {
    let admin = bucket_admin(context, "lifecycle")?;
    let mut lifecycle = admin.lifecycle().await?;
    match &args.action {
        Action::Show => return show(&lifecycle, context),
        Action::Set { id, prefix, expire_days, abort_uploads_days } => {
            let mut rule = LifecycleRule::new(id).prefix(prefix);
            rule.expire_after_days = *expire_days;
            rule.abort_uploads_after_days = *abort_uploads_days;
            lifecycle.set(rule);
        }
        Action::Remove { id } => lifecycle.remove(id),
    }
    admin.put_lifecycle(&lifecycle).await?;
    show(&lifecycle, context)
}

fn show(lifecycle: &Lifecycle, context: &Context<'_>) -> Result<Exit, Failure> {
    for rule in &lifecycle.rules {
        let value = json!({
            "id": rule.id, "enabled": rule.enabled, "prefix": rule.prefix,
            "expire_after_days": rule.expire_after_days, "abort_uploads_after_days": rule.abort_uploads_after_days,
        });
        context.output.report(&value, || escaped(&sentence(rule)))?;
    }
    for foreign in &lifecycle.foreign {
        context.output.report(&json!({ "foreign": foreign }), || escaped(foreign))?;
    }
    if lifecycle.is_empty() {
        context.output.notice("the server deletes nothing by itself");
    }
    Ok(Exit::Ok)
}

fn sentence(rule: &LifecycleRule) -> String {
    let expiry = rule.expire_after_days.map(|days| format!("delete objects after {days} d"));
    let abort = rule.abort_uploads_after_days.map(|days| format!("abort unfinished uploads after {days} d"));
    let parts: Vec<_> = expiry.into_iter().chain(abort).collect();
    let place =
        if rule.prefix.is_empty() { "everywhere".to_owned() } else { format!("below {}", rule.prefix) };
    let state = if rule.enabled { "" } else { " (disabled)" };
    format!("{}: {}, {place}{state}", rule.id, parts.join(", "))
}
