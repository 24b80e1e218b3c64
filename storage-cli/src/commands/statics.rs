use std::borrow::Cow;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use storage_suite::Visibility;
use storage_suite::statics::collect::StaticBucket;
use storage_suite::statics::graph::{MissingPolicy, Severity};
use storage_suite::statics::resolve::Statics;
use storage_suite::statics::verify::{Verified, VerifyOptions};
use storage_suite::storages::{SignedStatics, StaticFiles};

use super::collect::{MissingRule, failure, missing_rule};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::escaped;

/// Say which URLs static files have, and whether all of them are as they should be
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage statics list
  storage statics resolve css/site.css img/logo.svg
  storage statics verify                     fetch each file, compare it, and follow its references
  storage statics manifest built-in/         manifest and index, for a program that has them built in

JSON:
  list and resolve: {\"name\", \"url\", \"integrity\"} for each; verify: {\"key\", \"severity\", \"message\"} for whatever is wrong, at the end
  {\"names\", \"objects\", \"references\", \"bytes\", \"requests\", \"errors\", \"warnings\"}; manifest: {\"manifest\", \"index\"}")]
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
    /// Fetch what the manifest names, compare it with what was stored, and follow every reference in it; exits with 1 if something is wrong
    Verify(Verify),
    /// Write manifest and index of the live deploy into a folder
    Manifest {
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

#[derive(clap::Args)]
struct Verify {
    /// The path of the URL that static files are served below
    #[arg(long, value_name = "PATH", default_value = "/static/")]
    base_path: String,
    /// What becomes of references that lead nowhere, in files or to files of this pattern: error, warn or ignore; may be repeated, the first
    /// one that fits decides
    #[arg(long, value_name = "GLOB=ACTION", value_parser = missing_rule)]
    missing: Vec<MissingRule>,
    /// How many files are fetched at a time
    #[arg(long, value_name = "NUMBER", default_value_t = 32)]
    at_once: usize,
}

pub(crate) async fn run(args: &StaticsArgs, context: &Context<'_>) -> Result<Exit, Failure> {
    let files = files(context)?;
    match &args.action {
        Action::List => resolve(&files, None, context).await,
        Action::Resolve { names } => resolve(&files, Some(names), context).await,
        Action::Verify(args) => verify(args, &files, context).await,
        Action::Manifest { folder } => {
            write_documents(&files.collector(), folder).await?;
            let paths = [MANIFEST, INDEX].map(|name| folder.join(name).display().to_string());
            let value = json!({"manifest": paths[0], "index": paths[1]});
            context.output.report(&value, || escaped(&paths.join("\n")))?;
            Ok(Exit::Ok)
        }
    }
}

async fn resolve(
    files: &StaticFiles,
    names: Option<&[String]>,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let statics = Names::load(files).await?;
    let names: Vec<String> = match names {
        None => statics.all(),
        Some(names) => names.to_vec(),
    };
    let mut exit = Exit::Ok;
    for name in names {
        match statics.url(&name) {
            Ok(url) => {
                let value = json!({"name": name, "url": url, "integrity": statics.integrity(&name)});
                context.output.result(&value, || format!("{}  {}", escaped(&name), escaped(&url)))?;
            }
            Err(failure) => exit = exit.and(context.output.failure(&failure)),
        }
    }
    Ok(exit)
}

/// Of a public bucket, or of a private one.
enum Names {
    Plain(Statics),
    Signed(SignedStatics),
}

impl Names {
    async fn load(files: &StaticFiles) -> Result<Self, Failure> {
        Ok(match files.bucket().visibility() {
            Visibility::Private => Self::Signed(files.load_signed().await?),
            Visibility::Public => Self::Plain(files.load().await?),
        })
    }

    fn all(&self) -> Vec<String> {
        match self {
            Self::Plain(statics) => statics.iter().map(|(name, _)| name.to_owned()).collect(),
            Self::Signed(statics) => statics.names().map(str::to_owned).collect(),
        }
    }

    fn url(&self, name: &str) -> Result<String, Failure> {
        match self {
            Self::Plain(statics) => {
                statics.url(name).map(Cow::into_owned).map_err(|unknown| Failure::usage(unknown.to_string()))
            }
            Self::Signed(statics) => Ok(statics.url(name)?.to_string()),
        }
    }

    fn integrity(&self, name: &str) -> Option<&str> {
        match self {
            Self::Plain(statics) => statics.integrity(name),
            Self::Signed(statics) => statics.integrity(name),
        }
    }
}

async fn verify(args: &Verify, files: &StaticFiles, context: &Context<'_>) -> Result<Exit, Failure> {
    let output = context.output;
    let missing = args
        .missing
        .iter()
        .fold(MissingPolicy::default(), |policy, rule| policy.rule(None, rule.glob.as_str(), rule.action));
    let stages = output.bars().stages();
    let shown = stages.clone();
    let options = VerifyOptions::new()
        .base_path(&args.base_path)
        .missing(missing)
        .at_once(args.at_once)
        .progress(move |done, all, bytes| shown.show("verifying", done, all, bytes, bytes));
    let verified = files.collector().verify(&options).await.map_err(failure)?;
    stages.end();
    for finding in &verified.findings {
        let (severity, message) = (finding.severity, finding.to_string());
        let value = json!({"key": finding.key, "severity": severity.to_string(), "message": message});
        output.result(&value, || format!("{severity}: {}", escaped(&message)))?;
    }
    if !verified.is_indexed {
        output.notice("there is no index of the deploy: bytes and headers cannot be compared");
    }
    conclude(&verified, context)?;
    Ok(if verified.is_good() { Exit::Ok } else { Exit::Other })
}

fn conclude(verified: &Verified, context: &Context<'_>) -> Result<(), Failure> {
    let Verified { names, objects, references, bytes, requests, findings, .. } = verified;
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let warnings = findings.len() - errors;
    let value = json!({
        "names": names, "objects": objects, "references": references, "bytes": bytes, "requests": requests,
        "errors": errors, "warnings": warnings,
    });
    context.output.report(&value, || {
        format!(
            "{names} names, {objects} objects, {bytes} bytes, {references} references in {requests} requests: {errors} errors, \
             {warnings} warnings"
        )
    })
}

const MANIFEST: &str = "staticfiles.json";
const INDEX: &str = "staticfiles.index.json";

/// Writes what the live deploy is resolved by into a folder. Gives the number of requests.
pub(super) async fn write_documents(collector: &StaticBucket, folder: &Path) -> Result<u64, Failure> {
    let documents = collector.documents().await.map_err(failure)?;
    let folder = folder.to_owned();
    let writing = tokio::task::spawn_blocking(move || {
        let failed = |path: &Path, error| Failure::file(path, error);
        std::fs::create_dir_all(&folder).map_err(|error| failed(&folder, error))?;
        // The index first: whoever follows the manifest finds the one that is of it.
        let index = folder.join(INDEX);
        match documents.index {
            Some(found) => replace(&index, &found.to_json())?,
            None if index.exists() => std::fs::remove_file(&index).map_err(|error| failed(&index, error))?,
            None => {}
        }
        replace(&folder.join(MANIFEST), &documents.manifest.to_json())?;
        Ok(documents.requests)
    });
    writing.await.map_err(|error| Failure::usage(format!("the work was broken off: {error}")))?
}

/// Nobody sees it half written.
fn replace(path: &Path, content: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || {
        let mut file = tempfile::Builder::new().permissions(readable()).tempfile_in(folder)?;
        file.write_all(content.as_bytes())?;
        file.persist(path).map_err(|error| error.error)
    };
    write().map(drop).map_err(|error| Failure::file(path, error))
}

/// As any other file is made.
#[cfg(unix)]
fn readable() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o666)
}

/// Those in the bucket that the command line names, else in the one of the settings.
pub(super) fn files(context: &Context<'_>) -> Result<StaticFiles, Failure> {
    Ok(match context.is_one_bucket() {
        true => StaticFiles::new(context.bucket.clone()),
        false => context.storages.statics_of(&context.alias)?,
    })
}
