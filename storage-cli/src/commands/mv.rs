use futures_util::stream;

use super::each::{JOBS, each};
use super::pairs::{Pairs, done};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

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
    pairs: Pairs,
}

pub(crate) async fn mv(args: Mv, context: &Context<'_>) -> Result<Exit, Failure> {
    let pairs = &args.pairs;
    each(context.output, stream::iter(pairs.all()?), JOBS, |(from, to)| async move {
        let outcome = context.bucket.rename_with(&from, &to, pairs.options()).await?;
        done(&from, &to, &outcome, context.output)
    })
    .await
}
