//! Listings folder by folder, put in order here: `object_store` promises none.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::ObjectMeta;
use object_store::path::Path;
use storage_core::list::{LevelItem, LevelStream, ListItem, ListOptions, ListStream};
use storage_core::{Error, Result};

use super::Store;
use super::list_pages::entry;
use crate::translate::errors::translate;
use crate::translate::key_path::folder_of;

/// One line of a level, under the name that it is ordered by.
enum Line {
    /// The name ends with `/`.
    Folder(Path),
    Object(Box<ObjectMeta>),
}

type Level = VecDeque<(String, Line)>;

pub(super) fn flat(store: &Arc<Store>, options: ListOptions) -> ListStream {
    Box::pin(stream::unfold(Some(Walk::new(store, options)), |walk| async move {
        let mut walk = walk?;
        match walk.next().await {
            Ok(Some(item)) => Some((Ok(item), Some(walk))),
            Ok(None) => None,
            Err(error) => Some((Err(walk.named(error)), None)),
        }
    }))
}

pub(super) fn level(store: &Arc<Store>, options: ListOptions) -> LevelStream {
    let walk = Walk::new(store, options);
    let reading = async move {
        let folder = folder_of(&walk.options.prefix);
        let lines = walk
            .read(folder.as_ref())
            .await
            .map_err(|error| walk.named(error).with_operation("list_level"))?;
        let items = lines.into_iter().filter(move |(name, _)| name.starts_with(&walk.options.prefix));
        Ok::<_, Error>(stream::iter(items.map(|(name, line)| {
            Ok(match line {
                Line::Folder(_) => LevelItem::Folder(name),
                Line::Object(object) => match entry(&name, *object) {
                    Ok(entry) => LevelItem::Object(entry),
                    Err(entry) => LevelItem::Unaddressable(entry),
                },
            })
        })))
    };
    stream::once(reading).try_flatten().boxed()
}

/// Goes down into each folder where its turn comes. Of every folder on the way down, one level is held.
struct Walk {
    store: Arc<Store>,
    options: ListOptions,
    levels: Vec<Level>,
    is_begun: bool,
}

impl Walk {
    fn new(store: &Arc<Store>, options: ListOptions) -> Self {
        Self { store: Arc::clone(store), options, levels: Vec::new(), is_begun: false }
    }

    async fn next(&mut self) -> Result<Option<ListItem>> {
        if !std::mem::replace(&mut self.is_begun, true) {
            let folder = folder_of(&self.options.prefix);
            let level = self.read(folder.as_ref()).await?;
            self.levels.push(level);
        }
        while let Some(level) = self.levels.last_mut() {
            match level.pop_front() {
                None => {
                    self.levels.pop();
                }
                Some((_, Line::Folder(folder))) => {
                    let level = self.read(Some(&folder)).await?;
                    self.levels.push(level);
                }
                Some((name, Line::Object(object))) => {
                    return Ok(Some(match entry(&name, *object) {
                        Ok(entry) => ListItem::Object(entry),
                        Err(entry) => ListItem::Unaddressable(entry),
                    }));
                }
            }
        }
        Ok(None)
    }

    /// What is to be listed of one folder, in the order of bytes of what lies in it.
    async fn read(&self, folder: Option<&Path>) -> Result<Level> {
        let listed = self.store.objects.list_with_delimiter(folder).await.map_err(translate)?;
        let folders = listed.common_prefixes.into_iter().map(|path| (format!("{path}/"), Line::Folder(path)));
        let objects = listed.objects.into_iter();
        let objects = objects.map(|object| (object.location.to_string(), Line::Object(Box::new(object))));
        let mut lines: Vec<_> = folders.chain(objects).filter(|(name, _)| self.is_wanted(name)).collect();
        lines.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(lines.into())
    }

    /// Whether an object, or something in a folder, may be asked for.
    fn is_wanted(&self, name: &str) -> bool {
        let prefix = self.options.prefix.as_str();
        let is_folder = name.ends_with('/');
        let is_below = name.starts_with(prefix) || (is_folder && prefix.starts_with(name));
        let is_after = |start: &str| name > start || (is_folder && start.starts_with(name));
        is_below && self.options.start_after.as_deref().is_none_or(is_after)
    }

    fn named(&self, error: Error) -> Error {
        error.with_operation("list").with_store(&*self.store.name)
    }
}
