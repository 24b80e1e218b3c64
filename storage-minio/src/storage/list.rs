use std::sync::Arc;

use futures_core::Stream;
use futures_util::{StreamExt, stream};
use storage_core::key::RawKey;
use storage_core::list::{LevelItem, LevelStream, ListItem, ListOptions, ListStream, RawEntry};
use storage_core::{ObjectEntry, ObjectKey, Result};
use tokio::time::Instant;

use super::Store;
use super::minio_place::MinioPlace;
use crate::actions::list_objects_v2::{self, Listed, Page, Query};
use crate::actions::xml::garbled;
use crate::client::{LIST_ANSWER, Reading};

pub(super) fn flat(store: Arc<Store>, options: ListOptions) -> ListStream {
    Box::pin(items(Lister::new(store, options, false, flat_items)))
}

pub(super) fn level(store: Arc<Store>, options: ListOptions) -> LevelStream {
    Box::pin(items(Lister::new(store, options, true, level_items)))
}

/// The items of one page after the other; one page is held.
fn items<T: Send + 'static>(lister: Lister<T>) -> impl Stream<Item = Result<T>> + Send {
    stream::unfold(lister, Lister::next).map(stream::iter).flatten()
}

/// Reads page after page.
struct Lister<T> {
    store: Arc<Store>,
    options: ListOptions,
    by_level: bool,
    items_of: fn(Page) -> Vec<T>,
    next: Next,
    /// When the last page was read.
    read: Instant,
}

enum Next {
    First,
    Page(String),
    End,
}

impl<T> Lister<T> {
    fn new(store: Arc<Store>, options: ListOptions, by_level: bool, items_of: fn(Page) -> Vec<T>) -> Self {
        Self { store, options, by_level, items_of, next: Next::First, read: Instant::now() }
    }

    /// The items of the next page, or why there are none.
    async fn next(mut self) -> Option<(Vec<Result<T>>, Self)> {
        if matches!(self.next, Next::End) {
            return None;
        }
        let items = match self.read_page().await {
            Ok(page) => (self.items_of)(page).into_iter().map(Ok).collect(),
            Err(error) => {
                self.next = Next::End;
                let operation = if self.by_level { "list_level" } else { "list" };
                let error = error.with_operation(operation).with_store(self.store.client.bucket.as_str());
                vec![Err(error)]
            }
        };
        Some((items, self))
    }

    async fn read_page(&mut self) -> Result<Page> {
        let token = match &self.next {
            Next::Page(token) => Some(token.clone()),
            _ => self.start(),
        };
        let mut page = self.ask(token.as_deref()).await?;
        if let Some(again) = self.again(token.as_deref(), &page) {
            page = self.ask(Some(&again)).await?;
        }
        self.read = Instant::now();
        self.next = match page.continuation.take() {
            Some(next) if token.as_ref() == Some(&next) => {
                return Err(garbled("the listing would go on at the same place for ever"));
            }
            Some(next) => Next::Page(next),
            None => Next::End,
        };
        tidy(&mut page, &self.options.prefix);
        Ok(page)
    }

    async fn ask(&self, token: Option<&str>) -> Result<Page> {
        let request = list_objects_v2::request(Query {
            prefix: &self.options.prefix,
            start_after: self.options.start_after.as_deref(),
            by_level: self.by_level,
            continuation: token,
            max_keys: None,
        });
        match self.store.client.exchange(&request, Reading::Document(LIST_ANSWER)).await.result {
            Ok(answer) => list_objects_v2::answer(&answer),
            // A prefix that no key of this server can have.
            Err(error) if error.code() == Some("XMinioInvalidObjectName") => Ok(Page::default()),
            Err(error) => Err(error),
        }
    }

    /// The token by which MinIO finds the key to start after. Of a key outside the prefix it knows what that means.
    fn start(&self) -> Option<String> {
        let key = self.options.start_after.as_ref()?;
        let is_within = key.starts_with(&self.options.prefix);
        (is_within && self.store.client.traits.forgets_listings()).then(|| MinioPlace::after(key))
    }

    /// The token by which to ask again for a page that may lack keys.
    fn again(&self, token: Option<&str>, page: &Page) -> Option<String> {
        match token {
            // Before its first answer nobody knew that it is MinIO.
            None => self.start(),
            Some(token) => {
                let is_empty = page.objects.is_empty() && page.folders.is_empty();
                MinioPlace::read(token)?.again(page.continuation.as_deref(), is_empty, self.read.elapsed())
            }
        }
    }
}

/// Some servers take `a//` for `a/`, and some go by folders instead of by bytes: then at least each page is in order.
fn tidy(page: &mut Page, prefix: &str) {
    page.objects.retain(|object| object.key.starts_with(prefix));
    page.folders.retain(|folder| folder.starts_with(prefix));
    page.objects.sort_by(|a, b| a.key.cmp(&b.key));
    page.folders.sort();
}

fn flat_items(page: Page) -> Vec<ListItem> {
    page.objects
        .into_iter()
        .map(|object| match entry(object) {
            Ok(entry) => ListItem::Object(entry),
            Err(key) => ListItem::Unaddressable(key),
        })
        .collect()
}

/// Folders and objects come in two lists; together they are in the order of their names' bytes.
fn level_items(page: Page) -> Vec<LevelItem> {
    let mut items = Vec::with_capacity(page.objects.len() + page.folders.len());
    let mut folders = page.folders.into_iter().peekable();
    for object in page.objects {
        while let Some(folder) = folders.next_if(|folder| *folder < object.key) {
            items.push(LevelItem::Folder(folder));
        }
        items.push(match entry(object) {
            Ok(entry) => LevelItem::Object(entry),
            Err(key) => LevelItem::Unaddressable(key),
        });
    }
    items.extend(folders.map(LevelItem::Folder));
    items
}

fn entry(object: Listed) -> Result<ObjectEntry, RawEntry> {
    match ObjectKey::new(&object.key) {
        Ok(key) => Ok(ObjectEntry::new(key, object.size)
            .with_etag(object.etag)
            .with_last_modified(object.last_modified)),
        Err(_) => {
            Err(RawEntry::new(RawKey::new(&object.key), object.size).with_last_modified(object.last_modified))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(key: &str) -> Listed {
        Listed { key: key.to_owned(), size: 1, etag: None, last_modified: None }
    }

    #[test]
    fn a_page_is_put_in_order_and_holds_only_what_was_asked_for() {
        let mut page = Page {
            objects: ["a/b", "a-b", "b/c"].map(listed).into(),
            folders: ["a/", "b/"].map(str::to_owned).into(),
            continuation: None,
        };
        tidy(&mut page, "a");
        assert_eq!(page.objects.iter().map(|object| object.key.as_str()).collect::<Vec<_>>(), ["a-b", "a/b"]);
        assert_eq!(page.folders, ["a/"]);
    }

    #[test]
    fn folders_and_objects_come_in_one_order() {
        let page = Page {
            objects: ["a.txt", "b/", "c", "d//e"].map(listed).into(),
            folders: ["a/", "c/", "z/"].map(str::to_owned).into(),
            continuation: None,
        };
        let names: Vec<String> = level_items(page)
            .into_iter()
            .map(|item| match item {
                LevelItem::Folder(name) => name,
                LevelItem::Object(entry) => entry.key.to_string(),
                LevelItem::Unaddressable(raw) => format!("?{}", raw.key),
            })
            .collect();
        assert_eq!(names, ["a.txt", "a/", "?b/", "c", "c/", "?d//e", "z/"]);
    }
}
