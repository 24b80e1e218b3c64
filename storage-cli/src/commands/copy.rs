use futures_util::stream;
use storage_suite::{CopyOptions, ObjectKey};

use super::each::{JOBS, each};
use super::folder_prefix;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::object_json::ObjectJson;

/// Copy objects within the bucket
///
/// What is under the new key is replaced, unless --no-clobber says otherwise. The bytes do not come here.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage cp cat.jpg pets/tom.jpg
  storage cp cat.jpg dog.jpg pets/      into a folder, which ends with /
  storage cp cat.jpg tom.jpg --no-clobber

JSON:
  {\"key\", \"size\", \"etag\", \"last_modified\": null, \"content_type\": null} for each object, with its new key")]
pub(crate) struct Cp {
    #[command(flatten)]
    paths: Paths,
}

/// Move objects within the bucket
///
/// What is under the new key is replaced, unless --no-clobber says otherwise. A store that cannot rename copies, and deletes then.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage mv cat.jpg pets/tom.jpg
  storage mv cat.jpg dog.jpg pets/      into a folder, which ends with /
  storage mv draft.pdf final.pdf --no-clobber

JSON:
  {\"key\", \"size\", \"etag\", \"last_modified\": null, \"content_type\": null} for each object, with its new key")]
pub(crate) struct Mv {
    #[command(flatten)]
    paths: Paths,
}

#[derive(clap::Args)]
struct Paths {
    /// Keys of the objects
    #[arg(required = true, value_name = "FROM")]
    from: Vec<String>,
    /// The new key, or a folder that ends with `/`
    #[arg(required = true, value_name = "TO")]
    to: String,
    /// Fail if the new key is taken
    #[arg(long, short)]
    no_clobber: bool,
}

#[derive(Clone, Copy)]
enum Verb {
    Copy,
    Move,
}

pub(crate) async fn cp(args: Cp, context: &Context<'_>) -> Result<Exit, Failure> {
    run(args.paths, Verb::Copy, context).await
}

pub(crate) async fn mv(args: Mv, context: &Context<'_>) -> Result<Exit, Failure> {
    run(args.paths, Verb::Move, context).await
}

async fn run(paths: Paths, verb: Verb, context: &Context<'_>) -> Result<Exit, Failure> {
    if paths.from.len() > 1 && !is_folder(&paths.to) {
        return Err(Failure::usage("for several objects the target must be a folder, which ends with `/`"));
    }
    let pairs = paths.from.iter().map(|from| pair(from, &paths.to));
    each(context.output, stream::iter(pairs), JOBS, |(from, to)| {
        one(from, to, verb, paths.no_clobber, context)
    })
    .await
}

fn is_folder(target: &str) -> bool {
    target.is_empty() || target.ends_with('/')
}

fn pair(from: &str, to: &str) -> Result<(ObjectKey, ObjectKey), Failure> {
    let from = ObjectKey::new(from).map_err(storage_suite::Error::from)?;
    let to = match is_folder(to) {
        true => format!("{}{}", folder_prefix(to), from.file_name()),
        false => to.to_owned(),
    };
    Ok((from, ObjectKey::new(to).map_err(storage_suite::Error::from)?))
}

async fn one(
    from: ObjectKey,
    to: ObjectKey,
    verb: Verb,
    no_clobber: bool,
    context: &Context<'_>,
) -> Result<(), Failure> {
    let options = if no_clobber { CopyOptions::new().if_absent() } else { CopyOptions::new() };
    let outcome = match verb {
        Verb::Copy => context.bucket.copy_with(&from, &to, options).await?,
        Verb::Move => context.bucket.rename_with(&from, &to, options).await?,
    };
    let output = context.output;
    output.report(&ObjectJson::copied(&to, &outcome), || {
        format!("{} -> {}", output.shown(from.as_str()), output.shown(to.as_str()))
    })
}
