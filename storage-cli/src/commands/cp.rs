use futures_util::stream;

use super::each::{JOBS, each};
use super::pairs::{Pairs, done};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

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
    pairs: Pairs,
}

pub(crate) async fn cp(args: Cp, context: &Context<'_>) -> Result<Exit, Failure> {
    let pairs = &args.pairs;
    each(context.output, stream::iter(pairs.all()?), JOBS, |(from, to)| async move {
        let outcome = context.bucket.copy_with(&from, &to, pairs.options()).await?;
        done(&from, &to, &outcome, context.output)
    })
    .await
}
