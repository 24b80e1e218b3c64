use std::future::ready;
use std::ops::Bound;
use std::sync::Arc;

use storage_core::list::{LevelItem, LevelStream, ListItem, ListOptions, ListStream};

use super::Inner;
use super::objects::Objects;
use crate::paging::{Page, Pages};

/// How many items are cloned under one lock.
const PAGE_ITEMS: usize = 1_000;

pub(super) fn flat(store: Arc<Inner>, options: ListOptions) -> ListStream {
    let start = start(&options);
    Box::pin(Pages::new(start, move |position| {
        let objects = store.objects.page(&options.prefix, &position, PAGE_ITEMS);
        let next = match objects.last() {
            Some(last) if objects.len() == PAGE_ITEMS => Some(Bound::Excluded(last.key.as_str().to_owned())),
            _ => None,
        };
        ready(Ok(Page { items: objects.into_iter().map(ListItem::Object).collect(), next }))
    }))
}

pub(super) fn level(store: Arc<Inner>, options: ListOptions) -> LevelStream {
    let start = start(&options);
    Box::pin(Pages::new(start, move |position| {
        ready(Ok(level_page(&store.objects, &options.prefix, position)))
    }))
}

/// What comes after a folder is found without a look at what is in it.
fn level_page(
    objects: &Objects,
    prefix: &str,
    mut position: Bound<String>,
) -> Page<Bound<String>, LevelItem> {
    let mut items = Vec::new();
    while items.len() < PAGE_ITEMS {
        let Some(object) = objects.first(&position).filter(|object| object.key.as_str().starts_with(prefix))
        else {
            return Page { items, next: None };
        };
        let key = object.key.as_str();
        if let Some(slash) = key[prefix.len()..].find('/') {
            let folder = &key[..prefix.len() + slash];
            // `0` is the character after `/`.
            position = Bound::Included(format!("{folder}0"));
            items.push(LevelItem::Folder(format!("{folder}/")));
        } else {
            position = Bound::Excluded(key.to_owned());
            items.push(LevelItem::Object(object));
        }
    }
    Page { items, next: Some(position) }
}

fn start(options: &ListOptions) -> Bound<String> {
    match &options.start_after {
        Some(after) if *after >= options.prefix => Bound::Excluded(after.clone()),
        _ => Bound::Included(options.prefix.clone()),
    }
}
