use std::time::UNIX_EPOCH;

use chrono::DateTime;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{Extensions, ListResult, ObjectMeta, Result};
use storage_core::list::{LevelItem, ListItem, ListOptions};
use storage_core::{ETag, ObjectEntry, Storage};

use crate::translate::errors::into_foreign;
use crate::translate::key_path::exact;

/// What lies below the prefix. What no path can name is left out.
pub(super) fn flat(
    storage: &dyn Storage,
    prefix: Option<&Path>,
    offset: Option<&Path>,
) -> BoxStream<'static, Result<ObjectMeta>> {
    let mut options = ListOptions::new().prefix(folder(prefix));
    if let Some(offset) = offset {
        options = options.start_after(offset.as_ref());
    }
    let items = storage.list(options).map_err(into_foreign);
    let metas = items.try_filter_map(|item| async move {
        Ok(match item {
            ListItem::Object(entry) => meta(entry),
            ListItem::Unaddressable(_) => None,
        })
    });
    metas.boxed()
}

pub(super) async fn level(storage: &dyn Storage, prefix: Option<&Path>) -> Result<ListResult> {
    let mut items = storage.list_level(ListOptions::new().prefix(folder(prefix)));
    let (mut common_prefixes, mut objects) = (Vec::new(), Vec::new());
    while let Some(item) = items.next().await {
        match item.map_err(into_foreign)? {
            LevelItem::Folder(folder) => {
                common_prefixes.extend(exact(folder.strip_suffix('/').unwrap_or(&folder)));
            }
            LevelItem::Object(entry) => objects.extend(meta(entry)),
            LevelItem::Unaddressable(_) => {}
        }
    }
    Ok(ListResult { common_prefixes, objects, extensions: Extensions::new() })
}

/// A path names a folder: `a` is what lies below `a/`.
fn folder(prefix: Option<&Path>) -> String {
    match prefix.map(Path::as_ref) {
        None | Some("") => String::new(),
        Some(prefix) => format!("{prefix}/"),
    }
}

fn meta(entry: ObjectEntry) -> Option<ObjectMeta> {
    Some(ObjectMeta {
        location: exact(entry.key.as_str())?,
        last_modified: DateTime::from(entry.last_modified.unwrap_or(UNIX_EPOCH)),
        size: entry.size,
        e_tag: entry.etag.as_ref().map(ETag::quoted),
        version: None,
    })
}
