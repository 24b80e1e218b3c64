//! The cases, one file per topic.

mod accept;
mod attributes;
mod bodies;
mod bucket;
mod bucket_names;
mod bucket_save;
mod cancellation;
mod capabilities;
mod concurrency;
mod conditional_reads;
mod conditional_writes;
mod copy;
mod delete;
mod delete_many;
mod errors;
mod get;
mod large;
mod list;
mod list_level;
mod odd_keys;
mod put;
mod ranges;
mod rename;
mod stat;
mod streams;
mod torn_reads;
mod uploads;
mod urls;

use futures_util::{StreamExt, TryStreamExt, stream};
use storage_core::{Bucket, ObjectKey, Result};

use crate::case::Case;
use crate::sandbox::Sandbox;

type Topic = (&'static str, fn() -> Vec<Case>);

const TOPICS: [Topic; 28] = [
    ("put", put::cases),
    ("get", get::cases),
    ("ranges", ranges::cases),
    ("conditional_reads", conditional_reads::cases),
    ("conditional_writes", conditional_writes::cases),
    ("stat", stat::cases),
    ("delete", delete::cases),
    ("delete_many", delete_many::cases),
    ("list", list::cases),
    ("list_level", list_level::cases),
    ("copy", copy::cases),
    ("rename", rename::cases),
    ("odd_keys", odd_keys::cases),
    ("attributes", attributes::cases),
    ("large", large::cases),
    ("bodies", bodies::cases),
    ("cancellation", cancellation::cases),
    ("torn_reads", torn_reads::cases),
    ("streams", streams::cases),
    ("urls", urls::cases),
    ("uploads", uploads::cases),
    ("capabilities", capabilities::cases),
    ("errors", errors::cases),
    ("bucket_save", bucket_save::cases),
    ("bucket_names", bucket_names::cases),
    ("bucket", bucket::cases),
    ("accept", accept::cases),
    ("concurrency", concurrency::cases),
];

/// Every case, named `topic::case`.
pub(crate) fn all() -> Vec<Case> {
    let within = |(topic, cases): Topic| cases().into_iter().map(move |case| case.within(topic));
    TOPICS.into_iter().flat_map(within).collect()
}

/// A bucket that sees only this case's part of the store.
fn bucket(store: &Sandbox) -> Result<Bucket> {
    Bucket::new(store.storage()).prefixed(store.prefix())
}

fn extension(key: &ObjectKey) -> Option<&str> {
    key.file_name().rsplit_once('.').map(|(_, extension)| extension)
}

/// Stores a small object under each name, several at a time.
async fn fill(store: &Sandbox, names: &[String]) -> Result<()> {
    let writes = names.iter().map(|name| {
        let (store, name) = (store.clone(), name.clone());
        async move { store.write(&name, name.as_str()).await }
    });
    stream::iter(writes.collect::<Vec<_>>()).buffer_unordered(32).try_for_each(|_| async { Ok(()) }).await
}

async fn write_all(store: &Sandbox, names: &[&str]) -> Result<()> {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    fill(store, &names).await
}
