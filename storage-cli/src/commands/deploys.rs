use serde_json::json;
use storage_suite::ErrorKind;
use storage_suite::statics::collect::CollectError;
use storage_suite::statics::deploys::DeploysError;

use super::statics::files;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;

/// List the deploys of static files that are in the bucket
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage deploys
  storage deploys --json | jq -r 'select(.live) | .deploy'

JSON:
  {\"deploy\", \"created\", \"files\", \"objects\", \"bytes\", \"live\"} for each, the newest first")]
pub(crate) struct Deploys {}

pub(crate) async fn run(context: &Context<'_>) -> Result<Exit, Failure> {
    let found = files(context)?.collector().deploys().await.map_err(failure)?;
    for deploy in &found.deploys {
        let value = json!({
            "deploy": deploy.name, "created": deploy.created, "files": deploy.files, "objects": deploy.objects,
            "bytes": deploy.bytes, "live": deploy.is_live,
        });
        context.output.result(&value, || escaped(&deploy.to_string()))?;
    }
    let mut exit = Exit::Ok;
    for broken in &found.broken {
        exit =
            exit.and(context.output.failure(&Failure::usage(format!("{}: {}", broken.key, broken.source))));
    }
    Ok(exit)
}

/// With its causes, one after the other.
pub(super) fn failure(error: DeploysError) -> Failure {
    let kind = match &error {
        DeploysError::Store { source, .. }
        | DeploysError::NotPublished { source: CollectError::Store { source, .. } } => source.kind(),
        DeploysError::Unknown { .. } => ErrorKind::NotFound,
        DeploysError::Concurrent { .. } | DeploysError::TooMany { .. } | DeploysError::Incomplete { .. } => {
            ErrorKind::PreconditionFailed
        }
        DeploysError::NotDeleted(failures) => {
            failures.first().map_or(ErrorKind::Other, |first| first.source.kind())
        }
        DeploysError::NotPublished { .. } => ErrorKind::Other,
        _ => ErrorKind::Corrupt,
    };
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    storage_suite::Error::new(kind, escaped(&text)).with_operation("deploys").into()
}

#[cfg(test)]
mod tests {
    use storage_suite::Error;

    use super::*;
    use crate::exit::Exit;

    #[test]
    fn a_script_learns_why_a_rollback_was_not_published() {
        for (kind, exit) in [
            (ErrorKind::Unavailable, Exit::Unavailable),
            (ErrorKind::PermissionDenied, Exit::Denied),
            (ErrorKind::Corrupt, Exit::Other),
        ] {
            let source =
                CollectError::Store { doing: "storing the manifest", source: Error::new(kind, "no") };
            assert_eq!(failure(DeploysError::NotPublished { source }).exit(), exit, "{kind:?}");
        }
    }
}
