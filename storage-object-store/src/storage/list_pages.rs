//! Listings page by page, in the server's order.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::stream;
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::{ListResult, ObjectMeta};
use storage_core::key::RawKey;
use storage_core::list::{LevelItem, LevelStream, ListItem, ListOptions, ListStream, RawEntry};
use storage_core::{ETag, Error, ErrorKind, ObjectEntry, ObjectKey, Result};

use super::Store;
use super::get::time_of;
use crate::translate::errors::translate;
use crate::translate::raw_name::unescape;

pub(super) fn flat(
    store: &Arc<Store>,
    pages: &Arc<dyn PaginatedListStore>,
    options: ListOptions,
) -> ListStream {
    Box::pin(stream::unfold(Lister::new(store, pages, options, false, flat_items), Lister::next))
}

pub(super) fn level(
    store: &Arc<Store>,
    pages: &Arc<dyn PaginatedListStore>,
    options: ListOptions,
) -> LevelStream {
    Box::pin(stream::unfold(Lister::new(store, pages, options, true, level_items), Lister::next))
}

/// Reads page after page, and holds one.
struct Lister<T> {
    store: Arc<Store>,
    pages: Arc<dyn PaginatedListStore>,
    options: ListOptions,
    by_level: bool,
    items_of: fn(Page) -> VecDeque<T>,
    items: VecDeque<T>,
    next: Next,
}

enum Next {
    First,
    Page(String),
    End,
}

/// What a page holds below the prefix, in the order of bytes.
struct Page {
    objects: Vec<(String, ObjectMeta)>,
    /// Each with its `/`.
    folders: Vec<String>,
}

impl<T> Lister<T> {
    fn new(
        store: &Arc<Store>,
        pages: &Arc<dyn PaginatedListStore>,
        options: ListOptions,
        by_level: bool,
        items_of: fn(Page) -> VecDeque<T>,
    ) -> Self {
        let (store, pages) = (Arc::clone(store), Arc::clone(pages));
        Self { store, pages, options, by_level, items_of, items: VecDeque::new(), next: Next::First }
    }

    async fn next(mut self) -> Option<(Result<T>, Self)> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Some((Ok(item), self));
            }
            if matches!(self.next, Next::End) {
                return None;
            }
            if let Err(error) = self.read_page().await {
                self.next = Next::End;
                let operation = if self.by_level { "list_level" } else { "list" };
                let error = error.with_operation(operation).with_store(&*self.store.name);
                return Some((Err(error), self));
            }
        }
    }

    async fn read_page(&mut self) -> Result<()> {
        let continuation = match &self.next {
            Next::Page(token) => Some(token.clone()),
            _ => None,
        };
        let asked = PaginatedListOptions {
            offset: self.options.start_after.clone().filter(|key| !key.is_empty()),
            delimiter: self.by_level.then_some("/".into()),
            page_token: continuation.clone(),
            ..PaginatedListOptions::default()
        };
        let prefix = Some(self.options.prefix.as_str()).filter(|prefix| !prefix.is_empty());
        let answer = match self.pages.list_paginated(prefix, asked).await.map_err(translate) {
            // A prefix that no key of this server can have.
            Err(error) if error.code() == Some("XMinioInvalidObjectName") => {
                self.next = Next::End;
                return Ok(());
            }
            answer => answer?,
        };
        self.store.see_bucket();
        self.next = match answer.page_token {
            Some(token) if continuation.as_ref() == Some(&token) => {
                return Err(Error::new(
                    ErrorKind::Corrupt,
                    "the listing would go on at the same place for ever",
                ));
            }
            Some(token) => Next::Page(token),
            None => Next::End,
        };
        self.items = (self.items_of)(page(answer.result, &self.options));
        Ok(())
    }
}

fn page(result: ListResult, options: &ListOptions) -> Page {
    let is_asked = |name: &str| name.starts_with(&options.prefix);
    let is_after = |key: &str| options.start_after.as_deref().is_none_or(|start| key > start);
    // Not every server leaves out the folders before the start.
    let may_be_after = |folder: &str| {
        options.start_after.as_deref().is_none_or(|start| folder > start || start.starts_with(folder))
    };
    let mut objects: Vec<_> = result
        .objects
        .into_iter()
        .map(|object| (unescape(object.location.as_ref()), object))
        .filter(|(key, _)| is_asked(key) && is_after(key))
        .collect();
    let folders = result.common_prefixes.into_iter().map(|folder| format!("{}/", unescape(folder.as_ref())));
    let mut folders: Vec<_> = folders.filter(|folder| is_asked(folder) && may_be_after(folder)).collect();
    objects.sort_by(|(a, _), (b, _)| a.cmp(b));
    folders.sort();
    Page { objects, folders }
}

fn flat_items(page: Page) -> VecDeque<ListItem> {
    page.objects
        .into_iter()
        .map(|(key, object)| match entry(&key, object) {
            Ok(entry) => ListItem::Object(entry),
            Err(entry) => ListItem::Unaddressable(entry),
        })
        .collect()
}

/// Folders and objects come in two lists; together they are in the order of their names' bytes.
fn level_items(page: Page) -> VecDeque<LevelItem> {
    let mut items = VecDeque::with_capacity(page.objects.len() + page.folders.len());
    let mut folders = page.folders.into_iter().peekable();
    for (key, object) in page.objects {
        while let Some(folder) = folders.next_if(|folder| *folder < key) {
            items.push_back(LevelItem::Folder(folder));
        }
        items.push_back(match entry(&key, object) {
            Ok(entry) => LevelItem::Object(entry),
            Err(entry) => LevelItem::Unaddressable(entry),
        });
    }
    items.extend(folders.map(LevelItem::Folder));
    items
}

pub(super) fn entry(key: &str, object: ObjectMeta) -> Result<ObjectEntry, RawEntry> {
    let time = time_of(object.last_modified);
    match ObjectKey::new(key) {
        Ok(key) => Ok(ObjectEntry::new(key, object.size)
            .with_etag(object.e_tag.as_deref().map(ETag::new))
            .with_last_modified(time)),
        Err(_) => Err(RawEntry::new(RawKey::new(key), object.size).with_last_modified(time)),
    }
}
