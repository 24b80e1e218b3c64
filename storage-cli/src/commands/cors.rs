use serde::Serialize;
use storage_suite::storage_core::admin::CorsRule;

use super::bucket_admin;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;

/// Show and set which pages of other origins browsers let use the bucket
///
/// MinIO has no such rules for a bucket: there it is `MINIO_API_CORS_ALLOW_ORIGIN` of the server.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage cors show
  storage cors allow https://www.example.org https://admin.example.org
  storage cors forbid                      the rule of `allow` goes; those of others stay

JSON:
  {\"id\", \"origins\": [\"…\"], \"methods\": [\"…\"], \"headers\": [\"…\"], \"exposed\": [\"…\"], \"max_age\"} for each rule that is there then")]
pub(crate) struct Cors {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Show all rules
    Show,
    /// Let pages of these origins, and of no others by this rule, upload and read directly
    Allow {
        #[arg(value_name = "ORIGIN", required = true, value_parser = origin)]
        origins: Vec<String>,
    },
    /// Take the rule of `allow` away
    Forbid,
}

#[derive(Serialize)]
struct RuleJson<'a> {
    id: Option<&'a str>,
    origins: &'a [String],
    methods: &'a [String],
    headers: &'a [String],
    exposed: &'a [String],
    max_age: Option<u64>,
}

pub(crate) async fn run(args: &Cors, context: &Context<'_>) -> Result<Exit, Failure> {
    let admin = bucket_admin(context, "cors")?;
    let mut rules = admin.cors().await?;
    let wanted = match &args.action {
        Action::Show => return show(&rules, context),
        Action::Allow { origins } => Some(CorsRule::direct_uploads(origins)),
        Action::Forbid => None,
    };
    rules.retain(|rule| !rule.is_for_direct_uploads());
    rules.extend(wanted);
    admin.put_cors(&rules).await?;
    show(&rules, context)
}

fn show(rules: &[CorsRule], context: &Context<'_>) -> Result<Exit, Failure> {
    for rule in rules {
        let value = RuleJson {
            id: rule.id.as_deref(),
            origins: &rule.allowed_origins,
            methods: &rule.allowed_methods,
            headers: &rule.allowed_headers,
            exposed: &rule.exposed_headers,
            max_age: rule.max_age.map(|age| age.as_secs()),
        };
        context.output.report(&value, || {
            let (methods, origins) = (rule.allowed_methods.join(", "), rule.allowed_origins.join(", "));
            escaped(&format!("{methods} from {origins}"))
        })?;
    }
    if rules.is_empty() {
        context.output.notice("no page of another origin may use the bucket");
    }
    Ok(Exit::Ok)
}

fn origin(text: &str) -> Result<String, String> {
    storage_suite::settings::parse_origin(text).map(str::to_owned).ok_or_else(|| {
        "an origin is a scheme, host and port alone, such as https://www.example.org, with at most one `*`; or `*`".to_owned()
    })
}
